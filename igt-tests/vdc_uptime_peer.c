// SPDX-License-Identifier: MIT
/* Another process that is given buffers. */
#include <errno.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_kms.h"
#include "vdc_prime.h"
#include "vdc_uptime_pattern.h"
#include "vdc_uptime_peer.h"

/** struct request - precedes the file descriptor; @end: nothing follows */
struct request {
	uint32_t seed;
	uint32_t end;
};

/* The whole buffer through a mapping of the DMA-BUF itself. */
static int check_mapping(int dmabuf, uint32_t seed)
{
	off_t size = lseek(dmabuf, 0, SEEK_END);
	long long wrong;
	void *map;

	map = mmap(NULL, size, PROT_READ, MAP_SHARED, dmabuf, 0);
	if (map == MAP_FAILED)
		return errno;
	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	wrong = pattern_wrong(map, 0, size, seed);
	igt_assert_eq(prime_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	munmap(map, size);
	if (wrong != PATTERN_RIGHT)
		igt_warn("another process sees a wrong word at %lld of %lld\n", wrong,
			 (long long)size);
	return wrong == PATTERN_RIGHT ? 0 : EILSEQ;
}

/* Through a handle of this process's own file of the device; its first page will do. */
static int check_import(int fd, int dmabuf, uint32_t seed)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uint32_t handle;
	uint64_t offset;
	int ret = prime_import(fd, dmabuf, &handle);
	void *map;

	if (ret)
		return ret;
	igt_assert_eq(drmModeMapDumbBuffer(fd, handle, &offset), 0);
	map = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, offset);
	ret = map == MAP_FAILED ? errno : 0;
	if (!ret) {
		ret = pattern_wrong(map, 0, page, seed) == PATTERN_RIGHT ? 0 : EILSEQ;
		munmap(map, page);
	}
	igt_assert_eq(drmCloseBufferHandle(fd, handle), 0);
	return ret;
}

static void serve(int socket)
{
	int fd = kms_open_driver("vdc"), dmabuf, ret;
	struct request request;

	igt_assert(fd >= 0);
	while (recv(socket, &request, sizeof(request), 0) == sizeof(request) && !request.end) {
		dmabuf = socket_recv_fd(socket);
		ret = check_mapping(dmabuf, request.seed);
		if (!ret)
			ret = check_import(fd, dmabuf, request.seed);
		close(dmabuf);
		igt_assert_eq(send(socket, &ret, sizeof(ret), 0), sizeof(ret));
	}
	close(fd);
}

void peer_start(struct peer *peer)
{
	int pair[2];

	igt_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	igt_fork(child, 1) {
		close(pair[0]);
		serve(pair[1]);
	}
	close(pair[1]);
	peer->socket = pair[0];
}

int peer_check(struct peer *peer, int dmabuf, uint32_t seed)
{
	struct request request = { .seed = seed };
	int ret;

	igt_assert_eq(send(peer->socket, &request, sizeof(request), MSG_NOSIGNAL), sizeof(request));
	socket_send_fd(peer->socket, dmabuf);
	igt_assert_f(recv(peer->socket, &ret, sizeof(ret), 0) == sizeof(ret),
		     "the other process does not answer\n");
	igt_assert_f(!ret || ret == EILSEQ || ret == ENOMEM, "the other process: %s\n",
		     strerror(ret));
	return ret;
}

void peer_stop(struct peer *peer)
{
	struct request request = { .end = 1 };

	/* It may be gone: igt_waitchildren() says why. */
	if (send(peer->socket, &request, sizeof(request), MSG_NOSIGNAL) < 0)
		igt_info("the other process has ended by itself\n");
	close(peer->socket);
	peer->socket = -1;
}
