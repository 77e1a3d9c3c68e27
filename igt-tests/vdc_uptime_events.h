/* SPDX-License-Identifier: MIT */
/* What happens to a machine in weeks: plugs are pulled, programs are killed. */
#ifndef VDC_UPTIME_EVENTS_H
#define VDC_UPTIME_EVENTS_H

#include "cma/random.h"
#include "vdc_kms.h"

/**
 * events_begin() - look for what plugs can be pulled with
 *
 * QEMU, where the guest has its port; otherwise the kernel's own switch (a connector's "status" in
 * sysfs), which needs nobody outside and always takes the same time.
 */
void events_begin(void);

/** events_end() - disconnect from QEMU */
void events_end(void);

/**
 * event_unplug() - pull a display's plug, look, and put it back
 * @dev: the device; its first HDMI output is played with, whatever it shows
 */
void event_unplug(struct kms_device *dev);

/**
 * event_kill() - kill a client in the midst of its work
 * @random: decides what it holds, and when
 *
 * The client has a file of the device of its own, dumb buffers and DMA-BUFs; nothing of the latter
 * may be there when it is gone.
 */
void event_kill(struct cma_random *random);

/** event_dmabufs() - DMA-BUFs of the machine with that name, NULL: all; -1: debugfs does not say */
int event_dmabufs(const char *name);

#endif /* VDC_UPTIME_EVENTS_H */
