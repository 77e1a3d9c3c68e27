/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
#define _GNU_SOURCE     /* accept4, pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "vm.h"

#define PATIENCE_MS     20000
#define MAX_ARGS        48
#define QTEST_CHUNK     65536   /* bytes of memory in a request */

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    if (!value) {
        fail_msg("%s is not set: run the tests with meson test", name);
    }
    return value;
}

static bool have_binary(const char *binary)
{
    char command[256];

    snprintf(command, sizeof(command), "command -v %s >/dev/null", binary);
    return !system(command);
}

/* In the child: become QEMU. */
static void run_qemu(const char *binary, const char *preload,
                     char *const *argv)
{
    char both[1024];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!preload) {
        snprintf(both, sizeof(both), "%s %s", getenv("VDC_PLUGIN"),
                 getenv("VDC_QTEST"));
        preload = both;
    }
    setenv("LD_PRELOAD", preload, 1);
    execvp(binary, argv);
    _exit(127);
}

static size_t add_args(char **argv, size_t n, const char *const *args)
{
    for (; *args; args++) {
        assert_true(n < MAX_ARGS - 1);
        argv[n++] = (char *)*args;
    }
    argv[n] = NULL;
    return n;
}

static int listen_at(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

/* Wait for QEMU to call, or to die. */
static void link_accept(VM *vm, Link *link, int listener)
{
    struct pollfd p = { .fd = listener, .events = POLLIN };
    int waited, status;

    for (waited = 0; waited < PATIENCE_MS; waited += 50) {
        if (poll(&p, 1, 50) == 1) {
            link->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            assert_true(link->fd >= 0);
            close(listener);
            return;
        }
        if (waitpid(vm->pid, &status, WNOHANG) == vm->pid) {
            vm->pid = 0;
            fail_msg("QEMU ended while it started, status %d", status);
        }
    }
    fail_msg("QEMU did not connect");
}

/* A line without its end; free() it. */
static char *link_line(Link *link)
{
    struct pollfd p = { .fd = link->fd, .events = POLLIN };
    char *end, *line;
    ssize_t got;
    size_t n;

    while (!(end = link->len ? memchr(link->buf, '\n', link->len) : NULL)) {
        if (link->room - link->len < 4096) {
            link->room = 2 * link->room + 8192;
            link->buf = realloc(link->buf, link->room);
            assert_non_null(link->buf);
        }
        assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
        got = read(link->fd, link->buf + link->len, link->room - link->len);
        if (got <= 0) {
            fail_msg("QEMU hung up");
        }
        link->len += got;
    }
    n = end - link->buf;
    line = strndup(link->buf, n);
    link->len -= n + 1;
    memmove(link->buf, end + 1, link->len);
    return line;
}

static void link_send(Link *link, const char *text, size_t len)
{
    ssize_t n;

    for (; len; text += n, len -= n) {
        n = send(link->fd, text, len, MSG_NOSIGNAL);
        if (n <= 0) {
            fail_msg("sending to QEMU: %s", strerror(errno));
        }
    }
}

static void link_close(Link *link)
{
    if (link->fd > 0) {
        close(link->fd);
    }
    free(link->buf);
    memset(link, 0, sizeof(*link));
}

void vm_start(VM *vm, const char *binary, const char *const *args)
{
    char *argv[MAX_ARGS], *greeting;
    char sockets[2][96], chardev[2][112], mem[16];
    int listener[2], i;
    size_t n;
    const char *first[] = {
        binary, "-accel", "qtest", "-nodefaults", "-display", "none",
        "-qtest", chardev[0], "-qtest-log", "/dev/null",
        "-qmp", chardev[1], "-m", mem, NULL
    };

    memset(vm, 0, sizeof(*vm));
    environment("VDC_PLUGIN");
    environment("VDC_QTEST");
    if (!have_binary(binary)) {
        skip();
    }
    snprintf(vm->dir, sizeof(vm->dir), "/tmp/vdc-qtest.XXXXXX");
    assert_non_null(mkdtemp(vm->dir));
    snprintf(mem, sizeof(mem), "%d", VM_RAM_MB);
    for (i = 0; i < 2; i++) {
        snprintf(sockets[i], sizeof(sockets[i]), "%s/%s", vm->dir,
                 i ? "qmp" : "qtest");
        snprintf(chardev[i], sizeof(chardev[i]), "unix:%s", sockets[i]);
        listener[i] = listen_at(sockets[i]);
    }
    n = add_args(argv, 0, first);
    add_args(argv, n, args);
    vm->pid = fork();
    assert_true(vm->pid >= 0);
    if (!vm->pid) {
        run_qemu(binary, NULL, argv);
    }
    link_accept(vm, &vm->qtest, listener[0]);
    link_accept(vm, &vm->qmp, listener[1]);
    greeting = link_line(&vm->qmp);
    assert_non_null(strstr(greeting, "\"QMP\""));
    free(greeting);
    vm_qmp_ok(vm, "{'execute': 'qmp_capabilities'}");
}

int vm_wait(VM *vm)
{
    int waited, status;

    for (waited = 0; waited < PATIENCE_MS; waited += 10) {
        if (waitpid(vm->pid, &status, WNOHANG) == vm->pid) {
            vm->pid = 0;
            assert_true(WIFEXITED(status));
            return WEXITSTATUS(status);
        }
        poll(NULL, 0, 10);
    }
    fail_msg("QEMU does not end");
    return -1;
}

void vm_stop(VM *vm)
{
    char command[96];

    if (vm->pid > 0) {
        kill(vm->pid, SIGKILL);
        waitpid(vm->pid, NULL, 0);
    }
    link_close(&vm->qtest);
    link_close(&vm->qmp);
    if (vm->dir[0]) {
        snprintf(command, sizeof(command), "rm -rf %s", vm->dir);
        if (system(command)) {
            print_message("# cannot remove %s\n", vm->dir);
        }
    }
    memset(vm, 0, sizeof(*vm));
}

int vm_fails(const char *binary, const char *preload, const char *const *args,
             char *output)
{
    char *argv[MAX_ARGS];
    const char *first[] = { binary, NULL };
    size_t n = add_args(argv, 0, first), len = 0;
    int out[2], status;
    ssize_t got;
    pid_t pid;

    environment("VDC_PLUGIN");
    environment("VDC_QTEST");
    if (!have_binary(binary)) {
        skip();
    }
    add_args(argv, n, args);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        dup2(out[1], STDOUT_FILENO);
        dup2(out[1], STDERR_FILENO);
        alarm(PATIENCE_MS / 1000);
        run_qemu(binary, preload, argv);
    }
    close(out[1]);
    while (len < 4095 && (got = read(out[0], output + len, 4095 - len)) > 0) {
        len += got;
    }
    output[len] = '\0';
    close(out[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status)) {
        fail_msg("%s was killed by signal %d: %s", binary, WTERMSIG(status),
                 output);
    }
    return WEXITSTATUS(status);
}

/* The answer to a qtest request, after "OK"; interrupts come in between. */
static char *qtest(VM *vm, const char *request, size_t len)
{
    char *line, *answer;
    unsigned int n;

    link_send(&vm->qtest, request, len);
    for (;;) {
        line = link_line(&vm->qtest);
        if (sscanf(line, "IRQ raise %u", &n) == 1 && n < VM_IRQS) {
            vm->irq[n] = true;
        } else if (sscanf(line, "IRQ lower %u", &n) == 1 && n < VM_IRQS) {
            vm->irq[n] = false;
        } else {
            break;
        }
        free(line);
    }
    if (strncmp(line, "OK", 2)) {
        fail_msg("qtest: %s to %.60s", line, request);
    }
    answer = strdup(line + (line[2] ? 3 : 2));
    free(line);
    return answer;
}

static uint64_t qtestf(VM *vm, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static uint64_t qtestf(VM *vm, const char *format, ...)
{
    char request[128], *answer;
    long long value = 0;
    va_list ap;

    va_start(ap, format);
    vsnprintf(request, sizeof(request), format, ap);
    va_end(ap);
    answer = qtest(vm, request, strlen(request));
    /* Accesses without a value, such as writes, answer with nothing. */
    sscanf(answer, "%lli", &value);
    free(answer);
    return value;
}

uint32_t vm_readl(VM *vm, uint64_t addr)
{
    return qtestf(vm, "readl 0x%llx\n", (unsigned long long)addr);
}

void vm_writel(VM *vm, uint64_t addr, uint32_t value)
{
    qtestf(vm, "writel 0x%llx 0x%x\n", (unsigned long long)addr, value);
}

void vm_writeb(VM *vm, uint64_t addr, uint8_t value)
{
    qtestf(vm, "writeb 0x%llx 0x%x\n", (unsigned long long)addr, value);
}

uint32_t vm_inl(VM *vm, uint16_t port)
{
    return qtestf(vm, "inl 0x%x\n", port);
}

void vm_outl(VM *vm, uint16_t port, uint32_t value)
{
    qtestf(vm, "outl 0x%x 0x%x\n", port, value);
}

void vm_read(VM *vm, uint64_t addr, void *data, size_t len)
{
    uint8_t *out = data;
    char request[64], *answer;
    unsigned int byte;
    size_t n, i;

    for (; len; addr += n, out += n, len -= n) {
        n = len < QTEST_CHUNK ? len : QTEST_CHUNK;
        snprintf(request, sizeof(request), "read 0x%llx 0x%zx\n",
                 (unsigned long long)addr, n);
        answer = qtest(vm, request, strlen(request));
        assert_int_equal(strlen(answer), 2 + 2 * n);
        for (i = 0; i < n; i++) {
            assert_int_equal(sscanf(answer + 2 + 2 * i, "%2x", &byte), 1);
            out[i] = byte;
        }
        free(answer);
    }
}

void vm_write(VM *vm, uint64_t addr, const void *data, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = data;
    char *request = malloc(2 * QTEST_CHUNK + 64), *p;
    size_t n, i;

    assert_non_null(request);
    for (; len; addr += n, in += n, len -= n) {
        n = len < QTEST_CHUNK ? len : QTEST_CHUNK;
        p = request + sprintf(request, "write 0x%llx 0x%zx 0x",
                              (unsigned long long)addr, n);
        for (i = 0; i < n; i++) {
            *p++ = digits[in[i] >> 4];
            *p++ = digits[in[i] & 15];
        }
        *p++ = '\n';
        free(qtest(vm, request, p - request));
    }
    free(request);
}

void vm_step(VM *vm, uint64_t ns)
{
    qtestf(vm, "clock_step %llu\n", (unsigned long long)ns);
}

uint64_t vm_clock_set(VM *vm, uint64_t ns)
{
    return qtestf(vm, "clock_set %llu\n", (unsigned long long)ns);
}

void vm_intercept(VM *vm, const char *path)
{
    qtestf(vm, "irq_intercept_in %s\n", path);
}

static char *qmp(VM *vm, const char *format, va_list ap)
{
    char request[1024], *line, *p;
    int n = vsnprintf(request, sizeof(request) - 1, format, ap);

    assert_in_range(n, 1, sizeof(request) - 2);
    for (p = request; *p; p++) {
        if (*p == '\'') {
            *p = '"';
        }
    }
    request[n] = '\n';
    link_send(&vm->qmp, request, n + 1);
    for (;;) {
        line = link_line(&vm->qmp);
        if (!strncmp(line, "{\"return\"", 9) ||
            !strncmp(line, "{\"error\"", 8)) {
            return line;
        }
        free(line);
    }
}

char *vm_qmp(VM *vm, const char *format, ...)
{
    char *response;
    va_list ap;

    va_start(ap, format);
    response = qmp(vm, format, ap);
    va_end(ap);
    return response;
}

void vm_qmp_ok(VM *vm, const char *format, ...)
{
    char *response;
    va_list ap;

    va_start(ap, format);
    response = qmp(vm, format, ap);
    va_end(ap);
    if (strstr(response, "\"error\"")) {
        fail_msg("QMP: %s", response);
    }
    free(response);
}
