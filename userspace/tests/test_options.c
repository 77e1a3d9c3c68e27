// SPDX-License-Identifier: MIT
/* The command lines of both programs. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "flip/options.h"
#include "grab/options.h"
#include "harness.h"

#define MAX_ARGS	12

/* Messages about bad options are wanted by people, not by the test's log. */
static int standard_error = -1;

static int silence(void **state)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (null < 0)
		return -1;
	fflush(stderr);
	standard_error = dup(STDERR_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	return 0;
}

static int speak(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	return 0;
}

static enum flip_options_result parse_flip(struct flip_options *o, const char *const *args)
{
	char *argv[MAX_ARGS + 2] = { "vdc-flip" };
	int argc = 1;

	for (; *args; args++)
		argv[argc++] = (char *)*args;
	return flip_options_parse(o, argc, argv);
}

static enum grab_options_result parse_grab(struct grab_options *o, const char *const *args)
{
	char *argv[MAX_ARGS + 2] = { "vdc-grab" };
	int argc = 1;

	for (; *args; args++)
		argv[argc++] = (char *)*args;
	return grab_options_parse(o, argc, argv);
}

static void flip_defaults(void **state)
{
	struct flip_options o;

	(void)state;
	assert_int_equal(parse_flip(&o, (const char *[]){ NULL }), FLIP_OPTIONS_RUN);
	assert_int_equal(o.buffers, 3);
	assert_true(o.seconds == 20);
	assert_int_equal(o.frames, 0);
	assert_null(o.device);
	assert_null(o.connector);
	assert_null(o.json);
	assert_int_equal(o.mode.width, 0);
	assert_false(o.export || o.any || o.quiet);
}

static void flip_takes_everything(void **state)
{
	struct flip_options o;

	(void)state;
	assert_int_equal(parse_flip(&o, (const char *[]){
		"--device=/dev/dri/card1", "--connector", "HDMI-A-2", "--mode", "1280x720@59.94",
		"--buffers=2", "--seconds=1.5", "--frames=100", "--render-ms=12", "--export",
		"--json=-", "--quiet", NULL }), FLIP_OPTIONS_RUN);
	assert_string_equal(o.device, "/dev/dri/card1");
	assert_string_equal(o.connector, "HDMI-A-2");
	assert_int_equal(o.mode.width, 1280);
	assert_int_equal(o.mode.height, 720);
	assert_true(o.mode.refresh > 59.93 && o.mode.refresh < 59.95);
	assert_int_equal(o.buffers, 2);
	assert_true(o.seconds == 1.5);
	assert_int_equal(o.frames, 100);
	assert_int_equal(o.render_ms, 12);
	assert_string_equal(o.json, "-");
	assert_true(o.export && o.quiet && !o.any);
}

static void frames_alone_have_no_time_limit(void **state)
{
	struct flip_options o;

	(void)state;
	assert_int_equal(parse_flip(&o, (const char *[]){ "--frames=7", NULL }), FLIP_OPTIONS_RUN);
	assert_true(o.seconds == 0);
	assert_int_equal(parse_flip(&o, (const char *[]){ "--seconds=3", "--frames=7", NULL }),
			 FLIP_OPTIONS_RUN);
	assert_true(o.seconds == 3);
}

static void flip_refuses(void **state)
{
	static const char *const bad[][3] = {
		{ "--buffers=0" }, { "--buffers=4" }, { "--buffers=x" }, { "--buffers=" },
		{ "--buffers=-1" }, { "--mode=1920" }, { "--mode=1920x" }, { "--mode=x1080" },
		{ "--mode=1920x1080@" }, { "--mode=1920x1080@0" }, { "--mode=1920x1080@nan" },
		{ "--mode=1920x1080p" }, { "--mode=0x0" }, { "--mode=99999x1" }, { "--mode=-1x5" },
		{ "--seconds=-1" }, { "--seconds=x" }, { "--seconds=1s" }, { "--seconds=1e300" },
		{ "--frames=0" }, { "--frames=99999999999999999999" }, { "--render-ms=10001" },
		{ "--device=" }, { "--connector=" }, { "--json=" }, { "--nonsense" }, { "extra" },
		{ "--mode" }, { "--export=1" }, { "--any", "--device=/dev/dri/card0" },
	};
	struct flip_options o;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (parse_flip(&o, bad[i]) != FLIP_OPTIONS_BAD)
			fail_msg("%s was taken", bad[i][0]);
}

static void grab_takes(void **state)
{
	struct grab_options o;

	(void)state;
	assert_int_equal(parse_grab(&o, (const char *[]){ NULL }), GRAB_OPTIONS_RUN);
	assert_string_equal(o.output, "vdc-grab.png");
	assert_int_equal(o.timeout_ms, 5000);
	assert_int_equal(parse_grab(&o, (const char *[]){
		"--output=-", "--crtc=42", "--timeout=0.25", "--json=x.json", "--device=d", NULL }),
			 GRAB_OPTIONS_RUN);
	assert_string_equal(o.output, "-");
	assert_int_equal(o.crtc, 42);
	assert_int_equal(o.timeout_ms, 250);
	assert_int_equal(parse_grab(&o, (const char *[]){ "--connector=HDMI-A-1", NULL }),
			 GRAB_OPTIONS_RUN);
	assert_string_equal(o.connector, "HDMI-A-1");
}

static void grab_refuses(void **state)
{
	static const char *const bad[][3] = {
		{ "--crtc=0" }, { "--crtc=x" }, { "--crtc=-1" }, { "--crtc=4294967296" },
		{ "--timeout=0" }, { "--timeout=x" }, { "--timeout=99999" }, { "--output=" },
		{ "--crtc=1", "--connector=HDMI-A-1" }, { "--output=-", "--json=-" }, { "extra" },
		{ "--force" },
	};
	struct grab_options o;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (parse_grab(&o, bad[i]) != GRAB_OPTIONS_BAD)
			fail_msg("%s was taken", bad[i][0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flip_defaults),
		cmocka_unit_test(flip_takes_everything),
		cmocka_unit_test(frames_alone_have_no_time_limit),
		cmocka_unit_test_setup_teardown(flip_refuses, silence, speak),
		cmocka_unit_test(grab_takes),
		cmocka_unit_test_setup_teardown(grab_refuses, silence, speak),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
