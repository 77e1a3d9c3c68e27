// SPDX-License-Identifier: MIT
/* Trace events of several kernels: what one lacks, and what a later one adds, where it likes. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/decode.h"
#include "tests/harness.h"

#define NAME	"reserved"
#define ID	300

/** struct field - a field of an event, and what is in it */
struct field {
	const char *type;
	const char *name;
	unsigned int size;
	uint64_t value;
};

static const struct field common[] = {
	{ "unsigned short", "common_type", 2, ID },
	{ "unsigned char", "common_flags", 1, 0 },
	{ "unsigned char", "common_preempt_count", 1, 0 },
	{ "int", "common_pid", 4, 42 },
};

/** struct sample - an event: its format, and its bytes */
struct sample {
	FILE *format;
	char *text;
	size_t size;
	uint8_t bytes[256];
	unsigned int length;
};

static void add_fields(struct sample *s, const struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		unsigned int size = fields[i].size;

		s->length = (s->length + size - 1) / size * size;
		fprintf(s->format, "\tfield:%s %s;\toffset:%u;\tsize:%u;\tsigned:%d;\n",
			fields[i].type, fields[i].name, s->length, size,
			!strncmp(fields[i].type, "int", 3));
		memcpy(s->bytes + s->length, &fields[i].value, size);
		s->length += size;
	}
}

/* A name's field has where it is, and its length in the upper half. */
static void set_name(struct sample *s)
{
	uint32_t place = s->length | (uint32_t)sizeof(NAME) << 16;

	memcpy(s->bytes + 8, &place, sizeof(place));
	memcpy(s->bytes + s->length, NAME, sizeof(NAME));
	s->length += sizeof(NAME);
}

static struct cma_event decode(const char *name, const struct field *fields, size_t count)
{
	struct tep_handle *tep = tep_alloc();
	struct sample s = { 0 };
	struct cma_decoder decoder;
	struct cma_event event;
	char area[CMA_NAME_SIZE];

	s.format = open_memstream(&s.text, &s.size);
	assert_non_null(s.format);
	fprintf(s.format, "name: %s\nID: %d\nformat:\n", name, ID);
	add_fields(&s, common, COUNT(common));
	fputc('\n', s.format);
	add_fields(&s, fields, count);
	fputs("\nprint fmt: \"%d\", REC->common_pid\n", s.format);
	fclose(s.format);
	set_name(&s);
	assert_int_equal(tep_parse_event(tep, s.text, s.size, "cma"), 0);
	assert_true(cma_decode_init(&decoder, tep));
	/* Cut off anywhere it is refused, whole it is not. */
	for (unsigned int size = 0; size <= s.length; size++) {
		struct tep_record record = { .ts = 7, .data = s.bytes, .size = (int)size };

		assert_int_equal(cma_decode(&decoder, &record, &event, area), size == s.length);
	}
	assert_string_equal(area, NAME);
	assert_int_equal(event.pid, 42);
	assert_int_equal(event.ns, 7);
	tep_free(tep);
	free(s.text);
	return event;
}

#define NAME_FIELD	{ "__data_loc char[]", "name", 4, 0 }

/* Up to 6.4 a failure is an end without a page. */
static void an_end_of_6_1(void **state)
{
	struct field fields[] = {
		NAME_FIELD, { "unsigned long", "pfn", 8, 0x1234 },
		{ "const struct page *", "page", 8, 0xffff1000 },
		{ "unsigned long", "count", 8, 456 }, { "unsigned int", "align", 4, 8 },
	};
	struct cma_event e = decode("cma_alloc_finish", fields, COUNT(fields));

	(void)state;
	assert_int_equal(e.type, CMA_EVENT_FINISH);
	assert_int_equal(e.pfn, 0x1234);
	assert_int_equal(e.count, 456);
	assert_int_equal(e.align, 8);
	assert_false(cma_event_failed(&e));
	fields[2].value = 0;
	e = decode("cma_alloc_finish", fields, COUNT(fields));
	assert_true(cma_event_failed(&e));
	assert_int_equal(e.error, 0);
}

static void an_end_of_6_12(void **state)
{
	static const struct field fields[] = {
		NAME_FIELD, { "unsigned long", "pfn", 8, 0 },
		{ "const struct page *", "page", 8, 0 }, { "unsigned long", "count", 8, 456 },
		{ "unsigned int", "align", 4, 8 }, { "int", "errorno", 4, (uint32_t)-EBUSY },
	};
	struct cma_event e = decode("cma_alloc_finish", fields, COUNT(fields));

	(void)state;
	assert_true(cma_event_failed(&e));
	assert_int_equal(e.error, -EBUSY);
	assert_int_equal(e.pfn, CMA_NOWHERE);
}

/* Later kernels also tell how much there is; the fields that were there have moved. */
static void a_start_with_more_fields(void **state)
{
	static const struct field fields[] = {
		NAME_FIELD, { "unsigned long", "count", 8, 456 },
		{ "unsigned long", "available_count", 8, 3000 },
		{ "unsigned long", "total_count", 8, 65536 }, { "unsigned int", "align", 4, 8 },
	};
	struct cma_event e = decode("cma_alloc_start", fields, COUNT(fields));

	(void)state;
	assert_int_equal(e.type, CMA_EVENT_START);
	assert_int_equal(e.count, 456);
	assert_int_equal(e.align, 8);
}

/* A kernel of 32 bits. */
static void narrow_fields(void **state)
{
	static const struct field fields[] = {
		NAME_FIELD, { "unsigned long", "pfn", 4, 0x1234 },
		{ "const struct page *", "page", 4, 0x1000 }, { "unsigned long", "count", 4, 456 },
	};
	struct cma_event e = decode("cma_release", fields, COUNT(fields));

	(void)state;
	assert_int_equal(e.type, CMA_EVENT_RELEASE);
	assert_int_equal(e.pfn, 0x1234);
	assert_int_equal(e.count, 456);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_of_6_1),
		cmocka_unit_test(an_end_of_6_12),
		cmocka_unit_test(a_start_with_more_fields),
		cmocka_unit_test(narrow_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
