/* SPDX-License-Identifier: MIT */
/* DMA-BUFs from the device, and from others: dma-heaps, udmabuf, vgem. */
#ifndef VDC_PRIME_H
#define VDC_PRIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** prime_export() - a DMA-BUF of a GEM handle, readable and writable; must succeed */
int prime_export(int drm_fd, uint32_t handle);

/** prime_import() - a GEM handle of a DMA-BUF. Return: 0 or the errno */
int prime_import(int drm_fd, int dmabuf, uint32_t *handle);

/** prime_map() - map a whole DMA-BUF. @size: out: its size. Must succeed */
void *prime_map(int dmabuf, size_t *size);

/** prime_sync() - begin or end access. @flags: DMA_BUF_SYNC_*. Return: 0 or the errno */
int prime_sync(int dmabuf, uint64_t flags);

/** prime_fill() - copy @bytes into a DMA-BUF as a careful client does: map, sync, write, sync */
void prime_fill(int dmabuf, const void *image, size_t bytes);

/** heap_alloc() - DMA-BUF of the CMA heap; skips the test where there is no such heap */
int heap_alloc(size_t bytes);

/**
 * udmabuf_alloc() - DMA-BUF of anonymous memory; skips the test where there is no udmabuf
 * @pages: its size
 * @contiguous: out: whether the pages happen to be contiguous in physical memory
 */
int udmabuf_alloc(size_t pages, bool *contiguous);

/** socket_send_fd() - pass a file descriptor through a Unix socket */
void socket_send_fd(int socket, int fd);

/** socket_recv_fd() - receive what socket_send_fd() sent */
int socket_recv_fd(int socket);

#endif /* VDC_PRIME_H */
