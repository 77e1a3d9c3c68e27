// SPDX-License-Identifier: MIT
/* The journal of an ageing run. */
#include "lab/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lab/schedule.h"
#include "message.h"

struct journal {
	int fd;	/* -1: keeps nothing */
	const char *who;
	uint64_t start_ns;
};

/* A terminal passes the bytes on as they are. */
static void make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return;
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(fd, TCSANOW, &t);
}

struct journal *journal_open(const char *path, const char *who, uint64_t start_ns)
{
	struct journal *j = malloc(sizeof(*j));

	if (!j) {
		message("out of memory");
		return NULL;
	}
	*j = (struct journal){ .fd = -1, .who = who, .start_ns = start_ns };
	path = path ? path : getenv("VDC_LAB_JOURNAL");
	if (!path)
		return j;
	j->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC, 0666);
	if (j->fd < 0) {
		message("opening the journal %s: %s", path, strerror(errno));
		free(j);
		return NULL;
	}
	make_raw(j->fd);
	return j;
}

struct json_object *journal_record(const struct journal *j, const char *what)
{
	struct json_object *record = json_object_new_object();
	uint64_t now = lab_now();

	journal_add(record, "ns", now > j->start_ns ? (int64_t)(now - j->start_ns) : 0);
	journal_add_text(record, "who", j->who);
	journal_add_text(record, "what", what);
	return record;
}

void journal_add(struct json_object *record, const char *name, int64_t value)
{
	if (record)
		json_object_object_add(record, name, json_object_new_int64(value));
}

void journal_add_text(struct json_object *record, const char *name, const char *value)
{
	if (record)
		json_object_object_add(record, name, json_object_new_string(value));
}

static int write_line(int fd, const char *text)
{
	size_t size = strlen(text);
	char *line = malloc(size + 1);
	ssize_t done;
	int error;

	if (!line)
		return -ENOMEM;
	memcpy(line, text, size);
	line[size++] = '\n';
	do
		done = write(fd, line, size);
	while (done < 0 && errno == EINTR);
	error = done == (ssize_t)size ? 0 : done < 0 ? -errno : -EIO;
	free(line);
	return error;
}

int journal_write(struct journal *j, struct json_object *record)
{
	int ret = record ? 0 : -ENOMEM;

	if (!ret && j->fd >= 0)
		ret = write_line(j->fd, json_object_to_json_string_ext(record,
								       JSON_C_TO_STRING_PLAIN));
	if (ret)
		message("writing the journal: %s", strerror(-ret));
	json_object_put(record);
	return ret;
}

void journal_close(struct journal *j)
{
	if (j && j->fd >= 0)
		close(j->fd);
	free(j);
}
