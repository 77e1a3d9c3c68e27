// SPDX-License-Identifier: MIT
/* Pages that may not move: mlock, fixed buffers of io_uring, udmabuf, gifts to pipes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"
#include "age/region.h"

#define LEAST		(16u << 10)
#define MOST		(512u << 10)
#define RING_ENTRIES	4

/* Memory of a size drawn at random, in the budget, touched. */
static int map_some(struct age_worker *w, struct age_thing *t)
{
	uint64_t size = age_draw_bytes(&w->random, LEAST, age_pool_most(w, AGE_ORDINARY, MOST));

	size = (size + age_page() - 1) / age_page() * age_page();
	return age_region_take(w, t, size);
}

static int take_locked(struct age_worker *w, struct age_thing *t)
{
	int ret = map_some(w, t);

	return ret ? ret : mlock(t->map, t->size) ? -errno : 0;
}

static int take_ring(struct age_worker *w, struct age_thing *t)
{
	struct io_uring_params params = { 0 };
	struct iovec buffer;
	int ret = map_some(w, t);

	if (ret)
		return ret;
	t->fds[0] = (int)syscall(__NR_io_uring_setup, RING_ENTRIES, &params);
	if (t->fds[0] < 0)
		return -errno;
	buffer = (struct iovec){ t->map, t->size };
	return syscall(__NR_io_uring_register, t->fds[0], IORING_REGISTER_BUFFERS, &buffer, 1) ?
	       -errno : 0;
}

static int make_udmabuf(int memfd, uint64_t size)
{
	struct udmabuf_create create = {
		.memfd = (uint32_t)memfd, .flags = UDMABUF_FLAGS_CLOEXEC, .size = size,
	};
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd, error;

	if (device < 0)
		return -errno;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	error = errno;
	close(device);
	return fd < 0 ? -error : fd;
}

static int take_udmabuf(struct age_worker *w, struct age_thing *t)
{
	uint64_t size = age_draw_bytes(&w->random, LEAST, age_pool_most(w, AGE_ORDINARY, MOST));
	int ret;

	size = (size + age_page() - 1) / age_page() * age_page();
	if (!age_pool_room(w, AGE_ORDINARY, size))
		return -EDQUOT;
	t->fds[0] = memfd_create("vdc-age-pins", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (t->fds[0] < 0 || ftruncate(t->fds[0], (off_t)size) ||
	    fcntl(t->fds[0], F_ADD_SEALS, F_SEAL_SHRINK))
		return -errno;
	ret = make_udmabuf(t->fds[0], size);
	if (ret < 0)
		return ret;
	t->fds[1] = ret;
	t->bytes = size;
	return 0;
}

/* The pipe keeps the pages; they need not stay mapped. */
static int take_gift(struct age_worker *w, struct age_thing *t)
{
	struct iovec gift;
	int ret = map_some(w, t);

	if (ret)
		return ret;
	if (pipe2(t->fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	/* What is refused of a larger pipe: a smaller one does, too. */
	fcntl(t->fds[1], F_SETPIPE_SZ, (int)t->size);
	gift = (struct iovec){ t->map, t->size };
	if (vmsplice(t->fds[1], &gift, 1, SPLICE_F_GIFT | SPLICE_F_NONBLOCK) < 0)
		return -errno;
	munmap(t->map, t->size);
	t->map = NULL;
	return 0;
}

static const struct age_kind kinds[] = {
	{ .name = "mlock", .weight = 2, .take = take_locked },
	{ .name = "io_uring buffer", .weight = 2, .take = take_ring },
	{ .name = "udmabuf", .weight = 2, .take = take_udmabuf },
	{ .name = "gift to a pipe", .weight = 1, .take = take_gift },
	{ .name = NULL },
};

const struct age_profile age_pins = {
	.name = "pins",
	.summary = "pages that may not move: mlock, io_uring, udmabuf, vmsplice",
	.constant = 0x70696e73,
	.rate = 10,
	.shares = { [AGE_ORDINARY] = 3 },
	.typical = 128u << 10,
	.most = 4096,
	.kinds = kinds,
};
