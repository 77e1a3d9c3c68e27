// SPDX-License-Identifier: MIT
/* A file system in use: files are written, appended to, read, renamed, synced, cut and deleted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "age/draw.h"
#include "age/pool.h"

#define LEAST		512u
#define MOST		(1u << 20)
#define CHUNK		65536u

/* handles[0] is the number in the file's name. */
static void name(char text[16], uint32_t number)
{
	snprintf(text, 16, "f%u", number);
}

static int write_some(int fd, uint64_t from, uint64_t size)
{
	static char chunk[CHUNK];

	for (uint64_t at = 0; at < size; at += CHUNK) {
		size_t n = size - at < CHUNK ? size - at : CHUNK;

		if (pwrite(fd, chunk, n, (off_t)(from + at)) < 0)
			return -errno;
	}
	return 0;
}

static void remove_file(struct age_worker *w, struct age_thing *t)
{
	char text[16];

	name(text, t->handles[0]);
	unlinkat(w->dir, text, 0);
}

/* Opens for a moment only: files in a directory are not open files. */
static int open_file(const struct age_worker *w, const struct age_thing *t, int flags)
{
	char text[16];
	int fd;

	name(text, t->handles[0]);
	fd = openat(w->dir, text, flags | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int take(struct age_worker *w, struct age_thing *t)
{
	uint64_t size = age_draw_bytes(&w->random, LEAST, age_pool_most(w, AGE_DISK, MOST));
	int fd, ret;

	if (!age_pool_room(w, AGE_DISK, size))
		return -EDQUOT;
	t->handles[0] = w->count;
	fd = open_file(w, t, O_CREAT | O_EXCL | O_WRONLY);
	if (fd < 0)
		return fd;
	ret = write_some(fd, 0, size);
	close(fd);
	if (ret)
		remove_file(w, t);
	t->bytes = size;
	return ret;
}

static int append(struct age_worker *w, struct age_thing *t, int fd)
{
	uint64_t size = age_draw_bytes(&w->random, LEAST, CHUNK);
	int ret;

	if (w->held[AGE_DISK] + size > w->budget[AGE_DISK])
		return 0;
	ret = write_some(fd, t->bytes, size);
	if (!ret) {
		t->bytes += size;
		w->held[AGE_DISK] += size;
	}
	return ret;
}

static int rename_file(struct age_worker *w, struct age_thing *t, int fd)
{
	char from[16], to[16];

	(void)fd;
	name(from, t->handles[0]);
	t->handles[0] = w->count++;
	name(to, t->handles[0]);
	return renameat(w->dir, from, w->dir, to) ? -errno : 0;
}

static int read_some(struct age_worker *w, struct age_thing *t, int fd)
{
	static char chunk[CHUNK];
	uint64_t at = cma_random_below(&w->random, t->bytes + 1);

	return pread(fd, chunk, CHUNK / 4, (off_t)at) < 0 ? -errno : 0;
}

static int overwrite(struct age_worker *w, struct age_thing *t, int fd)
{
	uint64_t at = cma_random_below(&w->random, t->bytes + 1);
	uint64_t size = t->bytes - at < CHUNK / 4 ? t->bytes - at : CHUNK / 4;

	return write_some(fd, at, size);
}

static int sync_file(struct age_worker *w, struct age_thing *t, int fd)
{
	(void)w;
	(void)t;
	return fsync(fd) ? -errno : 0;
}

static int cut(struct age_worker *w, struct age_thing *t, int fd)
{
	uint64_t size = cma_random_below(&w->random, t->bytes + 1);

	if (ftruncate(fd, (off_t)size))
		return -errno;
	w->held[AGE_DISK] -= t->bytes - size;
	t->bytes = size;
	return 0;
}

static int use(struct age_worker *w, struct age_thing *t)
{
	static int (*const ways[])(struct age_worker *w, struct age_thing *t, int fd) = {
		read_some, read_some, read_some, append, append, overwrite, rename_file, sync_file,
		cut,
	};
	int fd = open_file(w, t, O_RDWR), ret;

	if (fd < 0)
		return fd;
	ret = ways[cma_random_below(&w->random, sizeof(ways) / sizeof(ways[0]))](w, t, fd);
	close(fd);
	return ret;
}

static const struct age_kind kinds[] = {
	{ .name = "file", .weight = 1, .uses = 5, .resource = AGE_DISK, .take = take, .use = use,
	  .give = remove_file },
	{ .name = NULL },
};

const struct age_profile age_fs = {
	.name = "fs",
	.summary = "files written, appended to, read, renamed, synced, cut, deleted",
	.constant = 0x6673,
	.rate = 30,
	.shares = { [AGE_DISK] = 3 },
	.typical = 64u << 10,
	.most = 4096,
	.kinds = kinds,
};
