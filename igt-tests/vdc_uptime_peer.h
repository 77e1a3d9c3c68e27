/* SPDX-License-Identifier: MIT */
/*
 * Another process that is given buffers as DMA-BUFs: it maps them, imports them into a file of the
 * device of its own, and says whether what it sees is the pattern.
 */
#ifndef VDC_UPTIME_PEER_H
#define VDC_UPTIME_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** struct peer - the process; @socket -1: none */
struct peer {
	int socket;
};

/** peer_start() - begin; fails the test later, by igt_waitchildren(), if the process does */
void peer_start(struct peer *peer);

/**
 * peer_check() - let it look at a buffer
 * @peer: the process
 * @dmabuf: the buffer
 * @seed: of its pattern
 * Return: 0: right; EILSEQ: the pattern is wrong there; ENOMEM: it had no memory to look.
 */
int peer_check(struct peer *peer, int dmabuf, uint32_t seed);

/** peer_stop() - let it end */
void peer_stop(struct peer *peer);

#endif /* VDC_UPTIME_PEER_H */
