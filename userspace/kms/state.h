/* SPDX-License-Identifier: MIT */
/* What an output showed before us, and how to bring it back. */
#ifndef KMS_STATE_H
#define KMS_STATE_H

#include "kms/output.h"

#define KMS_STATE_BLOBS	3

/**
 * struct kms_state - the state of an output when it was picked
 * @output: whose; its objects hold the values
 * @mode: copy of the mode's blob, 0 when there was none
 * @blobs: copies of the colour blobs, in the order of kms_state.c's table
 */
struct kms_state {
	const struct kms_output *output;
	uint32_t mode;
	uint32_t blobs[KMS_STATE_BLOBS];
};

/**
 * kms_state_save() - prepare for kms_state_restore()
 * @s: out
 * @o: picked output; must live as long as @s
 * @fd: the device
 *
 * Blobs are copied, because those that the state refers to go away with it.
 * Return: 0, or a negative errno after a message.
 */
int kms_state_save(struct kms_state *s, const struct kms_output *o, int fd);

/**
 * kms_state_show() - add to a request all that makes the output show one buffer and nothing else
 * @o: the output
 * @req: the request; it needs DRM_MODE_ATOMIC_ALLOW_MODESET
 * @mode: blob of the mode
 * @fb: framebuffer of the mode's size
 * Return: 0 or a negative errno, no message.
 */
int kms_state_show(const struct kms_output *o, drmModeAtomicReq *req, uint32_t mode, uint32_t fb);

/**
 * kms_state_restore() - bring back what was shown, or switch the output off when that is gone
 * @s: saved
 * @fd: the device
 * Return: 0, or a negative errno after a message.
 */
int kms_state_restore(struct kms_state *s, int fd);

/**
 * kms_state_drop() - free what kms_state_save() took, without changing the output
 * @s: saved
 * @fd: the device
 */
void kms_state_drop(struct kms_state *s, int fd);

#endif /* KMS_STATE_H */
