/* SPDX-License-Identifier: MIT */
/*
 * Complaints from the field, each a situation that a driver author can have in seconds, and what
 * must be found there: on the kernel's plain path the failure with its cause, or that VDC does not
 * have it.
 */
#ifndef VDC_UPTIME_COMPLAINT_H
#define VDC_UPTIME_COMPLAINT_H

#include "cma/random.h"
#include "lab/explain.h"
#include "vdc_kms.h"
#include "vdc_uptime_hold.h"
#include "vdc_uptime_pins.h"

/**
 * struct scene - what a complaint's test works with
 * @dev: a VDC device with everything off
 * @hold: buffers on the path that is complained about
 * @pins: a program's memory in the area
 * @explainer: says why a request failed
 * @random: of the run's seed and the complaint
 * @record: of the journal, where the verdict goes
 * @cause: the last failure's
 */
struct scene {
	struct kms_device *dev;
	struct hold hold;
	struct pins pins;
	struct explainer *explainer;
	struct cma_random random;
	struct json_object *record;
	enum cma_cause cause;
};

/**
 * struct complaint - one of them
 * @name: of the subtest
 * @describe: what happens in it
 * @run: makes the situation and asserts; true: the failure was had and explained, false: it is
 *	absent, as it must be
 */
struct complaint {
	const char *name;
	const char *describe;
	bool (*run)(struct scene *s);
};

/** scene_below() - a random number below @n */
static inline uint32_t scene_below(struct scene *s, uint32_t n)
{
	return cma_random_below(&s->random, n);
}

/**
 * scene_request() - ask for a buffer, and if CMA has none, why
 * @s: the scene; a failure's verdict goes to its record and its cause
 * @pages: size; up to 1024 pages may come from elsewhere though CMA failed
 * Return: whether it came from CMA; the buffer is the last that is held.
 */
bool scene_request(struct scene *s, uint32_t pages);

/** scene_end() - give everything back; a scene that is all zero is fine, and is so afterwards */
void scene_end(struct scene *s);

/**
 * scene_expect_space() - the last failure's cause must be the one that the bitmap tells
 * @s: the scene
 * @pages: what failed; if there is a place for it, somebody must hold pages there
 */
void scene_expect_space(struct scene *s, uint32_t pages);

/** scene_say() - the summary of a record that has no verdict */
void scene_say(struct scene *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* vdc_uptime_space.c: there is memory, but no place */
bool complain_imx6(struct scene *s);
bool complain_rpi_135(struct scene *s);
bool complain_rpi_2966(struct scene *s);
bool complain_rpi_1247(struct scene *s);

/* vdc_uptime_busy.c: there are places, and pages in them that stay */
bool complain_rpi_76(struct scene *s);
bool complain_rpi_2680(struct scene *s);
bool complain_abbott(struct scene *s);

/* vdc_uptime_alive.c: what comes after the failure */
bool complain_rpi_128(struct scene *s);
bool complain_picamera2(struct scene *s);

#endif /* VDC_UPTIME_COMPLAINT_H */
