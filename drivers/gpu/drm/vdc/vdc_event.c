// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of commits: they tell of the vblank at which the commit latched, even
 * when the machine is so busy that the interrupt is served frames later.
 */

#include <linux/ktime.h>

#include <drm/drm_crtc.h>
#include <drm/drm_device.h>
#include <drm/drm_vblank.h>

#include <kunit/visibility.h>

#include "vdc_crtc.h"
#include "vdc_event.h"

/**
 * vdc_event_late() - how many vblanks have passed since a commit latched
 * @count: DRM's vblank count now
 * @frame: PIPE_COMMIT_FRAME of the commit
 * @count_offset: DRM's vblank count minus PIPE_FRAME, modulo 2^32
 *
 * Return: 0 when it latched with the last vblank.
 */
u32 vdc_event_late(u32 count, u32 frame, u32 count_offset)
{
	s32 late = count - (frame + count_offset);

	return late > 0 ? late : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vdc_event_late);

/**
 * vdc_event_send() - send a commit's event, with the count and time of the last vblank
 * @vcrtc: the CRTC
 * @event: the event, or NULL
 */
void vdc_event_send(struct vdc_crtc *vcrtc, struct drm_pending_vblank_event *event)
{
	struct drm_crtc *crtc = &vcrtc->base;
	unsigned long flags;

	if (!event)
		return;
	spin_lock_irqsave(&crtc->dev->event_lock, flags);
	drm_crtc_send_vblank_event(crtc, event);
	spin_unlock_irqrestore(&crtc->dev->event_lock, flags);
}

/* As drm_crtc_send_vblank_event(), for a vblank before the last one. */
static void vdc_event_send_at(struct drm_crtc *crtc, struct drm_pending_vblank_event *event,
			      u64 count, ktime_t time)
{
	struct timespec64 ts = ktime_to_timespec64(time);

	event->pipe = drm_crtc_index(crtc);
	if (event->event.base.type == DRM_EVENT_FLIP_COMPLETE) {
		event->event.vbl.sequence = count;
		event->event.vbl.tv_sec = ts.tv_sec;
		event->event.vbl.tv_usec = ts.tv_nsec / NSEC_PER_USEC;
	}
	drm_send_event_timestamp_locked(crtc->dev, &event->base, time);
}

/**
 * vdc_event_send_latched() - send a commit's event, with the count and time of its vblank
 * @vcrtc: the CRTC, with a vblank reference
 * @event: the event
 * @frame: PIPE_COMMIT_FRAME of the commit
 *
 * Context: any.
 */
void vdc_event_send_latched(struct vdc_crtc *vcrtc, struct drm_pending_vblank_event *event,
			    u32 frame)
{
	struct drm_crtc *crtc = &vcrtc->base;
	unsigned long flags;
	ktime_t time;
	u64 count;
	u32 late;

	spin_lock_irqsave(&crtc->dev->event_lock, flags);
	count = drm_crtc_vblank_count_and_time(crtc, &time);
	/* The interrupt of the latch's vblank may be lost, or not served yet. */
	if ((s32)((u32)count - frame - READ_ONCE(vcrtc->count_offset)) < 0) {
		drm_crtc_accurate_vblank_count(crtc);
		count = drm_crtc_vblank_count_and_time(crtc, &time);
	}
	late = vdc_event_late(count, frame, READ_ONCE(vcrtc->count_offset));
	if (late)
		vdc_event_send_at(crtc, event, count - late,
				  ktime_sub_ns(time, (u64)late *
					       drm_crtc_vblank_crtc(crtc)->framedur_ns));
	else
		drm_crtc_send_vblank_event(crtc, event);
	spin_unlock_irqrestore(&crtc->dev->event_lock, flags);
}
