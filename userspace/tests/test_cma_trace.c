// SPDX-License-Identifier: MIT
/* Recorded traces: what is written is read, and nothing else is believed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cma/decode.h"
#include "cma/trace.h"
#include "tests/harness.h"

#define EVENTS	2000

static char path[64];

static int make_path(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/vdc-cma-trace-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static void fill_info(struct cma_trace_info *info)
{
	struct cma_area first = { "reserved", 0x48000, 16384, 0 };
	struct cma_area second = { "camera", 0x60001, 1000 << 2, 2 };

	memset(info, 0, sizeof(*info));
	snprintf(info->release, sizeof(info->release), "6.12.117");
	info->page_size = 4096;
	info->total_pages = 262144;
	info->area_count = 3;
	assert_int_equal(cma_bitmap_init(&info->areas[0].map, &first), 0);
	assert_int_equal(cma_bitmap_init(&info->areas[1].map, &second), 0);
	info->areas[0].known = true;
	info->areas[0].start_known = true;
	info->areas[1].known = true;
	snprintf(info->areas[2].map.area.name, CMA_NAME_SIZE, "nameonly");
	for (int i = 0; i < 100; i++)
		cma_bitmap_write(&info->areas[0].map, (uint64_t)(rand() % 16384),
				 (uint64_t)(rand() % 90), rand() % 2);
	cma_bitmap_write(&info->areas[0].map, 0, 7, true);
}

static void free_info(struct cma_trace_info *info)
{
	for (unsigned int i = 0; i < info->area_count; i++)
		cma_bitmap_end(&info->areas[i].map);
}

static uint64_t any_pfn(void)
{
	return 0x48000 + (uint64_t)(rand() % 16384);
}

/* An event with exactly the fields that its type has. */
static struct cma_event any_event(uint64_t ns)
{
	struct cma_event e = { .ns = ns, .type = (enum cma_event_type)(rand() % 6),
			       .pid = rand() % 500, .area = rand() % 4 - 1, .pfn = CMA_NOWHERE };

	sprintf(e.comm, "task-%d", e.pid % 37);
	if (e.type >= CMA_EVENT_ISOLATED) {
		e.area = -1;
		e.pfn = any_pfn();
		e.end_pfn = e.pfn + (uint64_t)(rand() % 4096);
		if (e.type == CMA_EVENT_ISOLATED) {
			e.fin_pfn = rand() % 3 ? e.end_pfn : e.pfn - 3;
		} else {
			e.migrated = (uint64_t)rand();
			e.reclaimed = (uint64_t)(rand() % 5);
		}
		return e;
	}
	e.count = 1 + (uint64_t)(rand() % 5000);
	if (e.type != CMA_EVENT_RELEASE)
		e.align = (uint32_t)(rand() % 9);
	if (e.type == CMA_EVENT_FINISH && !(rand() % 4))
		e.error = rand() % 2 ? -ENOMEM : -EBUSY;
	else if (e.type != CMA_EVENT_START)
		e.pfn = any_pfn();
	return e;
}

static void write_trace(struct cma_event *events, size_t count)
{
	struct cma_trace_writer *writer;
	struct cma_trace_info info;
	uint64_t ns = 1000;

	srand(3);
	fill_info(&info);
	assert_int_equal(cma_trace_create(path, &info, &writer), 0);
	for (size_t i = 0; i < count; i++) {
		events[i] = any_event(ns += (uint64_t)rand());
		assert_int_equal(cma_trace_write(writer, &events[i]), 0);
	}
	assert_int_equal(cma_trace_finish(writer, 17), 0);
	free_info(&info);
}

static void assert_event(const struct cma_event *got, const struct cma_event *put)
{
	assert_int_equal(got->ns, put->ns);
	assert_int_equal(got->type, put->type);
	assert_int_equal(got->pid, put->pid);
	assert_string_equal(got->comm, put->comm);
	assert_int_equal(got->area, put->area);
	assert_int_equal(got->pfn, put->pfn);
	assert_int_equal(got->count, put->count);
	assert_int_equal(got->align, put->align);
	assert_int_equal(got->error, put->error);
	assert_int_equal(got->end_pfn, put->end_pfn);
	assert_int_equal(got->fin_pfn, put->fin_pfn);
	assert_int_equal(got->migrated, put->migrated);
	assert_int_equal(got->reclaimed, put->reclaimed);
}

static void gives_back_what_was_written(void **state)
{
	static struct cma_event events[EVENTS];
	const struct cma_trace_info *got;
	struct cma_trace_reader *reader;
	struct cma_trace_info put;
	struct cma_event event;

	(void)state;
	write_trace(events, EVENTS);
	srand(3);
	fill_info(&put);
	assert_int_equal(cma_trace_open(path, &reader), 0);
	got = cma_trace_info(reader);
	assert_string_equal(got->release, "6.12.117");
	assert_int_equal(got->page_size, 4096);
	assert_int_equal(got->total_pages, 262144);
	assert_int_equal(got->area_count, 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_string_equal(got->areas[i].map.area.name, put.areas[i].map.area.name);
		assert_int_equal(got->areas[i].known, put.areas[i].known);
		assert_int_equal(got->areas[i].start_known, put.areas[i].start_known);
		assert_int_equal(got->areas[i].map.area.base_pfn, put.areas[i].map.area.base_pfn);
		assert_int_equal(got->areas[i].map.bits, put.areas[i].map.bits);
		assert_memory_equal(got->areas[i].map.words, put.areas[i].map.words,
				    (put.areas[i].map.bits + 63) / 64 * 8);
	}
	for (size_t i = 0; i < EVENTS; i++) {
		assert_int_equal(cma_trace_next(reader, &event), 1);
		assert_event(&event, &events[i]);
	}
	assert_int_equal(cma_trace_next(reader, &event), 0);
	assert_int_equal(cma_trace_next(reader, &event), 0);
	assert_int_equal(got->lost, 17);
	assert_false(got->cut);
	cma_trace_close(reader);
	free_info(&put);
}

static void pages_of_no_machine_are_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 32, 1024, 4095, 12288, 1u << 21, 1u << 31 };
	struct cma_trace_info info = { .page_size = 0 };
	struct cma_trace_writer *writer;
	struct cma_trace_reader *reader;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		info.page_size = sizes[i];
		assert_int_equal(cma_trace_create(path, &info, &writer), 0);
		assert_int_equal(cma_trace_finish(writer, 0), 0);
		assert_int_equal(cma_trace_open(path, &reader), -EINVAL);
	}
}

static void names_areas_on_the_way(void **state)
{
	struct cma_event event = { .type = CMA_EVENT_START, .count = 1, .comm = "a", .area = 0 };
	struct cma_trace_info info = { .page_size = 4096 };
	struct cma_trace_writer *writer;
	struct cma_trace_reader *reader;

	(void)state;
	assert_int_equal(cma_trace_create(path, &info, &writer), 0);
	assert_int_equal(cma_trace_write(writer, &event), -EINVAL);
	assert_int_equal(cma_trace_write_area(writer, "late"), 0);
	assert_int_equal(cma_trace_write(writer, &event), 0);
	assert_int_equal(cma_trace_finish(writer, 0), 0);
	assert_int_equal(cma_trace_open(path, &reader), 0);
	assert_int_equal(cma_trace_info(reader)->area_count, 0);
	assert_int_equal(cma_trace_next(reader, &event), 1);
	assert_int_equal(event.area, 0);
	assert_string_equal(cma_trace_info(reader)->areas[0].map.area.name, "late");
	assert_false(cma_trace_info(reader)->areas[0].known);
	assert_int_equal(cma_trace_next(reader, &event), 0);
	cma_trace_close(reader);
}

/* Linux 6.1: no error; a failure has no page. */
static const char old_finish[] =
	"name: cma_alloc_finish\nID: 77\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:const struct page * page;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long count;\toffset:24;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned int align;\toffset:32;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"%lx\", REC->pfn\n";

static void invents_no_error(void **state)
{
	struct tep_handle *tep = tep_alloc();
	struct {
		uint16_t type;
		uint16_t flags;
		int32_t pid;
		uint64_t pfn;
		uint64_t page;
		uint64_t count;
		uint64_t align;
	} bytes = { .type = 77, .pid = 5, .pfn = UINT64_MAX, .count = 9 };
	struct tep_record record = { .data = &bytes, .size = sizeof(bytes) };
	struct cma_decoder decoder;
	struct cma_event event;
	char area[CMA_NAME_SIZE];

	(void)state;
	tep_set_long_size(tep, 8);
	assert_int_equal(tep_parse_event(tep, old_finish, sizeof(old_finish) - 1, "cma"), 0);
	assert_true(cma_decode_init(&decoder, tep));
	assert_true(cma_decode(&decoder, &record, &event, area));
	assert_true(cma_event_failed(&event));
	assert_int_equal(event.error, 0);
	bytes.pfn = 0x1234;
	bytes.page = 0x5678;
	assert_true(cma_decode(&decoder, &record, &event, area));
	assert_false(cma_event_failed(&event));
	assert_int_equal(event.pfn, 0x1234);
	tep_free(tep);
}

static void refuses_time_that_runs_back(void **state)
{
	struct cma_event event = { .type = CMA_EVENT_RELEASE, .ns = 10, .area = -1 };
	struct cma_trace_info info = { .page_size = 4096 };
	struct cma_trace_writer *writer;

	(void)state;
	assert_int_equal(cma_trace_create(path, &info, &writer), 0);
	assert_int_equal(cma_trace_write(writer, &event), 0);
	event.ns = 9;
	assert_int_equal(cma_trace_write(writer, &event), -EINVAL);
	assert_int_equal(cma_trace_finish(writer, 0), 0);
}

static size_t load(uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	assert_non_null(file);
	got = fread(bytes, 1, size, file);
	fclose(file);
	return got;
}

static void store(const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* Read to the end, whatever it is. */
static int read_all(size_t *events, bool *cut)
{
	struct cma_trace_reader *reader;
	struct cma_event event;
	int ret = cma_trace_open(path, &reader);

	*events = 0;
	*cut = false;
	if (ret)
		return ret;
	while ((ret = cma_trace_next(reader, &event)) == 1)
		++*events;
	*cut = cma_trace_info(reader)->cut;
	cma_trace_close(reader);
	return ret;
}

static void quiet(void)
{
	assert_non_null(freopen("/dev/null", "w", stderr));
}

static void a_cut_trace_gives_what_is_whole(void **state)
{
	static struct cma_event events[60];
	static uint8_t bytes[65536];
	size_t size, count, last = 0;
	bool cut;

	(void)state;
	write_trace(events, COUNT(events));
	size = load(bytes, sizeof(bytes));
	quiet();
	for (size_t length = 0; length < size; length++) {
		int ret;

		store(bytes, length);
		ret = read_all(&count, &cut);
		if (ret) {
			/* Inside the head nothing can be had, and the first event is far behind. */
			assert_int_equal(last, 0);
			continue;
		}
		assert_true(cut);
		assert_in_range(count, last, last + 1);
		last = count;
	}
	assert_int_equal(last, COUNT(events));
	store(bytes, size);
	assert_int_equal(read_all(&count, &cut), 0);
	assert_false(cut);
}

static void damage_neither_crashes_nor_hangs(void **state)
{
	static struct cma_event events[40];
	static uint8_t bytes[65536], bad[65536];
	size_t size, count;
	bool cut;

	(void)state;
	write_trace(events, COUNT(events));
	size = load(bytes, sizeof(bytes));
	quiet();
	for (int round = 0; round < 3000; round++) {
		memcpy(bad, bytes, size);
		for (int i = 0; i <= round % 4; i++)
			bad[8 + (size_t)rand() % (size - 8)] = (uint8_t)rand();
		store(bad, size);
		read_all(&count, &cut);
	}
}

static void a_wrong_count_is_damage(void **state)
{
	static struct cma_event events[20];
	static uint8_t bytes[65536];
	size_t size, count;
	bool cut;

	(void)state;
	write_trace(events, COUNT(events));
	size = load(bytes, sizeof(bytes));
	assert_int_equal(bytes[size - 2], COUNT(events));
	bytes[size - 2]++;
	store(bytes, size);
	assert_int_equal(read_all(&count, &cut), -EILSEQ);
	assert_int_equal(count, COUNT(events));
}

static void no_trace_is_refused(void **state)
{
	static const char *const others[] = { "", "c", "cmatrac", "hello, this is no trace at all",
		"\x17\x08\x44tracing", "\x17\x08\x44tracing6\0\0\x08\0\0\x10\0\0", "cmatrace",
		"cmatrace\x02", "cmatrace\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff" };
	size_t count;
	bool cut;

	(void)state;
	quiet();
	for (size_t i = 0; i < COUNT(others); i++) {
		store((const uint8_t *)others[i], strlen(others[i]));
		assert_true(read_all(&count, &cut) < 0);
	}
	assert_int_equal(cma_trace_open("/nonexistent/trace", &(struct cma_trace_reader *){ 0 }),
			 -ENOENT);
}

/* A trace byte by byte; @head is what follows the number of areas. */
static void store_parts(uint8_t areas, const char *head, size_t head_size, const char *records,
			size_t records_size)
{
	static const uint8_t start[] = {
		'c', 'm', 'a', 't', 'r', 'a', 'c', 'e', 1, 0x80, 0x20, 0, 0 };
	uint8_t bytes[256];
	size_t size = sizeof(start);

	memcpy(bytes, start, size);
	bytes[size++] = areas;
	memcpy(bytes + size, head, head_size);
	size += head_size;
	memcpy(bytes + size, records, records_size);
	store(bytes, size + records_size);
}

#define STORE(areas, head, records) \
	store_parts(areas, head, sizeof(head) - 1, records, sizeof(records) - 1)

static void nonsense_is_refused(void **state)
{
	size_t count;
	bool cut;

	(void)state;
	quiet();
	/* Runs of 8 bits: 4 free, 4 taken; then with an empty one between. */
	STORE(1, "\3\1a\0\10\0\4\4", "\0\0\0");
	assert_int_equal(read_all(&count, &cut), 0);
	STORE(1, "\3\1a\0\10\0\4\0\4", "\0\0\0");
	assert_int_equal(read_all(&count, &cut), -EILSEQ);
	/* Two areas of 4 TiB. */
	STORE(2, "\1\1a\0\x80\x80\x80\x80\4\0\1\1b\0\x80\x80\x80\x80\4\0", "\0\0\0");
	assert_int_equal(read_all(&count, &cut), -EILSEQ);
	/* An event of no area, of the first of none, and of a thread nobody named. */
	STORE(0, "", "\2\1\1x\3\0\0\0\1\0\0\1\0");
	assert_int_equal(read_all(&count, &cut), 0);
	assert_int_equal(count, 1);
	STORE(0, "", "\2\1\1x\3\0\0\1\1\0\0\1\0");
	assert_int_equal(read_all(&count, &cut), -EILSEQ);
	STORE(0, "", "\2\1\1x\3\0\1\0\1\0\0\1\0");
	assert_int_equal(read_all(&count, &cut), -EILSEQ);
}

static void names_do_not_control_terminals(void **state)
{
	struct cma_trace_reader *reader;
	struct cma_event event;

	(void)state;
	STORE(1, "\0\2\33a", "\2\1\3x\n\x7f\3\0\0\1\1\0\0\1\0");
	assert_int_equal(cma_trace_open(path, &reader), 0);
	assert_string_equal(cma_trace_info(reader)->areas[0].map.area.name, "?a");
	assert_int_equal(cma_trace_next(reader, &event), 1);
	assert_string_equal(event.comm, "x??");
	cma_trace_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_written),
		cmocka_unit_test(pages_of_no_machine_are_refused),
		cmocka_unit_test(names_areas_on_the_way),
		cmocka_unit_test(invents_no_error),
		cmocka_unit_test(refuses_time_that_runs_back),
		cmocka_unit_test(a_wrong_count_is_damage),
		cmocka_unit_test(a_cut_trace_gives_what_is_whole),
		cmocka_unit_test(damage_neither_crashes_nor_hangs),
		cmocka_unit_test(no_trace_is_refused),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(names_do_not_control_terminals),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
