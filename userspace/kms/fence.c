// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kms/fence.h"

/* The kernel keeps sw_sync's interface out of its uapi headers; it is stable all the same. */
struct sw_sync_create_fence {
	uint32_t value;
	char name[32];
	int32_t fence;
};

#define SW_SYNC_CREATE_FENCE	_IOWR('W', 0, struct sw_sync_create_fence)
#define SW_SYNC_INC		_IOW('W', 1, uint32_t)

static int retry_ioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret < 0 ? -errno : 0;
}

/* The fence that an ioctl made, or its error. */
static int made(int error, const int32_t *fence)
{
	if (error)
		return error;
	fcntl(*fence, F_SETFD, FD_CLOEXEC);
	return *fence;
}

int fence_timeline_open(void)
{
	int fd = open("/sys/kernel/debug/sync/sw_sync", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int fence_timeline_fence(int timeline, uint32_t point, const char *name)
{
	struct sw_sync_create_fence create = { .value = point };

	snprintf(create.name, sizeof(create.name), "%s", name);
	return made(retry_ioctl(timeline, SW_SYNC_CREATE_FENCE, &create), &create.fence);
}

int fence_timeline_advance(int timeline, uint32_t steps)
{
	return retry_ioctl(timeline, SW_SYNC_INC, &steps);
}

int fence_merge(int a, int b, const char *name)
{
	struct sync_merge_data merge = { .fd2 = b };

	snprintf(merge.name, sizeof(merge.name), "%s", name);
	return made(retry_ioctl(a, SYNC_IOC_MERGE, &merge), &merge.fence);
}

int fence_wait(int fence, int timeout_ms)
{
	struct pollfd p = { .fd = fence, .events = POLLIN };
	int ret;

	do {
		ret = poll(&p, 1, timeout_ms);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	if (ret < 0)
		return -errno;
	if (ret == 0)
		return -ETIME;
	return p.revents & (POLLERR | POLLNVAL) ? -EINVAL : 0;
}

int fence_of_dmabuf(int dmabuf)
{
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_READ, .fd = -1 };
	int ret = retry_ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export);

	if (ret)
		return ret;
	fcntl(export.fd, F_SETFD, FD_CLOEXEC);
	return export.fd;
}
