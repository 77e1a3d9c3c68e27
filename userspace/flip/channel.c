// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flip/channel.h"

/* Room for more than we take, so that what comes too many can be closed. */
union control {
	char bytes[CMSG_SPACE(sizeof(int) * 2 * CHANNEL_MAX_FDS)];
	struct cmsghdr align;
};

int channel_pair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) ? -errno : 0;
}

int channel_send(int fd, const void *data, size_t size, const int *fds, unsigned int num_fds)
{
	struct iovec iov = { .iov_base = (void *)data, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;
	ssize_t n;

	if (!size || num_fds > CHANNEL_MAX_FDS)
		return -EINVAL;
	if (num_fds) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof(control));
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * num_fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * num_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * num_fds);
	}
	do {
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* Hands over as many as fit, closes the others. Returns how many came in all. */
static unsigned int take_fds(struct msghdr *msg, int *fds, unsigned int room)
{
	unsigned int total = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++, total++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (total < room)
				fds[total] = fd;
			else
				close(fd);
		}
	}
	return total;
}

int channel_receive(int fd, void *data, size_t size, int *fds, unsigned int *num_fds, int wait)
{
	struct iovec iov = { .iov_base = data, .iov_len = size };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	unsigned int room = *num_fds, came;
	ssize_t n;

	*num_fds = 0;
	do {
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	came = take_fds(&msg, fds, room);
	if (n == 0 && !came)
		return 0;
	if ((size_t)n != size || came > room || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		while (came-- > 0)
			if (came < room)
				close(fds[came]);
		return -EPROTO;
	}
	*num_fds = came;
	return 1;
}
