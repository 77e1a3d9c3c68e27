// SPDX-License-Identifier: MIT
/* DMA-BUFs from the device, and from others. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xf86drm.h>
#include "igt_abi.h"
#include "vdc_prime.h"

#define PAGE	4096UL

int prime_export(int drm_fd, uint32_t handle)
{
	int fd = -1;

	igt_assert_f(!drmPrimeHandleToFD(drm_fd, handle, DRM_CLOEXEC | DRM_RDWR, &fd),
		     "export: %s\n", strerror(errno));
	return fd;
}

int prime_import(int drm_fd, int dmabuf, uint32_t *handle)
{
	return drmPrimeFDToHandle(drm_fd, dmabuf, handle) ? errno : 0;
}

void *prime_map(int dmabuf, size_t *size)
{
	off_t end = lseek(dmabuf, 0, SEEK_END);
	void *map;

	igt_assert_f(end > 0, "size of a DMA-BUF: %s\n", strerror(errno));
	map = mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);
	igt_assert_f(map != MAP_FAILED, "mapping a DMA-BUF: %s\n", strerror(errno));
	*size = end;
	return map;
}

int prime_sync(int dmabuf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync) ? errno : 0;
}

void prime_fill(int dmabuf, const void *image, size_t bytes)
{
	size_t size;
	void *map = prime_map(dmabuf, &size);

	igt_assert_lte_s64(bytes, size);
	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE), 0);
	memcpy(map, image, bytes);
	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE), 0);
	munmap(map, size);
}

int heap_alloc(size_t bytes)
{
	static const char * const heaps[] = {
		"/dev/dma_heap/reserved", "/dev/dma_heap/linux,cma",
		"/dev/dma_heap/default_cma_region",
	};
	struct dma_heap_allocation_data data = { .len = bytes, .fd_flags = O_RDWR | O_CLOEXEC };
	int heap = -1;

	for (size_t i = 0; heap < 0 && i < sizeof(heaps) / sizeof(*heaps); i++)
		heap = open(heaps[i], O_RDWR | O_CLOEXEC);
	igt_require_f(heap >= 0, "no CMA heap in /dev/dma_heap\n");
	igt_assert_f(!ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data), "CMA heap, %zu bytes: %s\n", bytes,
		     strerror(errno));
	close(heap);
	return data.fd;
}

/* Whether the pages behind a mapping follow one another in physical memory. */
static bool is_contiguous(const uint8_t *map, size_t pages)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry, pfn, first = 0;
	bool contiguous = true;

	igt_assert_f(fd >= 0, "pagemap: %s\n", strerror(errno));
	for (size_t i = 0; i < pages; i++) {
		igt_assert_eq(pread(fd, &entry, 8, ((uintptr_t)map / PAGE + i) * 8), 8);
		igt_assert_f(entry >> 63, "page %zu is not there\n", i);
		/* Documentation/admin-guide/mm/pagemap.rst */
		pfn = entry & ((1ULL << 55) - 1);
		igt_assert(pfn);
		if (!i)
			first = pfn;
		contiguous &= pfn == first + i;
	}
	close(fd);
	return contiguous;
}

int udmabuf_alloc(size_t pages, bool *contiguous)
{
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = pages * PAGE };
	int mem, fd;
	void *map;

	igt_require_f(device >= 0, "/dev/udmabuf: %s\n", strerror(errno));
	mem = memfd_create("vdc", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert(mem >= 0);
	igt_assert_eq(ftruncate(mem, pages * PAGE), 0);
	igt_assert_eq(fcntl(mem, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	map = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);
	igt_assert(map != MAP_FAILED);
	memset(map, 0, pages * PAGE);
	create.memfd = mem;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	igt_assert_f(fd >= 0, "udmabuf of %zu pages: %s\n", pages, strerror(errno));
	/* udmabuf has pinned them: from here on they stay where they are. */
	*contiguous = is_contiguous(map, pages);
	munmap(map, pages * PAGE);
	close(mem);
	close(device);
	return fd;
}

void socket_send_fd(int socket, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	char byte = 'f';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	igt_assert_eq(sendmsg(socket, &msg, 0), 1);
}

int socket_recv_fd(int socket)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg;
	int fd;

	igt_assert_eq(recvmsg(socket, &msg, MSG_CMSG_CLOEXEC), 1);
	cmsg = CMSG_FIRSTHDR(&msg);
	igt_assert(cmsg && cmsg->cmsg_type == SCM_RIGHTS);
	memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	return fd;
}
