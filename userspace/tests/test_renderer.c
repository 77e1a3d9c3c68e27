// SPDX-License-Identifier: MIT
/* The renderer's protocol, as thread and as process: what it draws is what it says it drew. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flip/channel.h"
#include "flip/clock.h"
#include "flip/renderer.h"
#include "harness.h"

#define W	640
#define H	480
#define BYTES	(W * H * 4)

/* Shared and mapped before a process is made, so both have it at the same address. */
static uint32_t *buffers[3];

static int map_buffers(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		buffers[i] = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (buffers[i] == MAP_FAILED)
			return -1;
	}
	return 0;
}

static int unmap_buffers(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		munmap(buffers[i], BYTES);
	return 0;
}

static struct render_setup make_setup(void)
{
	struct render_setup s = { .width = W, .height = H, .info = { .buffers = 3 } };

	for (int i = 0; i < 3; i++) {
		s.pitch[i] = W * 4;
		s.size[i] = BYTES;
		s.map[i] = buffers[i];
	}
	return s;
}

/* Next reply that is not a fence; fences are counted and closed. */
static int next_reply(struct renderer *r, struct render_reply *reply)
{
	int ret;

	do {
		unsigned int num = 1;
		int fence = -1;

		ret = channel_receive(r->fd, reply, sizeof(*reply), &fence, &num, 1);
		if (ret > 0 && num)
			close(fence);
	} while (ret > 0 && reply->event == RENDER_FENCE);
	return ret;
}

static void set_up(struct renderer *r, bool process)
{
	struct render_setup setup = make_setup();
	struct render_reply reply;

	assert_int_equal(renderer_start(r, process), 0);
	assert_int_equal(channel_send(r->fd, &setup, sizeof(setup), NULL, 0), 0);
	assert_int_equal(next_reply(r, &reply), 1);
	assert_int_equal(reply.event, RENDER_READY);
}

static uint32_t draw(struct renderer *r, uint32_t frame, uint32_t buffer)
{
	struct render_request q = { .frame = frame, .buffer = buffer };
	struct render_reply reply;

	assert_int_equal(channel_send(r->fd, &q, sizeof(q), NULL, 0), 0);
	assert_int_equal(next_reply(r, &reply), 1);
	assert_int_equal(reply.event, RENDER_DONE);
	assert_int_equal(reply.frame, frame);
	assert_int_equal(reply.buffer, buffer);
	assert_true(reply.begin <= reply.end);
	return reply.crc;
}

static void draws(bool process)
{
	struct renderer r;
	char why[64];

	set_up(&r, process);
	for (uint32_t f = 0; f < 12; f++) {
		uint32_t crc = draw(&r, f, f % 3);

		/* cairo leaves X undefined in what it draws; the CRC has it as 0. */
		assert_int_equal(crc, vdc_crc_pixels(0, buffers[f % 3], W * H));
	}
	renderer_stop(&r, why, sizeof(why));
	assert_string_equal(why, "");
	assert_int_equal(r.fd, -1);
}

static void thread_draws(void **state)
{
	(void)state;
	draws(false);
}

static void process_draws(void **state)
{
	(void)state;
	draws(true);
}

static void waits_for_the_fence(void **state)
{
	struct render_request q = { .frame = 1, .buffer = 0 };
	struct render_reply reply = { 0 };
	struct pollfd p = { .events = POLLIN };
	struct renderer r;
	int gate[2];

	(void)state;
	set_up(&r, false);
	/* Anything that becomes readable does for a fence. */
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(channel_send(r.fd, &q, sizeof(q), &gate[0], 1), 0);
	close(gate[0]);
	p.fd = r.fd;
	while (poll(&p, 1, 50) > 0) {
		unsigned int num = 1;
		int fence = -1;

		assert_int_equal(channel_receive(r.fd, &reply, sizeof(reply), &fence, &num, 0), 1);
		assert_int_equal(reply.event, RENDER_FENCE);
		close(fence);
	}
	assert_int_equal(write(gate[1], "x", 1), 1);
	assert_int_equal(next_reply(&r, &reply), 1);
	assert_int_equal(reply.event, RENDER_DONE);
	close(gate[1]);
	renderer_stop(&r, NULL, 0);
}

/* The display may go while the renderer waits for a fence that never signals. */
static void stops_while_it_waits(void **state)
{
	struct render_request q = { .frame = 1, .buffer = 0 };
	uint64_t start = clock_now();
	struct renderer r;
	int gate[2];

	(void)state;
	set_up(&r, false);
	assert_int_equal(pipe(gate), 0);
	channel_send(r.fd, &q, sizeof(q), &gate[0], 1);
	renderer_stop(&r, NULL, 0);
	assert_true(clock_now() - start < 5 * NS_PER_S);
	close(gate[0]);
	close(gate[1]);
}

static void waits_until_not_before(void **state)
{
	uint64_t then = clock_now() + 30 * NS_PER_MS;
	struct render_request q = { .frame = 1, .buffer = 0, .not_before = then };
	struct render_reply reply;
	struct renderer r;

	(void)state;
	set_up(&r, false);
	channel_send(r.fd, &q, sizeof(q), NULL, 0);
	assert_int_equal(next_reply(&r, &reply), 1);
	assert_true(reply.begin >= then);
	renderer_stop(&r, NULL, 0);
}

static void death_is_noticed(void **state)
{
	struct render_reply reply;
	struct renderer r;
	char why[64];

	(void)state;
	set_up(&r, true);
	draw(&r, 1, 0);
	kill(r.pid, SIGKILL);
	assert_int_equal(next_reply(&r, &reply), 0);
	renderer_stop(&r, why, sizeof(why));
	assert_non_null(strstr(why, "signal 9"));
}

static void expect_failure(const struct render_setup *setup, const int *fds, unsigned int num,
			   int error)
{
	struct render_reply reply;
	struct renderer r;

	assert_int_equal(renderer_start(&r, false), 0);
	assert_int_equal(channel_send(r.fd, setup, sizeof(*setup), fds, num), 0);
	assert_int_equal(next_reply(&r, &reply), 1);
	assert_int_equal(reply.event, RENDER_FAILED);
	assert_int_equal(reply.error, error);
	assert_int_equal(next_reply(&r, &reply), 0);
	renderer_stop(&r, NULL, 0);
}

static void refuses_bad_setups(void **state)
{
	struct render_setup s = make_setup();
	int fd = memfd_create("small", MFD_CLOEXEC);

	(void)state;
	s.pitch[1] = W * 4 - 4;
	expect_failure(&s, NULL, 0, -EINVAL);
	s = make_setup();
	s.size[2] = BYTES - 1;
	expect_failure(&s, NULL, 0, -EINVAL);
	s = make_setup();
	s.map[0] = NULL;
	expect_failure(&s, NULL, 0, -EINVAL);
	s = make_setup();
	s.info.buffers = 4;
	expect_failure(&s, NULL, 0, -EPROTO);
	s = make_setup();
	s.width = 16;
	expect_failure(&s, NULL, 0, -EINVAL);
	/* One descriptor for three buffers. */
	s = make_setup();
	expect_failure(&s, &fd, 1, -EPROTO);
	close(fd);
}

/* Three descriptors that are no DMA-BUFs: the cache cannot be synchronised, so nothing is drawn. */
static void refuses_what_is_no_dmabuf(void **state)
{
	struct render_setup s = make_setup();
	struct render_request q = { .frame = 1, .buffer = 0 };
	struct render_reply reply;
	struct renderer r;
	int fds[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		fds[i] = memfd_create("memory", MFD_CLOEXEC);
		assert_int_equal(ftruncate(fds[i], BYTES), 0);
	}
	renderer_start(&r, true);
	channel_send(r.fd, &s, sizeof(s), fds, 3);
	assert_int_equal(next_reply(&r, &reply), 1);
	assert_int_equal(reply.event, RENDER_READY);
	channel_send(r.fd, &q, sizeof(q), NULL, 0);
	assert_int_equal(next_reply(&r, &reply), 1);
	assert_int_equal(reply.event, RENDER_FAILED);
	assert_int_equal(reply.error, -ENOTTY);
	renderer_stop(&r, NULL, 0);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thread_draws),
		cmocka_unit_test(process_draws),
		cmocka_unit_test(waits_for_the_fence),
		cmocka_unit_test(stops_while_it_waits),
		cmocka_unit_test(waits_until_not_before),
		cmocka_unit_test(death_is_noticed),
		cmocka_unit_test(refuses_bad_setups),
		cmocka_unit_test(refuses_what_is_no_dmabuf),
	};

	return cmocka_run_group_tests_name("renderer", tests, map_buffers, unmap_buffers);
}
