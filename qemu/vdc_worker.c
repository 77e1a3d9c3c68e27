/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Frames and the thread that composes them.
 *
 * The model fills a slot band by band (main loop and vCPUs, under the BQL);
 * this thread turns it into CRC and pixels; a bottom half gives it back to the
 * model. The thread never takes the BQL, so whoever holds the BQL may wait
 * for it. Under icount everything happens at once: the same run twice gives
 * the same CRCs at the same instructions.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "sysemu/cpu-timers.h"
#include "sysemu/qtest.h"

#include "vdc_host.h"

/* Lines that differ from what was shown before; the rest needs no update. */
static void find_dirty(VDCPipeShow *show, VDCSlot *slot)
{
    const struct vdc_frame *f = &slot->frame;
    size_t pitch = f->w * sizeof(uint32_t);
    uint32_t top = f->h, end = 0, y;

    if (show->w != f->w || show->h != f->h) {
        g_free(show->shown);
        show->shown = g_malloc(pitch * f->h);
        show->w = f->w;
        show->h = f->h;
        memcpy(show->shown, f->pixels, pitch * f->h);
        slot->dirty_top = 0;
        slot->dirty_end = f->h;
        return;
    }
    for (y = 0; y < f->h; y++) {
        uint32_t *old = show->shown + (size_t)y * f->w;
        uint32_t *new = f->pixels + (size_t)y * f->w;

        if (memcmp(old, new, pitch)) {
            memcpy(old, new, pitch);
            top = MIN(top, y);
            end = y + 1;
        }
    }
    slot->dirty_top = MIN(top, end);
    slot->dirty_end = end;
}

static void compose(VDCHost *h, VDCJob *job)
{
    struct vdc_frame f = job->slot->frame;

    if (!job->show) {
        vdc_frame_compose(&job->slot->frame);
        return;
    }
    f.flags = VDC_FRAME_DISPLAY;
    vdc_frame_compose(&f);
    find_dirty(&h->worker.pipe[f.pipe], job->slot);
}

static void *worker_thread(void *opaque)
{
    VDCHost *h = opaque;
    VDCWorker *w = &h->worker;
    VDCJob *job;

    qemu_mutex_lock(&w->lock);
    for (;;) {
        while (QSIMPLEQ_EMPTY(&w->todo) && !w->stop) {
            qemu_cond_wait(&w->work, &w->lock);
        }
        if (w->stop) {
            break;
        }
        job = QSIMPLEQ_FIRST(&w->todo);
        QSIMPLEQ_REMOVE_HEAD(&w->todo, next);
        w->busy = true;
        qemu_mutex_unlock(&w->lock);

        compose(h, job);

        qemu_mutex_lock(&w->lock);
        w->busy = false;
        if (job->show) {
            QSIMPLEQ_INSERT_TAIL(&w->shown, job, next);
        } else {
            QSIMPLEQ_INSERT_TAIL(&w->done, job, next);
        }
        qemu_cond_broadcast(&w->idle);
        qemu_bh_schedule(w->bh);
    }
    qemu_mutex_unlock(&w->lock);
    return NULL;
}

static void finish_frame(VDCHost *h, VDCSlot *slot)
{
    vdc_frame_done(&h->vdc, &slot->frame);
    slot->refs--;
}

static void finish_show(VDCHost *h, VDCSlot *slot)
{
    VDCPipeShow *show = &h->worker.pipe[slot->frame.pipe];

    show->serial++;
    show->busy = false;
    vdc_console_present(h, slot);
    slot->refs--;
}

static VDCSlot *take(VDCWorker *w, VDCJobQueue *queue)
{
    VDCJob *job;

    qemu_mutex_lock(&w->lock);
    job = QSIMPLEQ_FIRST(queue);
    if (job) {
        QSIMPLEQ_REMOVE_HEAD(queue, next);
    }
    qemu_mutex_unlock(&w->lock);
    return job ? job->slot : NULL;
}

/* Give the model what is composed, in the order of the queue. */
static void complete_frames(VDCHost *h)
{
    VDCSlot *slot;

    while ((slot = take(&h->worker, &h->worker.done))) {
        finish_frame(h, slot);
    }
}

/* Displays are updated from the main loop only, never from a vCPU's thread. */
static void complete_bh(void *opaque)
{
    VDCHost *h = opaque;
    VDCSlot *slot;

    complete_frames(h);
    while ((slot = take(&h->worker, &h->worker.shown))) {
        finish_show(h, slot);
    }
}

static void enqueue(VDCHost *h, VDCJob *job)
{
    VDCWorker *w = &h->worker;

    qemu_mutex_lock(&w->lock);
    QSIMPLEQ_INSERT_TAIL(&w->todo, job, next);
    qemu_cond_signal(&w->work);
    qemu_mutex_unlock(&w->lock);
}

/* Wait for a frame and complete it; false if none is under way. */
static bool wait_one(VDCHost *h)
{
    VDCWorker *w = &h->worker;
    bool any;

    qemu_mutex_lock(&w->lock);
    while (QSIMPLEQ_EMPTY(&w->done) &&
           (w->busy || !QSIMPLEQ_EMPTY(&w->todo))) {
        qemu_cond_wait(&w->idle, &w->lock);
    }
    any = !QSIMPLEQ_EMPTY(&w->done);
    qemu_mutex_unlock(&w->lock);
    complete_frames(h);
    return any;
}

void vdc_worker_drain(VDCHost *h)
{
    while (wait_one(h)) {
        /* until nothing is under way */
    }
}

static VDCSlot *find_slot(VDCWorker *w, uint32_t pipe)
{
    VDCSlot *slot, *free_slot = NULL;
    uint32_t i;

    for (i = 0; i < VDC_SLOTS; i++) {
        slot = &w->slot[pipe][i];
        if (slot->filling) {
            /* The model never fills two: it dropped this one. */
            slot->filling = false;
            slot->refs--;
        }
        if (!slot->refs) {
            free_slot = slot;
        }
    }
    return free_slot;
}

/* Zeroed, because what is not fetched yet goes into migration streams too. */
static bool grow(void *p, size_t *have, size_t want)
{
    void **mem = p;

    if (*have >= want) {
        return true;
    }
    g_free(*mem);
    *mem = g_try_malloc0(want);
    *have = *mem ? want : 0;
    return *mem;
}

struct vdc_frame *vdc_worker_get(VDCHost *h, uint32_t pipe, uint32_t w,
                                 uint32_t height, size_t bytes)
{
    size_t pixel_bytes = (size_t)w * height * sizeof(uint32_t);
    struct vdc_frame *f;
    VDCSlot *slot;

    /*
     * Waiting here would hold the BQL from vCPUs while their time goes on: a
     * host that composes slower than the beam would starve its guest. The
     * frame is not scanned, then. Under qtest time stands still meanwhile.
     */
    complete_frames(h);
    do {
        slot = find_slot(&h->worker, pipe);
    } while (!slot && qtest_enabled() && wait_one(h));
    if (!slot) {
        return NULL;
    }
    f = &slot->frame;
    if (!grow(&f->store, &f->store_bytes, bytes) ||
        !grow(&f->pixels, &slot->pixel_bytes, pixel_bytes) ||
        !grow(&f->scratch, &slot->scratch_bytes, VDC_SCRATCH_BYTES(w))) {
        return NULL;
    }
    slot->filling = true;
    slot->refs++;
    slot->run = h->worker.pipe[pipe].run;
    f->host = slot;
    /* Every frame may have to be shown later, so let the model fetch it... */
    f->flags = VDC_FRAME_DISPLAY;
    return f;
}

static void make_latest(VDCPipeShow *show, VDCSlot *slot)
{
    if (show->latest) {
        show->latest->refs--;
    }
    show->latest = slot;
    if (slot) {
        slot->refs++;
    }
}

void vdc_worker_queue(VDCHost *h, struct vdc_frame *frame)
{
    VDCSlot *slot = frame->host;
    VDCPipeShow *show = &h->worker.pipe[frame->pipe];

    slot->filling = false;      /* and the job has the reference now */
    slot->job.slot = slot;
    /* Without flags it is given back by a reset, and not complete. */
    if (frame->flags && slot->run == show->run) {
        make_latest(show, slot);
    }
    /* ...but pixels are made only when somebody looks: vdc_worker_show(). */
    frame->flags &= ~VDC_FRAME_DISPLAY;
    if (icount_enabled()) {
        compose(h, &slot->job);
        finish_frame(h, slot);
    } else {
        enqueue(h, &slot->job);
    }
}

void vdc_worker_forget(VDCHost *h, uint32_t pipe)
{
    VDCPipeShow *show = &h->worker.pipe[pipe];

    show->run++;
    make_latest(show, NULL);
}

void vdc_worker_show(VDCHost *h, uint32_t pipe)
{
    VDCPipeShow *show = &h->worker.pipe[pipe];

    if (show->busy) {
        return;
    }
    show->busy = true;
    show->job.show = true;
    show->job.slot = show->latest;
    show->latest->refs++;
    enqueue(h, &show->job);
}

void vdc_worker_init(VDCHost *h)
{
    VDCWorker *w = &h->worker;
    uint32_t p;

    qemu_mutex_init(&w->lock);
    qemu_cond_init(&w->work);
    qemu_cond_init(&w->idle);
    QSIMPLEQ_INIT(&w->todo);
    QSIMPLEQ_INIT(&w->done);
    QSIMPLEQ_INIT(&w->shown);
    for (p = 0; p < VDC_MAX_PIPES; p++) {
        w->pipe[p].serial = 1;
    }
    w->stop = false;
    w->bh = qemu_bh_new(complete_bh, h);
    qemu_thread_create(&w->thread, "vdc-compose", worker_thread, h,
                       QEMU_THREAD_JOINABLE);
}

void vdc_worker_exit(VDCHost *h)
{
    VDCWorker *w = &h->worker;
    uint32_t p, i;

    vdc_worker_drain(h);
    qemu_mutex_lock(&w->lock);
    w->stop = true;
    qemu_cond_signal(&w->work);
    qemu_mutex_unlock(&w->lock);
    qemu_thread_join(&w->thread);
    complete_bh(h);
    qemu_bh_delete(w->bh);
    for (p = 0; p < VDC_MAX_PIPES; p++) {
        for (i = 0; i < VDC_SLOTS; i++) {
            g_free(w->slot[p][i].frame.store);
            g_free(w->slot[p][i].frame.pixels);
            g_free(w->slot[p][i].frame.scratch);
        }
        g_free(w->pipe[p].shown);
    }
    memset(w->slot, 0, sizeof(w->slot));
    memset(w->pipe, 0, sizeof(w->pipe));
    qemu_cond_destroy(&w->idle);
    qemu_cond_destroy(&w->work);
    qemu_mutex_destroy(&w->lock);
}
