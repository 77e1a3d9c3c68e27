// SPDX-License-Identifier: MIT
/*
 * Small objects of the kernel: names (and names that are not there), pipes and sockets with a
 * little in them, epoll, eventfd, timerfd, inotify. Of those that were made together some stay,
 * so slab pages stay, too: partly used, and where they are, because slab cannot be moved.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"

#define NAMES		8	/* in a directory */
#define MESSAGES	4	/* in a socket */
#define MOST_BYTES	1024	/* in a message */

/* Estimates: inode, dentry, file, and what is in it. */
#define NAMES_BYTES	(16u << 10)
#define PIPE_BYTES	(6u << 10)
#define SOCKET_BYTES	(8u << 10)
#define WAIT_BYTES	(2u << 10)

/* Longer than what has its place in the dentry itself. */
static void entry(char text[80], uint32_t directory, int n)
{
	snprintf(text, 80, "d%u/too-long-for-the-dentry-itself-to-keep-%d", directory, n);
}

static void remove_names(struct age_worker *w, struct age_thing *t)
{
	char text[80];

	for (int i = 0; i < NAMES; i++) {
		entry(text, t->handles[0], i);
		unlinkat(w->dir, text, 0);
	}
	snprintf(text, sizeof(text), "d%u", t->handles[0]);
	unlinkat(w->dir, text, AT_REMOVEDIR);
}

static int fill_directory(struct age_worker *w, uint32_t number)
{
	char text[80];

	for (int i = 0; i < NAMES; i++) {
		int fd;

		entry(text, number, i);
		fd = openat(w->dir, text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return -errno;
		close(fd);
	}
	return 0;
}

static int take_names(struct age_worker *w, struct age_thing *t)
{
	char text[80];
	int ret;

	if (!age_pool_room(w, AGE_ORDINARY, NAMES_BYTES))
		return -EDQUOT;
	t->handles[0] = w->count;
	snprintf(text, sizeof(text), "d%u", t->handles[0]);
	if (mkdirat(w->dir, text, 0700))
		return -errno;
	ret = fill_directory(w, t->handles[0]);
	if (ret)
		remove_names(w, t);
	t->bytes = NAMES_BYTES;
	return ret;
}

/* Looks up names that are there, and others: they leave negative dentries. */
static int use_names(struct age_worker *w, struct age_thing *t)
{
	struct stat st;
	char text[80];

	for (int i = 0; i < NAMES; i++) {
		entry(text, t->handles[0], (int)cma_random_below(&w->random, 4 * NAMES));
		if (fstatat(w->dir, text, &st, 0) && errno != ENOENT)
			return -errno;
	}
	return 0;
}

static int send_some(struct age_worker *w, int fd)
{
	static const char data[MOST_BYTES];

	if (write(fd, data, age_draw_bytes(&w->random, 1, MOST_BYTES)) < 0 && errno != EAGAIN)
		return -errno;
	return 0;
}

static int take_pipe(struct age_worker *w, struct age_thing *t)
{
	if (!age_pool_room(w, AGE_ORDINARY, PIPE_BYTES))
		return -EDQUOT;
	if (pipe2(t->fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	t->bytes = PIPE_BYTES;
	return send_some(w, t->fds[1]);
}

static int take_sockets(struct age_worker *w, struct age_thing *t)
{
	int ret = 0;

	if (!age_pool_room(w, AGE_ORDINARY, SOCKET_BYTES))
		return -EDQUOT;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, t->fds))
		return -errno;
	for (int i = 0; i < MESSAGES && !ret; i++)
		ret = send_some(w, t->fds[1]);
	t->bytes = SOCKET_BYTES;
	return ret;
}

static int use_sockets(struct age_worker *w, struct age_thing *t)
{
	char data[MOST_BYTES];

	if (read(t->fds[0], data, sizeof(data)) < 0 && errno != EAGAIN)
		return -errno;
	return send_some(w, t->fds[1]);
}

static int take_wait(struct age_worker *w, struct age_thing *t)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (!age_pool_room(w, AGE_ORDINARY, WAIT_BYTES))
		return -EDQUOT;
	t->bytes = WAIT_BYTES;
	t->fds[0] = epoll_create1(EPOLL_CLOEXEC);
	if (t->fds[0] < 0)
		return -errno;
	t->fds[1] = age_draw_chance(&w->random, 2) ? eventfd(0, EFD_CLOEXEC) :
		    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (t->fds[1] < 0 || epoll_ctl(t->fds[0], EPOLL_CTL_ADD, t->fds[1], &event))
		return -errno;
	return 0;
}

static int take_watch(struct age_worker *w, struct age_thing *t)
{
	if (!age_pool_room(w, AGE_ORDINARY, WAIT_BYTES))
		return -EDQUOT;
	t->bytes = WAIT_BYTES;
	t->fds[0] = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (t->fds[0] < 0 || inotify_add_watch(t->fds[0], w->path, IN_DELETE_SELF) < 0)
		return -errno;
	return 0;
}

/* inotify is for few: a user may have 128 at a time. */
static const struct age_kind kinds[] = {
	{ .name = "directory of names", .weight = 24, .uses = 3, .take = take_names,
	  .use = use_names, .give = remove_names },
	{ .name = "pipe", .weight = 24, .take = take_pipe },
	{ .name = "socket pair", .weight = 24, .uses = 2, .take = take_sockets,
	  .use = use_sockets },
	{ .name = "epoll", .weight = 24, .take = take_wait },
	{ .name = "inotify", .weight = 1, .take = take_watch },
	{ .name = NULL },
};

const struct age_profile age_slab = {
	.name = "slab",
	.summary = "small objects of the kernel: names, pipes, sockets, epoll, inotify",
	.constant = 0x736c6162,
	.rate = 200,
	.shares = { [AGE_ORDINARY] = 3 },
	.typical = 6u << 10,
	.most = 8192,
	.kinds = kinds,
};
