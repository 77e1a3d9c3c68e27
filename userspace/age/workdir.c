// SPDX-License-Identifier: MIT
/* The directory where files come and go. */
#define _GNU_SOURCE
#include "age/workdir.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "age/worker.h"
#include "message.h"

#define RAMDISK_MAJOR	1	/* of /dev/ram* */
#define WALK_FILES	16

int age_workdir_open(struct age_workdir *d, const char *path, struct age_setup *setup)
{
	struct statfs fs;
	struct stat st;

	d->fresh = !path;
	snprintf(d->path, sizeof(d->path), "%s", path ? path : "/tmp/vdc-age-XXXXXX");
	if (path && strlen(path) >= sizeof(d->path)) {
		message("%s: the path is too long", path);
		return -ENAMETOOLONG;
	}
	if ((!path && !mkdtemp(d->path)) || stat(d->path, &st) || statfs(d->path, &fs)) {
		int error = errno;

		message("%s: %s", d->path, strerror(error));
		return -error;
	}
	if (!S_ISDIR(st.st_mode) || access(d->path, W_OK | X_OK)) {
		message("%s: not a directory to write to", d->path);
		return -ENOTDIR;
	}
	setup->work = d->path;
	setup->fresh = d->fresh;
	setup->tmpfs = fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC;
	setup->in_memory = setup->tmpfs || major(st.st_dev) == RAMDISK_MAJOR;
	return 0;
}

uint64_t age_workdir_free(const struct age_workdir *d)
{
	struct statvfs fs;

	return statvfs(d->path, &fs) ? 0 : (uint64_t)fs.f_bavail * fs.f_frsize;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	if (nftw(path, remove_entry, WALK_FILES, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		message("removing %s: %s", path, strerror(errno));
}

void age_workdir_remove(const struct age_workdir *d, const char *profile)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/age-%s", d->path, profile);
	remove_tree(path);
}

void age_workdir_close(const struct age_workdir *d)
{
	/* The last worker may have done it. */
	if (d->fresh && rmdir(d->path) && errno != ENOENT)
		message("removing %s: %s", d->path, strerror(errno));
}

int age_workdir_enter(struct age_worker *w)
{
	snprintf(w->path, sizeof(w->path), "%s/age-%s", w->setup->work, w->profile->name);
	/* One that was killed left its files. */
	remove_tree(w->path);
	w->dir = mkdir(w->path, 0700) ? -1 : open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return w->dir >= 0 ? 0 : age_worker_skip(w, "%s: %s", w->path, strerror(errno));
}

void age_workdir_leave(struct age_worker *w)
{
	if (w->dir < 0)
		return;
	close(w->dir);
	remove_tree(w->path);
	/* The last one turns off the light, in case the parent was killed. */
	if (w->ended && w->setup->fresh)
		rmdir(w->setup->work);
}
