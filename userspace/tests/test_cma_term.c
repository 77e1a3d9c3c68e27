// SPDX-License-Identifier: MIT
/* The live map on a pseudo-terminal: what it shows, and what keys do. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmascope/map_term.h"
#include "message.h"
#include "tests/fake_machine.h"
#include "tests/harness.h"

#define PATIENCE	10000	/* ms until something must have happened */

/* A terminal with the map on it, and all that it wrote. */
struct session {
	char *root;
	int fd;
	pid_t pid;
	char seen[1 << 18];
	size_t length;
};

static void add_area(const char *root, const char *name, unsigned int base)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/base_pfn", name);
	fake_number(root, path, base);
	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/count", name);
	fake_number(root, path, 128);
	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/order_per_bit", name);
	fake_number(root, path, 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/bitmap", name);
	fake_file(root, path, "65535 0 0 0\n");
}

static void start_sized(struct session *s, unsigned short lines, unsigned short columns)
{
	struct winsize size = { .ws_row = lines, .ws_col = columns };

	s->length = 0;
	s->pid = forkpty(&s->fd, NULL, NULL, &size);
	assert_true(s->pid >= 0);
	if (!s->pid) {
		const struct map_view view = { .root = s->root, .seconds = 0.2 };
		int status;

		setenv("TERM", "xterm", 1);
		status = map_term(&view);
		fflush(stdout);
		/* ncurses keeps some of its memory. */
		_exit(status);
	}
}

static void start(struct session *s)
{
	start_sized(s, 30, 100);
}

/* Wait until the screen has shown a text since the last keys; after ^L all of it is drawn anew. */
static void expect(struct session *s, const char *text)
{
	struct pollfd wait = { .fd = s->fd, .events = POLLIN };

	for (;;) {
		ssize_t n;

		s->seen[s->length] = '\0';
		if (memmem(s->seen, s->length, text, strlen(text)))
			return;
		if (poll(&wait, 1, PATIENCE) != 1)
			fail_msg("no \"%s\" on the screen:\n%s", text, s->seen);
		n = read(s->fd, s->seen + s->length, sizeof(s->seen) - 1 - s->length);
		if (n <= 0)
			fail_msg("ended before \"%s\":\n%s", text, s->seen);
		s->length += (size_t)n;
	}
}

static void press(struct session *s, const char *keys)
{
	s->length = 0;
	assert_int_equal(write(s->fd, keys, strlen(keys)), strlen(keys));
}

/* Read to the end. Return: the exit status. */
static int finish(struct session *s)
{
	int status;

	while (read(s->fd, s->seen, sizeof(s->seen) - 1) > 0)
		;
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	close(s->fd);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int setup(void **state)
{
	struct session *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->root = fake_machine_create();
	fake_file(s->root, "/proc/meminfo", "MemTotal: 999000 kB\nCmaTotal: 1024 kB\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct session *s = *state;

	fake_machine_destroy(s->root);
	free(s);
	return 0;
}

static void keys_do_what_they_say(void **state)
{
	struct session *s = *state;

	add_area(s->root, "reserved", 0x1000);
	add_area(s->root, "vpu", 0x8000);
	start(s);
	expect(s, "area reserved (1 of 2)");
	expect(s, "cursor: page frame 0x1000, +0 KiB: 1 allocated");
	press(s, "\033OC\f");	/* right */
	expect(s, "4 KiB: 1 allocated");
	press(s, "\033OF\f");	/* end */
	expect(s, "508 KiB: 1 unknown");
	press(s, "\f?");
	expect(s, "Not known:");
	expect(s, "CONFIG_PROC_PAGE_MONITOR");
	press(s, "x\t\f");
	expect(s, "area vpu (2 of 2)");
	expect(s, "cursor: page frame 0x8000");
	press(s, "q");
	assert_int_equal(finish(s), EXIT_OK);
}

/* What has no room is left out, and never continues on the next line. */
static void keeps_to_a_narrow_terminal(void **state)
{
	struct session *s = *state;

	add_area(s->root, "reserved", 0x1000);
	start_sized(s, 12, 70);
	expect(s, "longest run 896 KiB; + - zoom, ? help, q ends");
	press(s, "q");
	assert_int_equal(finish(s), EXIT_OK);
	start_sized(s, 12, 40);
	expect(s, "cursor: page frame 0x1000, +0 KiB: 1 all");
	assert_null(strstr(s->seen, "ends"));
	press(s, "\f?");
	expect(s, "Not known:");
	expect(s, "which free pages are borrowed or");
	press(s, "xq");
	assert_int_equal(finish(s), EXIT_OK);
}

static void looks_again_by_itself(void **state)
{
	struct session *s = *state;

	add_area(s->root, "reserved", 0x1000);
	start(s);
	expect(s, "allocated 12.5%");
	s->length = 0;
	fake_file(s->root, "/sys/kernel/debug/cma/reserved/bitmap", "4294967295 0 0 0\n");
	expect(s, "25.0");
	press(s, "q");
	assert_int_equal(finish(s), EXIT_OK);
}

static void says_that_nothing_is_known(void **state)
{
	struct session *s = *state;

	start(s);
	expect(s, "mount -t");
	assert_int_equal(finish(s), EXIT_ENVIRONMENT);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_do_what_they_say),
		TEST(keeps_to_a_narrow_terminal),
		TEST(looks_again_by_itself),
		TEST(says_that_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
