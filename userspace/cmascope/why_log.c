// SPDX-License-Identifier: MIT
/* Kernel logs: files, pipes, and the kernel's own ring buffer. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/log.h"
#include "cma/trace_format.h"
#include "cmascope/why.h"
#include "message.h"

#define CHUNK		(256u * 1024)
#define START		4096		/* bytes that tell what a file is */
#define KMSG		"/dev/kmsg"
#define RECORD_MAX	8192	/* the kernel's PRINTKRB_RECORD_MAX and more */
#define QUIET_MS	1000	/* then a failure has said all it will */

static const char trace_dat_magic[] = "\x17\x08\x44tracing";

/* Files that hold logs, and who makes text of them. */
static const struct {
	const char *magic;
	const char *name;
	const char *reader;
} packed[] = {
	{ "\x1f\x8b", "compressed (gzip)", "zcat" },
	{ "\3757zXZ", "compressed (xz)", "xzcat" },
	{ "\x28\xb5\x2f\xfd", "compressed (zstd)", "zstdcat" },
	{ "BZh", "compressed (bzip2)", "bzcat" },
	{ "LPKSHHRH", "a journal of systemd", "journalctl -k --file" },
};

bool why_is_trace(const char *path)
{
	char start[16] = "";
	FILE *file = strcmp(path, "-") ? fopen(path, "rbe") : NULL;
	size_t size;

	if (!file)
		return false;
	size = fread(start, 1, sizeof(start), file);
	fclose(file);
	if (size < sizeof(start))
		return false;
	return !memcmp(start, CMA_FILE_MAGIC, CMA_FILE_MAGIC_SIZE) ||
		!memcmp(start, trace_dat_magic, sizeof(trace_dat_magic) - 1);
}

/* Whether bytes are anything but text; serial lines may have some noise between theirs. */
static bool is_binary(const char *bytes, size_t size)
{
	size_t odd = 0;

	for (size_t i = 0; i < size; i++)
		odd += ((unsigned char)bytes[i] < ' ' && !memchr("\t\n\r\x1b\b\f", bytes[i], 6)) ||
			bytes[i] == 0x7f;
	return odd > size / 20;
}

/* A file in which nothing was found, and in which nothing could be. Return: an exit status */
static int tell_foreign(struct why_report *report, const char *start, size_t size, const char *path)
{
	if (report->failures)
		return EXIT_OK;
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		size_t length = strlen(packed[i].magic);

		if (size < length || memcmp(start, packed[i].magic, length))
			continue;
		why_error(report, "%s is %s: %s FILE | cmascope why -", path, packed[i].name,
			  packed[i].reader);
		return EXIT_ENVIRONMENT;
	}
	if (!is_binary(start, size))
		return EXIT_OK;
	why_error(report, "%s is no text, so no kernel log", path);
	return EXIT_ENVIRONMENT;
}

static int feed_all(struct why_report *report, struct cma_log *log, int fd, const char *path)
{
	char *chunk = malloc(CHUNK), start[START];
	size_t started = 0;
	ssize_t size = 0;
	int ret = chunk ? 0 : -ENOMEM;

	while (!ret && (size = read(fd, chunk, CHUNK))) {
		if (size < 0) {
			ret = errno == EINTR ? 0 : -errno;
			continue;
		}
		if (!started) {
			started = (size_t)size < START ? (size_t)size : START;
			memcpy(start, chunk, started);
		}
		ret = cma_log_feed(log, chunk, (size_t)size);
	}
	free(chunk);
	if (!ret)
		ret = cma_log_flush(log);
	if (!ret)
		return tell_foreign(report, start, started, path);
	why_error(report, "cannot read %s: %s", path, strerror(-ret));
	return EXIT_ENVIRONMENT;
}

int why_read_log(struct why_report *report, const char *path)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct cma_log *log;
	int status = EXIT_ENVIRONMENT;

	if (fd < 0) {
		why_error(report, "cannot open %s: %s", path, strerror(errno));
		return status;
	}
	log = cma_log_create(why_tell, report);
	if (log) {
		cma_log_page_size(log, report->options->page_size);
		status = feed_all(report, log, fd, is_stdin ? "standard input" : path);
		report->lines = cma_log_lines(log);
	} else {
		why_error(report, "why: no memory");
	}
	cma_log_destroy(log);
	if (!is_stdin)
		close(fd);
	return status;
}

/* One read() is one record. A record with a dictionary has more lines, each indented. */
static int feed_records(struct cma_log *log, int fd, bool follow)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char record[RECORD_MAX];
	ssize_t size;
	int ret = 0;

	while (!ret) {
		size = read(fd, record, sizeof(record));
		if (size > 0) {
			ret = cma_log_feed(log, record, (size_t)size);
		} else if (!size || (errno == EAGAIN && !follow)) {
			break;
		} else if (errno == EAGAIN) {
			if (!poll(&wait, 1, QUIET_MS))
				ret = cma_log_flush(log);
		} else if (errno != EINTR && errno != EPIPE) {
			/* EPIPE: records were overwritten before they were read. */
			ret = -errno;
		}
	}
	return ret ? ret : cma_log_flush(log);
}

int why_read_kernel(struct why_report *report)
{
	int fd = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC), ret;
	struct cma_log *log;

	if (fd < 0) {
		why_error(report, "cannot read %s: %s; run as root, or: dmesg | cmascope why -",
			  KMSG, strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	log = cma_log_create(why_tell, report);
	if (log)
		cma_log_page_size(log, report->options->page_size);
	ret = log ? feed_records(log, fd, report->options->follow) : -ENOMEM;
	if (log)
		report->lines = cma_log_lines(log);
	cma_log_destroy(log);
	close(fd);
	if (ret)
		why_error(report, "cannot read %s: %s", KMSG, strerror(-ret));
	return ret ? EXIT_ENVIRONMENT : EXIT_OK;
}
