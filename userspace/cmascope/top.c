// SPDX-License-Identifier: MIT
/* cmascope top: who allocates how much, how fast, now. */
#include <errno.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cma/listen.h"
#include "cma/trace_here.h"
#include "cmascope/account_json.h"
#include "cmascope/commands.h"
#include "cmascope/interrupt.h"
#include "cmascope/top_text.h"
#include "message.h"

#define INTERVAL_MS	1000
#define KEY_MS		200	/* how soon a key is seen */
#define MAX_SECONDS	(366u * 86400)
#define MAX_LINES	1000u
#define PRINTED_WIDTH	120
#define CONTROL_L	('L' & 31)	/* draws all anew, as everywhere */

struct top {
	const char *json;
	const char *area;
	double seconds;
	bool once;
	bool screen;
	SCREEN *terminal;
	struct cma_trace_info info;
	struct cma_listener *listener;
	struct top_view view;
	uint64_t started;
};

static double seconds_since(uint64_t ns)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)((uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec - ns) / 1e9;
}

static int count_event(void *context, const struct cma_event *event)
{
	struct top *t = context;

	cma_account_add(t->view.account, &t->info, event);
	return 0;
}

static bool is_head(const char *line)
{
	return !strncmp(line, TOP_HEAD_AREA " ", strlen(TOP_HEAD_AREA " ")) ||
		!strncmp(line, TOP_HEAD_PROCESS " ", strlen(TOP_HEAD_PROCESS " "));
}

static void show_screen(const struct top *t)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int y = 0;

	if (!out)
		return;
	top_text(&t->view, (unsigned int)COLS, (size_t)LINES - 1, out);
	fclose(out);
	erase();
	for (rest = text; y < LINES - 1 && (line = strsep(&rest, "\n")); y++) {
		attrset(is_head(line) ? A_REVERSE : !y ? A_BOLD : A_NORMAL);
		mvaddnstr(y, 0, line, COLS);
	}
	attrset(A_NORMAL);
	mvaddnstr(LINES - 1, 0, "q: quit", COLS);
	refresh();
	free(text);
}

/* Return: whether to go on. */
static bool handle_key(const struct top *t, int key)
{
	if (key == CONTROL_L)
		clearok(stdscr, TRUE);
	if (key == CONTROL_L || key == KEY_RESIZE)
		show_screen(t);
	return key != 'q';
}

/* Sleep until the next picture is due. Return: whether to go on. */
static bool sleep_until(struct top *t, double due, const sigset_t *signals)
{
	double left;

	while ((left = due - seconds_since(t->started)) > 0) {
		int ms = (int)(left * 1000) + 1;

		if (t->screen && !handle_key(t, getch()))
			return false;
		cma_listen_wait(t->listener, t->screen && ms > KEY_MS ? KEY_MS : ms, signals);
		if (interrupt_came())
			return false;
		/* Half a buffer is full: make room. */
		if (cma_listen_read(t->listener, count_event, t))
			return false;
	}
	return true;
}

static void show(struct top *t)
{
	t->view.seconds = seconds_since(t->started);
	t->view.lost = cma_listen_lost(t->listener);
	if (t->screen)
		show_screen(t);
	else if (!t->json || strcmp(t->json, "-"))
		top_text(&t->view, PRINTED_WIDTH, MAX_LINES, stdout);
	fflush(stdout);
	top_next(&t->view);
}

/* Return: 0 or a negative errno. */
static int begin_screen(struct top *t)
{
	t->terminal = newterm(NULL, stdout, stdin);
	if (!t->terminal) {
		message("the terminal (TERM) is not known: use --once, or | cat");
		return -ENOTTY;
	}
	t->screen = true;
	cbreak();
	noecho();
	curs_set(0);
	nodelay(stdscr, TRUE);
	return 0;
}

static void end_screen(struct top *t)
{
	if (!t->screen)
		return;
	t->screen = false;
	endwin();
	delscreen(t->terminal);
}

static int watch(struct top *t, const sigset_t *signals)
{
	double end = t->seconds ? t->seconds : t->once ? INTERVAL_MS / 1000.0 : MAX_SECONDS;
	bool on = true;
	int ret;

	while (on && seconds_since(t->started) < end) {
		double due = t->once ? end : t->view.before_seconds + INTERVAL_MS / 1000.0;

		on = sleep_until(t, due < end ? due : end, signals);
		if (on && !t->once)
			show(t);
	}
	cma_listen_stop(t->listener);
	ret = cma_listen_read(t->listener, count_event, t);
	end_screen(t);
	t->view.before_seconds = 0;
	memset(t->view.before_areas, 0, sizeof(t->view.before_areas));
	memset(t->view.before_threads, 0, sizeof(t->view.before_threads));
	show(t);
	return ret;
}

static int run_top(struct top *t, const sigset_t *signals)
{
	struct timespec now;
	int ret = cma_trace_here(&t->info, true);

	t->view.info = &t->info;
	t->view.account = cma_account_create();
	if (ret || !t->view.account) {
		message("out of memory");
		return -ENOMEM;
	}
	ret = cma_listen_start(&t->info, t->area, &t->listener);
	if (ret)
		return ret;
	if (!t->once && isatty(STDOUT_FILENO) && getenv("TERM"))
		ret = begin_screen(t);
	if (ret)
		return ret;
	clock_gettime(CLOCK_MONOTONIC, &now);
	t->started = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	ret = watch(t, signals);
	if (ret || !t->json)
		return ret;
	return account_write(t->json, t->view.account, &t->info, t->view.seconds, t->view.lost,
			     NULL);
}

static int parse(const struct cli_command *command, int argc, char **argv, struct top *t)
{
	const char *value;
	int key;

	while ((key = cli_next(command, argc, argv, &value)) > 0) {
		if (key == '1')
			t->once = true;
		else if (key == 'j')
			t->json = value;
		else if (key == 'a')
			t->area = value;
		else if (!cli_real(value, 0.1, MAX_SECONDS, &t->seconds))
			return cli_refuse(command, 's', value, "a time in seconds from 0.1");
	}
	if (key == CLI_BAD)
		return EXIT_USAGE;
	if (!key && cli_operand() < argc) {
		message("top: unexpected \"%s\"", argv[cli_operand()]);
		return EXIT_USAGE;
	}
	return key;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
	struct top *t = calloc(1, sizeof(*t));
	sigset_t signals;
	int ret;

	if (!t) {
		message("out of memory");
		return EXIT_ENVIRONMENT;
	}
	ret = parse(command, argc, argv, t);
	if (!ret) {
		interrupt_catch(&signals);
		ret = run_top(t, &signals) ? EXIT_ENVIRONMENT : EXIT_OK;
		cma_listen_end(t->listener);
		cma_account_destroy(t->view.account);
		cma_trace_here_end(&t->info);
	}
	free(t);
	return ret == CLI_HELP ? EXIT_OK : ret;
}

const struct cli_command top_command = {
	.name = "top",
	.summary = "who allocates how much and how fast, live",
	.operands = "",
	.help = "Shows allocations, their latency, failures, busy places, migrated pages, of each\n"
		"area and process. In a terminal a picture a second, q quits; elsewhere as text.",
	.options = (const struct cli_option[]){
		{ '1', "once", NULL, "one picture, after a second or --seconds" },
		{ 's', "seconds", "N", "how long" },
		{ 'a', "area", "NAME", "only this area" },
		{ 'j', "json", "FILE", "write all counts as JSON, - for standard output" },
		{ 0 } },
	.run = run,
};
