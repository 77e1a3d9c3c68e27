// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
/* The default EDID: valid by its own sums, by its promised content, and by edid-decode. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#include "check.h"
#include "vdc_model.h"

static uint32_t sum(const uint8_t *block)
{
	uint32_t i, s = 0;

	for (i = 0; i < 128; i++)
		s += block[i];
	return s & 0xff;
}

static void blocks_are_headed_and_sum_to_zero(void **state)
{
	static const uint8_t header[8] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	static const uint32_t serials[] = { 0, 1, 0x12345678, ~0U };
	uint32_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(serials); i++) {
		uint8_t e[VDC_EDID_DEFAULT_BYTES + 1];

		memset(e, 0x5a, sizeof(e));
		vdc_edid_default(e, serials[i]);
		assert_memory_equal(e, header, 8);
		assert_int_equal(e[18], 1);
		assert_int_equal(e[126], 1);
		assert_int_equal(e[128], 2);
		assert_int_equal(sum(e), 0);
		assert_int_equal(sum(e + 128), 0);
		assert_int_equal(e[256], 0x5a);
		assert_int_equal(e[12] | e[13] << 8 | e[14] << 16 | (uint32_t)e[15] << 24,
				 serials[i]);
	}
}

static void the_preferred_mode_is_1080p60(void **state)
{
	uint8_t e[VDC_EDID_DEFAULT_BYTES], *d = e + 54;

	(void)state;
	vdc_edid_default(e, 1);
	assert_bits(e[24], 2);				/* the first timing is preferred */
	assert_int_equal(d[0] | d[1] << 8, 14850);	/* 10 kHz */
	assert_int_equal(d[2] | (d[4] & 0xf0) << 4, 1920);
	assert_int_equal(d[3] | (d[4] & 0x0f) << 8, 2200 - 1920);
	assert_int_equal(d[5] | (d[7] & 0xf0) << 4, 1080);
	assert_int_equal(d[6] | (d[7] & 0x0f) << 8, 1125 - 1080);
	/* Established: 640x480, 800x600 and 1024x768 at 60 Hz. */
	assert_bits(e[35], 0x21);
	assert_bits(e[36], 0x08);
}

/* The output that a command gives for our EDID; the exit status through @status. */
static void run_edid_decode(const char *path, char *out, size_t size, int *status)
{
	char command[256];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "edid-decode --check '%s' 2>&1", path);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, size - 1, p);
	out[n] = 0;
	*status = pclose(p);
}

/* What edid-decode found, which follows its description of the whole; as comments in TAP. */
static void show_verdict(char *out)
{
	char *line, *from = strstr(out, "edid-decode SHA");

	for (line = strtok(from ? from : out, "\n"); line; line = strtok(NULL, "\n"))
		printf("# %s\n", line);
}

static void edid_decode_finds_no_fault(void **state)
{
	uint8_t e[VDC_EDID_DEFAULT_BYTES];
	char path[] = "/tmp/vdc-edid-XXXXXX", out[8192];
	int fd, status;

	(void)state;
	if (system("command -v edid-decode >/dev/null") != 0) {
		print_message("edid-decode is not installed\n");
		skip();
	}
	vdc_edid_default(e, 7);
	/* A guest without a clock is in 1970, and then the display would be of the future. */
	if (time(NULL) < (e[17] + 1990LL - 1970) * 365 * 86400) {
		print_message("the clock of this machine is not set\n");
		skip();
	}
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, e, sizeof(e)), sizeof(e));
	close(fd);
	run_edid_decode(path, out, sizeof(out), &status);
	unlink(path);
	if (!WIFEXITED(status) || WEXITSTATUS(status) || strstr(out, "FAIL") ||
	    strstr(out, "Warnings:")) {
		show_verdict(out);
		fail();
	}
	assert_non_null(strstr(out, "PASS"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_headed_and_sum_to_zero),
		cmocka_unit_test(the_preferred_mode_is_1080p60),
		cmocka_unit_test(edid_decode_finds_no_fault),
	};

	return cmocka_run_group_tests_name("edid", tests, NULL, NULL);
}
