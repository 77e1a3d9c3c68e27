/* SPDX-License-Identifier: MIT */
/* Where a picture goes: a connector, the CRTC that feeds it, that CRTC's primary plane, a mode. */
#ifndef KMS_OUTPUT_H
#define KMS_OUTPUT_H

#include "kms/device.h"
#include "kms/object.h"

#define KMS_MAX_PLANES	16

/**
 * struct kms_output - a path through the controller
 * @name: the connector's, as sysfs has it ("HDMI-A-1")
 * @connector: properties when picked
 * @crtc: properties when picked
 * @crtc_index: of @crtc
 * @primary: the primary plane, properties when picked
 * @others: the CRTC's other planes that exist; switched off while we show
 * @num_others: how many
 * @mode: the mode to set
 */
struct kms_output {
	char name[32];
	struct kms_object connector;
	struct kms_object crtc;
	int crtc_index;
	struct kms_object primary;
	struct kms_object others[KMS_MAX_PLANES];
	unsigned int num_others;
	drmModeModeInfo mode;
};

/**
 * struct kms_mode_wish - a mode as a person asks for it
 * @width: pixels, 0: the preferred mode
 * @height: lines
 * @refresh: Hz, 0: any
 */
struct kms_mode_wish {
	unsigned int width, height;
	double refresh;
};

/**
 * kms_mode_parse() - read a mode as a person writes it
 * @text: "WIDTHxHEIGHT" or "WIDTHxHEIGHT@HZ"
 * @wish: out
 * Return: whether @text was one.
 */
bool kms_mode_parse(const char *text, struct kms_mode_wish *wish);

/**
 * kms_connector_name() - a connector's name, as sysfs has it
 * @c: the connector
 * @name: out
 * @size: of @name
 */
void kms_connector_name(const drmModeConnector *c, char *name, size_t size);

/**
 * kms_mode_refresh() - exact refresh rate
 * @mode: a mode
 * Return: frames a second.
 */
double kms_mode_refresh(const drmModeModeInfo *mode);

/**
 * kms_mode_choose() - the mode of a list that fits a wish best
 * @modes: the list
 * @count: its length
 * @wish: what is wanted
 * Return: index, -1 when none has the size, or a refresh rate within 0.6 Hz.
 */
int kms_mode_choose(const drmModeModeInfo *modes, int count, const struct kms_mode_wish *wish);

/**
 * kms_output_pick() - choose connector, CRTC, plane and mode
 * @o: out
 * @d: the device
 * @connector: name or id, NULL for the first that is connected
 * @wish: the mode wanted
 * @format: what the primary plane must be able to show
 * Return: 0, or a negative errno after a message. Free with kms_output_free().
 */
int kms_output_pick(struct kms_output *o, const struct kms_device *d, const char *connector,
		    const struct kms_mode_wish *wish, uint32_t format);

/**
 * kms_output_connected() - whether the display is still there, without probing it
 * @o: the output
 * @fd: the device
 * Return: 1, 0, or a negative errno without a message.
 */
int kms_output_connected(const struct kms_output *o, int fd);

/**
 * kms_output_free() - free
 * @o: picked or zeroed
 */
void kms_output_free(struct kms_output *o);

#endif /* KMS_OUTPUT_H */
