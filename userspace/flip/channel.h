/* SPDX-License-Identifier: MIT */
/* Messages with file descriptors over a Unix socket pair that keeps message boundaries. */
#ifndef FLIP_CHANNEL_H
#define FLIP_CHANNEL_H

#include <stddef.h>

#define CHANNEL_MAX_FDS	4

/**
 * channel_pair() - make both ends
 * @fds: out; close() both
 * Return: 0 or a negative errno.
 */
int channel_pair(int fds[2]);

/**
 * channel_send() - send a message
 * @fd: an end
 * @data: the message, not empty
 * @size: its bytes
 * @fds: descriptors to pass; they stay open here
 * @num_fds: how many, at most CHANNEL_MAX_FDS
 * Return: 0, -EPIPE when the other end is gone, or another negative errno.
 */
int channel_send(int fd, const void *data, size_t size, const int *fds, unsigned int num_fds);

/**
 * channel_receive() - take a message
 * @fd: an end
 * @data: out
 * @size: of the message expected
 * @fds: out: descriptors that came with it, close-on-exec
 * @num_fds: in: how many fit; out: how many came
 * @wait: wait for one
 * Return: 1; 0 when the other end is gone; -EAGAIN when there is none; -EPROTO when it has another
 * size or more descriptors than fit (which are closed then); another negative errno.
 */
int channel_receive(int fd, void *data, size_t size, int *fds, unsigned int *num_fds, int wait);

#endif /* FLIP_CHANNEL_H */
