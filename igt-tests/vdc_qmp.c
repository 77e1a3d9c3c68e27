// SPDX-License-Identifier: MIT
/* QEMU's machine protocol over a virtio port. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_qmp.h"

#define QMP_PORT	"qmp"
#define QMP_DEVICE	"/machine/peripheral/vdc0"
#define QMP_MS		10000

static int qmp_fd = -1;
static unsigned int qmp_id;

/* Device node of the port that is called QMP_PORT. */
static bool find_port(char *path, size_t size)
{
	bool found = false;
	char name[64];
	glob_t ports;
	FILE *f;

	if (glob("/sys/class/virtio-ports/*/name", 0, NULL, &ports))
		return false;
	for (size_t i = 0; !found && i < ports.gl_pathc; i++) {
		f = fopen(ports.gl_pathv[i], "re");
		found = f && fscanf(f, "%63s", name) == 1 && !strcmp(name, QMP_PORT);
		if (f)
			fclose(f);
		*strrchr(ports.gl_pathv[i], '/') = 0;
		snprintf(path, size, "/dev/%s", strrchr(ports.gl_pathv[i], '/') + 1);
	}
	globfree(&ports);
	return found;
}

/* One line of JSON; QMP never sends more than one object a line. */
static void read_line(char *line, size_t size)
{
	struct pollfd pfd = { .fd = qmp_fd, .events = POLLIN };
	size_t n = 0;

	do {
		igt_assert_f(poll(&pfd, 1, QMP_MS) == 1, "QMP does not answer\n");
		igt_assert_f(read(qmp_fd, line + n, 1) == 1, "reading QMP: %s\n", strerror(errno));
	} while (line[n] != '\n' && ++n < size - 1);
	line[n] = 0;
}

/* Greeting, events and answers to earlier tests' commands pass by. */
static bool command(const char *json)
{
	char line[4096], id[32];
	int n;

	n = snprintf(line, sizeof(line), "{%s, \"id\": %u}\n", json, ++qmp_id);
	igt_assert_f(write(qmp_fd, line, n) == n, "writing QMP: %s\n", strerror(errno));
	snprintf(id, sizeof(id), "\"id\": %u", qmp_id);
	do {
		read_line(line, sizeof(line));
	} while (!strstr(line, id) || strstr(line, "\"event\""));
	if (!strstr(line, "\"error\""))
		return true;
	igt_info("QMP: %s\n", line);
	return false;
}

bool qmp_try_open(void)
{
	char path[300];

	if (!find_port(path, sizeof(path)))
		return false;
	qmp_fd = open(path, O_RDWR | O_CLOEXEC);
	igt_assert_f(qmp_fd >= 0, "%s: %s\n", path, strerror(errno));
	qmp_id = getpid() * 1000U;
	/* Refused when an earlier test did it on this connection. */
	command("\"execute\": \"qmp_capabilities\"");
	return true;
}

void qmp_open(void)
{
	igt_require_f(qmp_try_open(),
		      "no virtio port \"" QMP_PORT "\" (scripts/vm --guest-qmp)\n");
}

bool qmp_try_set(const char *property, const char *json)
{
	char text[512];

	snprintf(text, sizeof(text), "\"execute\": \"qom-set\", \"arguments\": {\"path\": \""
		 QMP_DEVICE "\", \"property\": \"%s\", \"value\": %s}", property, json);
	return command(text);
}

void qmp_set(const char *property, const char *json)
{
	igt_assert_f(qmp_try_set(property, json), "QEMU does not set %s to %s\n", property, json);
}

void qmp_close(void)
{
	if (qmp_fd >= 0)
		close(qmp_fd);
	qmp_fd = -1;
}
