// SPDX-License-Identifier: MIT
/* Blocks of the buddy allocator, through the module vdc-peers: unmovable ones. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lab/contender.h"

#define BUDDY	"/sys/kernel/debug/vdc-peers/buddy"

int contender_parse_buddy(const char *text, int order, uint64_t *ns)
{
	int asked, error, used = 0;
	char *end;

	if (sscanf(text, "%d %d %n", &asked, &error, &used) != 2 || asked != order || error > 0 ||
	    text[used] < '0' || text[used] > '9')
		return -EPROTO;
	*ns = strtoull(text + used, &end, 10);
	return *end && *end != '\n' ? -EPROTO : error;
}

static int buddy_open(struct contender *c)
{
	c->fd = open(BUDDY, O_RDWR | O_CLOEXEC);
	return c->fd < 0 ? -errno : 0;
}

static void buddy_close(struct contender *c)
{
	close(c->fd);
	c->fd = -1;
}

/* The kernel has freed it again when this returns. */
static int buddy_allocate(struct contender *c, const struct contender_request *request,
			  struct contender_buffer *buffer, uint64_t *ns)
{
	char text[64];
	ssize_t size = snprintf(text, sizeof(text), "%d\n", c->type->order);

	(void)request;
	(void)buffer;
	*ns = 0;
	if (pwrite(c->fd, text, (size_t)size, 0) != size)
		return -errno;
	size = pread(c->fd, text, sizeof(text) - 1, 0);
	if (size < 0)
		return -errno;
	text[size] = '\0';
	return contender_parse_buddy(text, c->type->order, ns);
}

static void buddy_free(struct contender *c, struct contender_buffer *buffer)
{
	(void)c;
	(void)buffer;
}

const struct contender_type contender_buddy_11 = {
	.name = "buddy-11", .summary = "alloc_pages() of order 11, above what there can be",
	.order = 11,
	.open = buddy_open, .allocate = buddy_allocate, .free = buddy_free, .close = buddy_close,
};

const struct contender_type contender_buddy_10 = {
	.name = "buddy-10", .summary = "alloc_pages() of order 10, the largest there is",
	.order = 10,
	.open = buddy_open, .allocate = buddy_allocate, .free = buddy_free, .close = buddy_close,
};
