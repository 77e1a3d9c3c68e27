// SPDX-License-Identifier: MIT
/*
 * cma-dat FILE ERROR RETRIES [UNAME]: a trace.dat (version 6, trace-cmd.dat.v6(5)) of one processor
 * with one request that failed after so many busy places, as trace-cmd record -e cma writes it.
 * UNAME is what it has of uname(2): system, node, release, machine.
 */
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define PAGE		4096
#define OPTION_UNAME	5
#define COUNT		300
#define PFN		0x40100
#define RETRIES_MAX	9

/* One layout serves all events; what an event lacks its format does not tell. */
struct record {
	uint16_t type;
	uint16_t flags;
	int32_t pid;
	uint32_t name;		/* length << 16 | place of @text */
	uint32_t align;
	uint64_t pfn;
	uint64_t page;
	uint64_t count;
	int32_t errorno;
	char text[12];
};

static const struct event {
	uint16_t id;
	const char *name;
	bool has_pfn;
	bool has_error;
} start = { 101, "cma_alloc_start", false, false },
	busy = { 102, "cma_alloc_busy_retry", true, false },
	finish = { 103, "cma_alloc_finish", true, true };

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static void put(FILE *out, uint64_t value, size_t bytes)
{
	value = htole64(value);
	fwrite(&value, 1, bytes, out);
}

static void put_text(FILE *out, const char *text, size_t size_bytes)
{
	put(out, strlen(text), size_bytes);
	fputs(text, out);
}

static void put_format(FILE *out, const struct event *event)
{
	static const char line[] = "\tfield:%s;\toffset:%zu;\tsize:%zu;\tsigned:%d;\n";
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	fprintf(f, "name: %s\nID: %u\nformat:\n", event->name, event->id);
	fprintf(f, line, "unsigned short common_type", (size_t)0, (size_t)2, 0);
	fprintf(f, line, "unsigned char common_flags", (size_t)2, (size_t)1, 0);
	fprintf(f, line, "unsigned char common_preempt_count", (size_t)3, (size_t)1, 0);
	fprintf(f, line, "int common_pid", (size_t)4, (size_t)4, 1);
	fputc('\n', f);
	fprintf(f, line, "__data_loc char[] name", offsetof(struct record, name), (size_t)4, 1);
	fprintf(f, line, "unsigned int align", offsetof(struct record, align), (size_t)4, 0);
	fprintf(f, line, "unsigned long count", offsetof(struct record, count), (size_t)8, 0);
	if (event->has_pfn)
		fprintf(f, line, "unsigned long pfn", offsetof(struct record, pfn), (size_t)8, 0);
	if (event->has_error)
		fprintf(f, line, "int errorno", offsetof(struct record, errorno), (size_t)4, 1);
	fprintf(f, "\nprint fmt: \"%%lu\", REC->count\n");
	fclose(f);
	put_text(out, text, 8);
	free(text);
}

static void put_head(FILE *out, const char *uname)
{
	fwrite("\x17\x08\x44tracing6", 1, 12, out);
	put(out, 0, 1);		/* little-endian */
	put(out, 8, 1);		/* bytes of a long */
	put(out, PAGE, 4);
	fwrite("header_page", 1, 12, out);
	put_text(out, header_page, 8);
	fwrite("header_event", 1, 13, out);
	put_text(out, "# compressed entry header\n", 8);
	put(out, 0, 4);		/* no events of ftrace itself */
	put(out, 1, 4);
	fwrite("cma", 1, 4, out);
	put(out, 3, 4);
	put_format(out, &start);
	put_format(out, &busy);
	put_format(out, &finish);
	put(out, 0, 4);		/* neither symbols */
	put(out, 0, 4);		/* nor formats of printk */
	put_text(out, "7 camera\n", 8);
	put(out, 1, 4);		/* processors */
	fwrite("options  ", 1, 10, out);
	if (uname) {
		put(out, OPTION_UNAME, 2);
		put(out, strlen(uname) + 1, 4);
		fwrite(uname, 1, strlen(uname) + 1, out);
	}
	put(out, 0, 2);
	fwrite("flyrecord", 1, 10, out);
}

/* An event of the ring buffer: its size in words and its delay in ns, then the record. */
static void put_record(FILE *out, const struct event *event, int error)
{
	struct record r = { .type = event->id, .pid = 7, .align = 8, .count = COUNT,
			    .text = "reserved" };

	r.name = (uint32_t)((strlen(r.text) + 1) << 16 | offsetof(struct record, text));
	if (event->has_error)
		r.errorno = error;
	else if (event->has_pfn)
		r.pfn = PFN;
	put(out, sizeof(r) / 4 | 1000 << 5, 4);
	fwrite(&r, 1, sizeof(r), out);
}

/* The ring buffer's page: when, how many bytes, and the events. */
static void put_page(FILE *out, int error, unsigned int retries)
{
	put(out, 1000000, 8);
	put(out, (retries + 2) * (4 + sizeof(struct record)), 8);
	put_record(out, &start, 0);
	for (unsigned int i = 0; i < retries; i++)
		put_record(out, &busy, 0);
	put_record(out, &finish, error);
}

static int write_dat(FILE *out, int error, unsigned int retries, const char *uname)
{
	long place;

	put_head(out, uname);
	/* Its own place and size come before the page, which begins where a page can be mapped. */
	place = (ftell(out) + 16 + PAGE - 1) / PAGE * PAGE;
	put(out, (uint64_t)place, 8);
	put(out, PAGE, 8);
	fseek(out, place, SEEK_SET);
	put_page(out, error, retries);
	fseek(out, place + PAGE - 1, SEEK_SET);
	put(out, 0, 1);
	return ferror(out);
}

int main(int argc, char **argv)
{
	unsigned int retries;
	FILE *out;
	int bad;

	message_program(argv[0]);
	retries = argc == 4 || argc == 5 ? (unsigned int)atoi(argv[3]) : RETRIES_MAX + 1;
	if (retries > RETRIES_MAX) {
		fputs("Usage: cma-dat FILE ERROR RETRIES [UNAME]\n", stderr);
		return EXIT_USAGE;
	}
	out = fopen(argv[1], "wb");
	if (!out)
		return EXIT_ENVIRONMENT;
	bad = write_dat(out, atoi(argv[2]), retries, argv[4]);
	return fclose(out) || bad ? EXIT_ENVIRONMENT : EXIT_OK;
}
