// SPDX-License-Identifier: MIT
/* vdc-grab: a screenshot of a CRTC, as the controller puts it out, through writeback. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "grab/options.h"
#include "grab/shot.h"
#include "grab/writeback.h"
#include "message.h"

static int write_json(const struct grab_options *o, const struct kms_device *d,
		      const struct writeback *w, uint32_t crc)
{
	struct json_object *j = json_object_new_object();
	bool standard = !strcmp(o->json, "-");
	FILE *f = standard ? stdout : fopen(o->json, "we");
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	char text[16];
	int ret = 0;

	snprintf(text, sizeof(text), "0x%08x", crc);
	json_object_object_add(j, "output", json_object_new_string(o->output));
	json_object_object_add(j, "driver", json_object_new_string(d->driver));
	json_object_object_add(j, "card", json_object_new_string(d->path));
	json_object_object_add(j, "crtc", json_object_new_int64(w->crtc.id));
	json_object_object_add(j, "connector", json_object_new_string(w->source));
	json_object_object_add(j, "width", json_object_new_int64(w->width));
	json_object_object_add(j, "height", json_object_new_int64(w->height));
	json_object_object_add(j, "format",
			       json_object_new_string_len((const char *)&w->buffer.format, 4));
	json_object_object_add(j, "crc", json_object_new_string(text));
	if (!f || fprintf(f, "%s\n", json_object_to_json_string_ext(j, flags)) < 0)
		ret = -errno;
	if (f && (standard ? fflush(f) : fclose(f)))
		ret = -errno;
	if (ret)
		message_error(ret, "writing %s", o->json);
	json_object_put(j);
	return ret;
}

static int save(const struct grab_options *o, const struct kms_device *d,
		const struct writeback *w)
{
	struct shot p = { 0 };
	int ret = shot_take(&p, w->buffer.map, w->buffer.pitch, w->width, w->height,
			   w->buffer.format);

	if (ret)
		message_error(ret, "copying the picture");
	else
		ret = shot_write(&p, o->output);
	if (!ret && o->json)
		ret = write_json(o, d, w, shot_crc(&p));
	shot_free(&p);
	return ret;
}

static int run(const struct grab_options *o)
{
	int status = EXIT_ENVIRONMENT, ret;
	struct kms_device d;
	struct writeback w;

	if (kms_device_open(&d, o->device, "vdc"))
		return EXIT_ENVIRONMENT;
	if (!writeback_open(&w, &d, o->crtc, o->connector)) {
		ret = writeback_run(&w, &d, o->timeout_ms);
		if (ret == -ETIME)
			status = EXIT_FAILED;
		else if (!ret && !save(o, &d, &w))
			status = EXIT_OK;
	}
	writeback_close(&w, &d);
	kms_device_close(&d);
	return status;
}

int main(int argc, char **argv)
{
	struct grab_options options;

	message_program(argv[0]);
	switch (grab_options_parse(&options, argc, argv)) {
	case GRAB_OPTIONS_DONE:
		return EXIT_OK;
	case GRAB_OPTIONS_BAD:
		return EXIT_USAGE;
	default:
		return run(&options);
	}
}
