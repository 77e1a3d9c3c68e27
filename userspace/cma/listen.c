// SPDX-License-Identifier: MIT
/* Setting up an instance of tracefs, and removing it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/listen_parts.h"
#include "message.h"

#define INSTANCE	"cmascope-"	/* and the process */
#define MEMORY_SHARE	64		/* of memory for all buffers together, at most */
#define MIN_KB		256ul
#define MAX_KB		4096ul
#define FILTER_SIZE	4000		/* the kernel takes a page */

/* A failed isolation names the page in the way; those that went well would be most events. */
#define FAILED		"fin_pfn < end_pfn"
#define MOVED		"(nr_migrated > 0 || nr_reclaimed > 0)"

/* Why there is no tracing here; each has another remedy. */
static void explain_absence(void)
{
	char line[128];
	bool known = false;
	FILE *file = fopen("/proc/filesystems", "re");

	while (file && fgets(line, sizeof(line), file))
		known = known || strstr(line, "tracefs");
	if (file)
		fclose(file);
	if (!known)
		message("this kernel has no tracing (CONFIG_FTRACE, CONFIG_EVENT_TRACING)");
	else if (geteuid())
		message("the kernel's tracing (tracefs) can be used by root only: run as root");
	else
		message("tracefs is not mounted: mount -t tracefs nodev /sys/kernel/tracing");
}

/* remove_leftovers() - instances of processes that are no more (SIGKILL, a crash) */
static void remove_leftovers(void)
{
	char *path = tracefs_get_tracing_file("instances");
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		uint64_t pid;
		char *end;

		if (strncmp(entry->d_name, INSTANCE, strlen(INSTANCE)))
			continue;
		pid = strtoul(entry->d_name + strlen(INSTANCE), &end, 10);
		if (!*end && pid && pid <= INT32_MAX && kill((pid_t)pid, 0) && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
	tracefs_put_tracing_file(path);
}

static unsigned long buffer_kb(void)
{
	unsigned long cpus = (unsigned long)sysconf(_SC_NPROCESSORS_CONF);
	unsigned long kb = (unsigned long)sysconf(_SC_PHYS_PAGES) / 1024 *
			   (unsigned long)sysconf(_SC_PAGESIZE) / MEMORY_SHARE / (cpus ? cpus : 1);

	return kb < MIN_KB ? MIN_KB : kb > MAX_KB ? MAX_KB : kb;
}

/* ranges_filter() - only frames of our areas; other users of these events are none of ours */
static void ranges_filter(const struct cma_trace_info *info, const char *only, const char *start,
			  const char *also, char *filter)
{
	size_t at = (size_t)snprintf(filter, FILTER_SIZE, "%s", also);
	unsigned int used = 0;

	for (unsigned int i = 0; i < info->area_count; i++) {
		const struct cma_area *area = &info->areas[i].map.area;

		if (!info->areas[i].known || (only && !cma_area_is(area, only)))
			continue;
		at += (size_t)snprintf(filter + at, FILTER_SIZE - at,
				       "%s(%s >= %llu && %s < %llu)", used++ ? " || " : " && (",
				       start, (unsigned long long)area->base_pfn, start,
				       (unsigned long long)(area->base_pfn + area->pages));
		/* So many areas: better too much than nothing. */
		if (at + 2 >= FILTER_SIZE) {
			snprintf(filter, FILTER_SIZE, "%s", also);
			return;
		}
	}
	if (used)
		snprintf(filter + at, FILTER_SIZE - at, ")");
}

static int set_filter(struct cma_listener *l, enum cma_event_type type, const char *only)
{
	const char *system, *name;
	char filter[FILTER_SIZE] = "";

	if (type == CMA_EVENT_ISOLATED)
		ranges_filter(l->info, only, "start_pfn", FAILED, filter);
	else if (type == CMA_EVENT_MIGRATE)
		ranges_filter(l->info, only, "start", MOVED, filter);
	else if (only)
		snprintf(filter, sizeof(filter), "name == \"%s\"", only);
	if (!*filter)
		return 0;
	cma_decode_event(type, &system, &name);
	return tracefs_event_file_write(l->instance, system, name, "filter", filter) < 0 ? -1 : 0;
}

static int enable_events(struct cma_listener *l, const char *only)
{
	for (enum cma_event_type type = 0; type < CMA_DECODE_TYPES; type++) {
		const char *system, *name;

		if (l->decoder.types[type].id < 0)
			continue;
		cma_decode_event(type, &system, &name);
		if (set_filter(l, type, only) && type < CMA_EVENT_ISOLATED) {
			message("the kernel refuses to filter %s:%s", system, name);
			return -EINVAL;
		}
		if (tracefs_event_enable(l->instance, system, name)) {
			message_error(errno, "enabling %s:%s", system, name);
			return -EIO;
		}
	}
	return 0;
}

static int open_buffers(struct cma_listener *l)
{
	l->cpu_count = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	l->cpus = calloc(l->cpu_count, sizeof(*l->cpus));
	if (!l->cpus)
		return -ENOMEM;
	for (unsigned int cpu = 0; cpu < l->cpu_count; cpu++) {
		char name[64];

		snprintf(name, sizeof(name), "per_cpu/cpu%u/trace_pipe_raw", cpu);
		l->cpus[cpu].fd = tracefs_instance_file_open(l->instance, name,
							     O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		l->cpus[cpu].events = POLLIN;
	}
	l->page_size = (size_t)tep_get_sub_buffer_size(l->tep);
	if (l->page_size < 4096)
		l->page_size = (size_t)sysconf(_SC_PAGESIZE);
	l->page = malloc(l->page_size);
	l->kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	return l->page && l->kbuf ? 0 : -ENOMEM;
}

/* Only what is listened to: tracefs_local_events() would also read all symbols of the kernel. */
static struct tep_handle *load_formats(void)
{
	struct tep_handle *tep = tep_alloc();
	int size;
	char *text = tracefs_instance_file_read(NULL, "events/header_page", &size);

	if (tep && text)
		tep_parse_header_page(tep, text, (unsigned long)size, sizeof(long));
	free(text);
	for (enum cma_event_type type = 0; tep && type < CMA_DECODE_TYPES; type++) {
		const char *system, *name;

		cma_decode_event(type, &system, &name);
		text = tracefs_event_file_read(NULL, system, name, "format", &size);
		if (text)
			tep_parse_event(tep, text, (unsigned long)size, system);
		free(text);
	}
	return tep;
}

static int set_up(struct cma_listener *l, const char *only)
{
	char name[32], kb[32];
	int ret;

	l->tep = load_formats();
	if (!l->tep || !cma_decode_init(&l->decoder, l->tep) ||
	    l->decoder.types[CMA_EVENT_FINISH].id < 0) {
		message("no events of CMA here: Linux 6.1 or later with CONFIG_CMA=y is needed");
		return -ENODEV;
	}
	remove_leftovers();
	snprintf(name, sizeof(name), INSTANCE "%d", (int)getpid());
	l->instance = tracefs_instance_create(name);
	if (!l->instance) {
		message_error(errno, "making an instance in %s", tracefs_tracing_dir());
		return -EIO;
	}
	/* Order of time between processors, and the clock of cma_snapshot's. */
	tracefs_instance_file_write(l->instance, "trace_clock", "mono");
	tracefs_instance_file_write(l->instance, "buffer_percent", "50");
	snprintf(kb, sizeof(kb), "%lu", buffer_kb());
	tracefs_instance_file_write(l->instance, "buffer_size_kb", kb);
	ret = open_buffers(l);
	return ret ? ret : enable_events(l, only);
}

/* An area name goes into a filter, between quotes. */
static int check_area(const struct cma_trace_info *info, const char *only)
{
	bool any = false;

	for (unsigned int i = 0; i < info->area_count; i++) {
		if (cma_area_is(&info->areas[i].map.area, only))
			return 0;
		any = any || info->areas[i].known;
	}
	if (!any && !strpbrk(only, "\"\\'\n"))
		return 0;
	message("there is no CMA area \"%s\"", only);
	for (unsigned int i = 0; i < info->area_count; i++)
		message("  there is \"%s\"", info->areas[i].map.area.name);
	return -EINVAL;
}

int cma_listen_start(struct cma_trace_info *info, const char *area,
		     struct cma_listener **listener)
{
	struct cma_listener *l;
	const char *dir;
	int ret = area ? check_area(info, area) : 0;

	if (ret)
		return ret;
	dir = tracefs_tracing_dir();
	if (!dir || access(dir, X_OK | R_OK | W_OK)) {
		explain_absence();
		return -ENODEV;
	}
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->info = info;
	ret = set_up(l, area);
	if (ret) {
		cma_listen_end(l);
		return ret;
	}
	*listener = l;
	return 0;
}

void cma_listen_stop(struct cma_listener *l)
{
	tracefs_instance_file_write(l->instance, "tracing_on", "0");
	l->stopped = true;
}

void cma_listen_resume(struct cma_listener *l)
{
	l->stopped = false;
	tracefs_instance_file_write(l->instance, "tracing_on", "1");
}

void cma_listen_room(struct cma_listener *l, unsigned int kb)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", kb);
	tracefs_instance_file_write(l->instance, "buffer_size_kb", text);
}

uint64_t cma_listen_lost(const struct cma_listener *l)
{
	return l->lost;
}

void cma_listen_end(struct cma_listener *l)
{
	if (!l)
		return;
	for (unsigned int cpu = 0; l->cpus && cpu < l->cpu_count; cpu++)
		if (l->cpus[cpu].fd >= 0)
			close(l->cpus[cpu].fd);
	if (l->instance) {
		tracefs_instance_destroy(l->instance);
		tracefs_instance_free(l->instance);
	}
	kbuffer_free(l->kbuf);
	tep_free(l->tep);
	free(l->cpus);
	free(l->page);
	free(l->events);
	free(l);
}
