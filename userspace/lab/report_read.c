// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/report_read.h"

static void add_run(struct report_reader *reader)
{
	struct report_runs *runs = reader->runs;
	struct report_run *run = report_run_create(reader->file), **grown = NULL;

	if (run)
		grown = reallocarray(runs->runs, runs->count + 1, sizeof(*grown));
	if (!grown) {
		report_run_destroy(run);
		runs->no_memory = true;
		return;
	}
	runs->runs = grown;
	runs->runs[runs->count++] = run;
}

static struct report_run *last_run(struct report_reader *reader)
{
	if (reader->runs->count == reader->first)
		return NULL;
	return reader->runs->runs[reader->runs->count - 1];
}

/* A guest that was started again begins a run of its own. */
static void take(void *data, struct json_object *record)
{
	struct report_reader *reader = data;
	struct report_run *run = last_run(reader);
	bool start = !strcmp(report_run_text(record, "who"), "lab") &&
		     !strcmp(report_run_text(record, "what"), "start");

	if (!run || (start && run->start))
		add_run(reader);
	run = last_run(reader);
	if (run)
		report_run_add(run, record);
}

int report_reader_begin(struct report_reader *reader, struct report_runs *runs, const char *file)
{
	*reader = (struct report_reader){ .runs = runs, .file = file, .first = runs->count };
	return report_lines_begin(&reader->lines, take, reader);
}

void report_reader_feed(struct report_reader *reader, const char *bytes, size_t size)
{
	report_lines_feed(&reader->lines, bytes, size);
}

int report_reader_end(struct report_reader *reader)
{
	struct report_run *run;

	report_lines_end(&reader->lines);
	if (!last_run(reader))
		add_run(reader);
	run = last_run(reader);
	if (run) {
		run->garbage = reader->lines.garbage;
		run->cut = reader->lines.cut;
	}
	return !run || run->no_memory || reader->runs->no_memory ? -ENOMEM : 0;
}

static int feed_file(struct report_reader *reader, int fd)
{
	char bytes[65536];
	ssize_t size;

	do {
		size = read(fd, bytes, sizeof(bytes));
		if (size > 0)
			report_reader_feed(reader, bytes, (size_t)size);
	} while (size > 0 || (size < 0 && errno == EINTR));
	return size < 0 ? -errno : 0;
}

int report_read(struct report_runs *runs, const char *file)
{
	struct report_reader reader;
	int fd, ret, error = 0;

	fd = strcmp(file, "-") ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0)
		return -errno;
	ret = report_reader_begin(&reader, runs, file);
	if (!ret) {
		error = feed_file(&reader, fd);
		ret = report_reader_end(&reader);
	}
	if (fd != STDIN_FILENO)
		close(fd);
	return error ? error : ret;
}

void report_runs_end(struct report_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		report_run_destroy(runs->runs[i]);
	free(runs->runs);
	*runs = (struct report_runs){ 0 };
}
