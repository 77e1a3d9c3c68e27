// SPDX-License-Identifier: MIT
#include <string.h>

#include "cma/log_reader.h"

#define WATCH_FAILURE	300	/* lines: a failure's list, stack and memory status */
#define WATCH_BOOT	8	/* lines: the name of a pool comes after it */
#define WATCH_BUSY	8	/* lines: who could not have what was busy */
#define STRANGERS_MAX	64	/* lines between two parts of a list */
#define MESSAGE_SINCE	4011	/* kernel that tells of each failure itself */
#define PAGE_KB		4	/* where nothing tells the size of a page */

const char *const log_words[] = {
	"cma_alloc", "alloc failed, req-size", "available pages", "PFNs busy", "Linux version ",
	"CMA memory pool", "is busy, retrying", " MiB at ", "next_zero_area",
	"test_pages_isolated(", NULL
};

void log_reader_init(struct log_reader *reader, cma_log_found found, void *data)
{
	memset(reader, 0, sizeof(*reader));
	reader->found = found;
	reader->data = data;
	log_request_forget(&reader->request);
}

void log_reader_end(struct log_reader *reader)
{
	log_open_end(&reader->open);
	log_list_end(&reader->list);
}

/* Look at the next lines, whatever is in them; this one counts as the first. */
static void watch(struct log_reader *reader, unsigned int lines)
{
	if (reader->watch < lines)
		reader->watch = lines;
}

static int close_list(struct log_reader *reader)
{
	if (!reader->listing)
		return 0;
	reader->listing = false;
	return log_open_read(&reader->open, &reader->boot, &reader->list);
}

/* How many pages these are is only known when the area is. */
static void set_memory(struct log_open_failure *open)
{
	struct cma_failure *f = &open->failure;
	uint64_t page_kb = f->page_size ? f->page_size / 1024 : PAGE_KB;

	if (open->free_kb == CMA_UNKNOWN)
		return;
	f->system_free_pages = open->free_kb / page_kb;
	f->system_min_pages = open->min_kb / page_kb;
}

static void tell(struct log_reader *reader, struct log_open_failure *open)
{
	struct cma_failure *f = &open->failure;

	if (!f->kernel)
		f->kernel = reader->kernel;
	log_boot_place(&reader->boot, f);
	set_memory(open);
	log_printable(f->area.name);
	log_printable(f->comm);
	reader->found(reader->data, f);
}

int log_reader_flush(struct log_reader *reader)
{
	int ret = close_list(reader);

	if (!reader->open.count || ret)
		return ret;
	for (size_t i = 0; i < reader->open.count; i++)
		tell(reader, &reader->open.at[i]);
	log_open_end(&reader->open);
	reader->watch = 0;
	return 0;
}

/* A new failure; what debug messages said before is added when its size is known. */
static struct cma_failure *add_failure(struct log_reader *reader, const struct log_line *line,
				       uint64_t number)
{
	struct cma_failure *f = &log_open_add(&reader->open)->failure;

	reader->watch = WATCH_FAILURE;
	reader->want_error = 0;
	reader->memory_told = false;
	f->time = line->time;
	f->line = number;
	f->pid = line->pid;
	memcpy(f->comm, line->comm, sizeof(line->comm));
	f->suppressed = reader->suppressed;
	reader->suppressed = 0;
	return f;
}

static void read_name(struct cma_failure *f, const char *text, const char *failed)
{
	const char *name = text, *end = failed, *at = text;
	bool prefix = true;

	/* "cma: cma_alloc: NAME: alloc failed"; "NAME: alloc failed" from vendors' allocators. */
	while ((at = log_find(at, failed, "cma_alloc"))) {
		f->old_message = at < text + 2 || at[-1] != '_';
		at += strlen("cma_alloc");
		name = at;
		prefix = false;
	}
	for (at = name; at < failed; at++)
		if (*at == ' ' && at + 1 < failed)
			name = at + 1;
	while (end > name && (end[-1] == ' ' || end[-1] == ':'))
		end--;
	if (end - name >= CMA_NAME_SIZE || memchr(name, ':', (size_t)(end - name)))
		return;
	if (prefix && end - name == 3 && !memcmp(name, "cma", 3))
		return;
	memcpy(f->area.name, name, (size_t)(end - name));
	f->area.name[end - name] = 0;
}

/* The error, which may also be all that a mail program left on a line. */
static bool read_error(struct cma_failure *f, const struct log_line *line)
{
	const char *at = log_after(line->text, line->end, "ret:");
	uint64_t error;

	if (!at)
		at = line->text;
	while (at < line->end && *at == ' ')
		at++;
	if (!log_skip(&at, line->end, "-") || !log_number(&at, line->end, 10, &error) ||
	    error > 4095)
		return false;
	f->error = -(int)error;
	return true;
}

/* "cma: cma_alloc: NAME: alloc failed, req-size: 456 pages, ret: -12" */
static int on_failed(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	const char *at = log_after(line->text, line->end, "alloc failed, req-size:");
	struct cma_failure *f;
	uint64_t count;
	int ret;

	while (at && at < line->end && *at == ' ')
		at++;
	if (!at || at == line->end || *at < '0' || *at > '9')
		return 0;
	if (!log_number(&at, line->end, 10, &count))
		count = CMA_UNKNOWN;
	ret = close_list(reader);
	/* Two that fail at one time say so first, and list then. */
	if (!ret && !log_open_waits(&reader->open, line))
		ret = log_reader_flush(reader);
	if (ret)
		return ret;
	f = add_failure(reader, line, number);
	read_name(f, line->text, log_find(line->text, line->end, "alloc failed"));
	f->count = count;
	reader->want_error = read_error(f, line) ? 0 : 2;
	log_request_add(&reader->request, f);
	return 0;
}

static int begin_list(struct log_reader *reader, const struct log_line *line, const char *at,
		      bool cut)
{
	int ret;

	reader->listing = true;
	reader->list_pid = line->pid;
	log_list_begin(&reader->list);
	reader->list.cut = cut;
	ret = log_list_add(&reader->list, at, line->end);
	return ret || !(cut || reader->list.complete) ? ret : close_list(reader);
}

/* "cma: number of available pages: 5@1027+...": of a failure before, or of a suppressed one. */
static int on_list(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	const char *at = log_after(line->text, line->end, "available pages");
	int ret = close_list(reader);

	if (!ret && !log_open_choose(&reader->open, line)) {
		log_open_rival(&reader->open, line);
		ret = log_reader_flush(reader);
		if (!ret)
			add_failure(reader, line, number);
		log_open_choose(&reader->open, line);
	}
	if (ret)
		return ret;
	log_skip(&at, line->end, ":");
	return begin_list(reader, line, at, false);
}

/* "cma_alloc: 12 callbacks suppressed" */
static int on_suppressed(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	uint64_t n;

	(void)number;
	if (log_value(line->text, line->end, "cma_alloc: ", &n) &&
	    __builtin_add_overflow(reader->suppressed, n, &reader->suppressed))
		reader->suppressed = UINT64_MAX;
	return 0;
}

static int on_request(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_request_read(&reader->request, line);
	return 0;
}

static int on_search(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_request_search(&reader->request, line);
	return 0;
}

static int on_retry(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_request_retry(&reader->request, line);
	return 0;
}

/* "cma_alloc(): returned 00000000c27ec2f6": what was busy is of no other request. */
static int on_returned(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)line;
	(void)number;
	log_request_forget(&reader->request);
	return 0;
}

static int on_busy(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_request_busy(&reader->request, line);
	watch(reader, WATCH_BUSY);
	return 0;
}

/*
 * "failed to allocate buffer with size 1089536": kernels before 4.11 say nothing themselves, so a
 * driver that complains of a size whose places were just found busy is as good. Later ones do.
 */
static int on_driver(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	struct log_open_failure *last = log_open_last(&reader->open);
	struct cma_failure asked, *f;
	uint64_t size;
	int ret;

	if ((!log_value(line->text, line->end, " size ", &size) &&
	     !log_value(line->text, line->end, "alloc buffer: ", &size)) || !size ||
	    reader->kernel >= MESSAGE_SINCE)
		return 0;
	cma_failure_init(&asked);
	asked.time = line->time;
	asked.pid = line->pid;
	asked.count = (size - 1) / (reader->boot.page_size ?: PAGE_KB * 1024) + 1;
	if (last && last->failure.count == asked.count)
		return 0;
	log_request_add_busy(&reader->request, &asked);
	if (asked.busy_retries == CMA_UNKNOWN)
		return 0;
	ret = log_reader_flush(reader);
	if (ret)
		return ret;
	f = add_failure(reader, line, number);
	f->count = asked.count;
	f->old_message = true;
	log_request_add(&reader->request, f);
	return 0;
}

/* "cma: => 1042 free of 32768 total pages", where grep left only that of a list. */
static int on_list_end(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	if (reader->listing || !log_open_choose(&reader->open, line))
		return 0;
	return begin_list(reader, line, log_find(line->text, line->end, "=> "), true);
}

/* "Linux version 6.12.34+rpt-rpi-v8 (...)": a new boot. */
static int on_boot(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	const char *at = log_after(line->text, line->end, "Linux version ");
	uint64_t major, minor;
	int ret;

	(void)number;
	if (!log_number(&at, line->end, 10, &major) || !log_skip(&at, line->end, ".") ||
	    !log_number(&at, line->end, 10, &minor) || major > 1000 || minor > 999)
		return 0;
	ret = log_reader_flush(reader);
	reader->kernel = (unsigned int)(major * 1000 + minor);
	log_boot_forget(&reader->boot);
	reader->suppressed = 0;
	log_request_forget(&reader->request);
	return ret;
}

/* "CPU: 2 PID: 482 Comm: v4l2-ctl Not tainted 5.3.0-rc1+ #159" */
static int on_stack(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	const char *at = log_after(line->text, line->end, "ainted");
	uint64_t major, minor;

	(void)number;
	while (at < line->end && (*at < '0' || *at > '9'))
		at++;
	if (!reader->kernel && log_number(&at, line->end, 10, &major) &&
	    log_skip(&at, line->end, ".") && log_number(&at, line->end, 10, &minor) &&
	    major <= 1000 && minor <= 999)
		reader->kernel = (unsigned int)(major * 1000 + minor);
	return 0;
}

static int on_pool(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_boot_reserved(&reader->boot, line);
	watch(reader, WATCH_BOOT);
	return 0;
}

static int on_pool_name(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)number;
	log_boot_named(&reader->boot, line);
	return 0;
}

/* "Normal free:351096kB min:30000kB low:... free_cma:1352kB": a zone in the memory status. */
static int on_zone(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	struct log_open_failure *last = log_open_last(&reader->open);
	const char *at = log_after(line->text, line->end, " free:");
	uint64_t free, min, cma;

	(void)number;
	if (!last || reader->memory_told || log_open_later(&last->failure, line))
		return 0;
	if (at && log_number(&at, line->end, 10, &free) && log_skip(&at, line->end, "kB") &&
	    log_value(line->text, line->end, " min:", &min) && free < 1ULL << 50 &&
	    min < 1ULL << 50) {
		last->free_kb = (last->free_kb == CMA_UNKNOWN ? 0 : last->free_kb) + free;
		last->min_kb += min;
	}
	at = log_after(line->text, line->end, "free_cma:");
	if (at && last->free_kb != CMA_UNKNOWN && log_number(&at, line->end, 10, &cma) &&
	    log_skip(&at, line->end, "kB"))
		last->free_kb -= cma < last->free_kb ? cma : last->free_kb;
	return 0;
}

/* The memory status is told: or what comes now is of somebody else ("invoked oom-killer"). */
static int on_memory_end(struct log_reader *reader, const struct log_line *line, uint64_t number)
{
	(void)line;
	(void)number;
	reader->memory_told = true;
	return 0;
}

/* The first word that a line has says what it is. */
static const struct {
	const char *word;
	int (*read)(struct log_reader *reader, const struct log_line *line, uint64_t number);
} kinds[] = {
	{ "alloc failed, req-size:", on_failed },
	{ "number of available pages", on_list },
	{ "callbacks suppressed", on_suppressed },
	{ "PFNs busy", on_busy },
	{ "test_pages_isolated(", on_busy },
	{ "is busy, retrying", on_retry },
	{ "cma_alloc(): returned ", on_returned },
	{ "cma_alloc_frozen(): returned ", on_returned },
	{ "next_zero_area_off:", on_search },
	{ "cma_alloc(cma ", on_request },
	{ "cma_alloc_frozen(cma ", on_request },
	{ "Linux version ", on_boot },
	{ " MiB at ", on_pool },
	{ "CMA memory pool at ", on_pool },
	{ "initialized node ", on_pool_name },
	{ "ainted", on_stack },
	{ "failed to allocate buffer with size ", on_driver },
	{ "Failed to alloc buffer: ", on_driver },
	{ "dma alloc of size ", on_driver },
	{ "dma_alloc_coherent of size ", on_driver },
	{ "=> ", on_list_end },
	{ " free:", on_zone },
	{ "free_cma:", on_zone },
	{ "pagecache pages", on_memory_end },
	{ "invoked oom-killer", on_memory_end },
};

/* Whether the line went into the list that is being collected. */
static bool take_part(struct log_reader *reader, struct log_line *line, int *ret)
{
	struct log_line part = *line;
	const char *colon;

	if (reader->list_pid >= 0 && line->pid >= 0 && line->pid != reader->list_pid)
		return false;
	if (log_skip(&part.text, part.end, "cma: ") || log_skip(&part.text, part.end, "cma : "))
		while (part.text < part.end && *part.text == ' ')
			part.text++;
	/* A list that was cut by hand goes on behind a colon. */
	colon = part.text;
	if (log_skip(&colon, part.end, ": "))
		part.text = colon;
	if (!log_list_is_part(&part))
		return false;
	*ret = log_list_add(&reader->list, part.text, part.end);
	if (!*ret && reader->list.complete)
		*ret = close_list(reader);
	return true;
}

static int read_line(struct log_reader *reader, struct log_line *line, uint64_t number)
{
	struct log_open_failure *last;
	int ret = 0;

	if (reader->listing && take_part(reader, line, &ret))
		return ret;
	if (reader->listing && ++reader->list.strangers > STRANGERS_MAX)
		ret = close_list(reader);
	for (size_t i = 0; !ret && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (log_find(line->text, line->end, kinds[i].word))
			return kinds[i].read(reader, line, number);
	last = log_open_last(&reader->open);
	if (reader->want_error) {
		reader->want_error--;
		if (last && read_error(&last->failure, line))
			reader->want_error = 0;
	}
	return ret;
}

int log_reader_line(struct log_reader *reader, const char *text, size_t size, uint64_t number)
{
	struct log_line line;
	int ret;

	log_line_strip(&line, text, size);
	ret = read_line(reader, &line, number);
	if (reader->watch && !--reader->watch && !ret)
		ret = log_reader_flush(reader);
	return ret;
}
