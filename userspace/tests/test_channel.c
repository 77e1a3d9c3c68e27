// SPDX-License-Identifier: MIT
/* Messages and file descriptors between two ends, and what happens when one is gone. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flip/channel.h"
#include "harness.h"

struct note {
	int number;
	char text[60];
};

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static int memory(const char *content)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	return fd;
}

static void passes_messages_and_descriptors(void **state)
{
	int ends[2], sent[3], got[4], before = count_fds();
	struct note out = { 7, "seven" }, in = { 0 };
	static const char *const contents[] = { "one", "two", "three" };
	unsigned int num = 4;

	(void)state;
	assert_int_equal(channel_pair(ends), 0);
	for (int i = 0; i < 3; i++)
		sent[i] = memory(contents[i]);
	assert_int_equal(channel_send(ends[0], &out, sizeof(out), sent, 3), 0);
	for (int i = 0; i < 3; i++)
		close(sent[i]);
	assert_int_equal(channel_receive(ends[1], &in, sizeof(in), got, &num, 1), 1);
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(num, 3);
	for (int i = 0; i < 3; i++) {
		char text[8] = "";

		assert_true(pread(got[i], text, sizeof(text) - 1, 0) > 0);
		assert_string_equal(text, contents[i]);
		assert_true(fcntl(got[i], F_GETFD) & FD_CLOEXEC);
		close(got[i]);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(count_fds(), before);
}

static void keeps_order_and_boundaries(void **state)
{
	unsigned int num;
	int ends[2];

	(void)state;
	channel_pair(ends);
	for (int i = 0; i < 20; i++) {
		struct note n = { i, "" };

		assert_int_equal(channel_send(ends[1], &n, sizeof(n), NULL, 0), 0);
	}
	for (int i = 0; i < 20; i++) {
		struct note n = { 0 };

		num = 0;
		assert_int_equal(channel_receive(ends[0], &n, sizeof(n), NULL, &num, 0), 1);
		assert_int_equal(n.number, i);
		assert_int_equal(num, 0);
	}
	num = 0;
	assert_int_equal(channel_receive(ends[0], &(struct note){ 0 }, sizeof(struct note), NULL,
					 &num, 0), -EAGAIN);
	close(ends[0]);
	close(ends[1]);
}

static void closes_descriptors_nobody_wants(void **state)
{
	int ends[2], fds[3], got[1] = { -1 }, before = count_fds();
	struct note n = { 1, "" };
	unsigned int num = 1;

	(void)state;
	channel_pair(ends);
	for (int i = 0; i < 3; i++)
		fds[i] = memory("x");
	channel_send(ends[0], &n, sizeof(n), fds, 3);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	assert_int_equal(channel_receive(ends[1], &n, sizeof(n), got, &num, 1), -EPROTO);
	assert_int_equal(num, 0);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(count_fds(), before);
}

static void refuses_other_sizes(void **state)
{
	struct note n = { 1, "" };
	unsigned int num = 0;
	char byte = 1;
	int ends[2];

	(void)state;
	channel_pair(ends);
	channel_send(ends[0], &byte, 1, NULL, 0);
	assert_int_equal(channel_receive(ends[1], &n, sizeof(n), NULL, &num, 1), -EPROTO);
	channel_send(ends[0], &n, sizeof(n), NULL, 0);
	num = 0;
	assert_int_equal(channel_receive(ends[1], &byte, 1, NULL, &num, 1), -EPROTO);
	assert_int_equal(channel_send(ends[0], &n, 0, NULL, 0), -EINVAL);
	assert_int_equal(channel_send(ends[0], &n, 1, NULL, CHANNEL_MAX_FDS + 1), -EINVAL);
	close(ends[0]);
	close(ends[1]);
}

static void notices_a_dead_peer(void **state)
{
	struct note n = { 1, "" };
	unsigned int num = 0;
	int ends[2], status;
	pid_t child;

	(void)state;
	channel_pair(ends);
	child = fork();
	if (child == 0)
		_exit(0);
	close(ends[1]);
	waitpid(child, &status, 0);
	assert_int_equal(channel_receive(ends[0], &n, sizeof(n), NULL, &num, 1), 0);
	assert_int_equal(channel_send(ends[0], &n, sizeof(n), NULL, 0), -EPIPE);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_messages_and_descriptors),
		cmocka_unit_test(keeps_order_and_boundaries),
		cmocka_unit_test(closes_descriptors_nobody_wants),
		cmocka_unit_test(refuses_other_sizes),
		cmocka_unit_test(notices_a_dead_peer),
	};

	return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
