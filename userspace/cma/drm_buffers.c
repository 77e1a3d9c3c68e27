// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cma/drm_buffers.h"
#include "cma/machine.h"

#define DRI		"/sys/kernel/debug/dri"
#define MAX_PLANES	128
#define MAX_CLIENTS	256
#define MAX_BUFFERS	16384	/* beyond that, a file is no list of buffers */

/* A plane and what it shows. */
struct plane {
	unsigned int fb;
	char name[32];
	char crtc[28];
};

/* A process that has the device open. */
struct client {
	int pid;
	bool master;
	char comm[16];
};

/* What is known of the device besides its buffers. */
struct context {
	struct plane planes[MAX_PLANES];
	size_t plane_count;
	struct client clients[MAX_CLIENTS];
	size_t client_count;
};

/* The buffer at an address, added where new; NULL: no memory, or too many. */
static struct drm_buffer *find(struct drm_buffers *list, uint64_t address)
{
	struct drm_buffer *grown = NULL;

	for (size_t i = 0; i < list->count; i++)
		if (list->buffers[i].address == address)
			return &list->buffers[i];
	if (list->count < MAX_BUFFERS)
		grown = reallocarray(list->buffers, list->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	list->buffers = grown;
	memset(&grown[list->count], 0, sizeof(*grown));
	grown[list->count].address = address;
	grown[list->count].pid = -1;
	return &grown[list->count++];
}

static void read_driver(const char *root, unsigned int minor, struct drm_buffers *list)
{
	FILE *file = machine_open(root, DRI "/%u/name", minor);

	if (!file)
		return;
	if (fscanf(file, "%31s", list->driver) != 1)
		*list->driver = '\0';
	fclose(file);
}

/* vdc's own list: address, size, origin, name, handles, shared. */
static int read_gem(const char *root, unsigned int minor, struct drm_buffers *list)
{
	FILE *file = machine_open(root, DRI "/%u/gem", minor);
	char line[256], origin[16], shared[8];
	unsigned long long address, size;
	int ret = 0;

	while (file && !ret && fgets(line, sizeof(line), file)) {
		struct drm_buffer *buffer;

		if (sscanf(line, "0x%16llx %20llu %15s %*d %*u %7s", &address, &size, origin,
			   shared) != 4)
			continue;
		buffer = find(list, address);
		if (buffer) {
			buffer->size = size;
			strcpy(buffer->origin, origin);
			buffer->shared = !strcmp(shared, "yes");
		} else {
			ret = -ENOMEM;
		}
	}
	if (file)
		fclose(file);
	return ret;
}

/* state: "plane[31]: NAME", below it "crtc=NAME" and "fb=ID". */
static void read_planes(const char *root, unsigned int minor, struct context *context)
{
	FILE *file = machine_open(root, DRI "/%u/state", minor);
	struct plane plane = { 0 };
	char line[256], name[32];
	unsigned int fb;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "plane[%*u]: %31[^\n]", name) == 1) {
			memset(&plane, 0, sizeof(plane));
			strcpy(plane.name, name);
		} else if (*plane.name && sscanf(line, "\tcrtc=%27[^\n]", plane.crtc) == 1) {
			continue;
		} else if (*plane.name && sscanf(line, "\tfb=%9u", &fb) == 1) {
			plane.fb = fb;
			if (fb && context->plane_count < MAX_PLANES)
				context->planes[context->plane_count++] = plane;
			*plane.name = '\0';
		}
	}
	if (file)
		fclose(file);
}

/*
 * clients: a right-aligned name of up to 16 characters, which may hold blanks, then process, minor,
 * master (y or n), authenticated (y or n), and more.
 */
static bool parse_client(const char *line, struct client *client)
{
	const char *start = line + strspn(line, " "), *c = start;
	char master, authenticated;

	for (; (c = strchr(c, ' ')); c++) {
		if (sscanf(c, " %9d %*d %c %c ", &client->pid, &master, &authenticated) == 3 &&
		    strchr("yn", master) && strchr("yn", authenticated) && c > start) {
			client->master = master == 'y';
			snprintf(client->comm, sizeof(client->comm), "%.*s",
				 (int)(c - start < 15 ? c - start : 15), start);
			return true;
		}
	}
	return false;
}

static void read_clients(const char *root, unsigned int minor, struct context *context)
{
	FILE *file = machine_open(root, DRI "/%u/clients", minor);
	char line[256];

	while (file && context->client_count < MAX_CLIENTS && fgets(line, sizeof(line), file))
		if (parse_client(line, &context->clients[context->client_count]))
			context->client_count++;
	if (file)
		fclose(file);
}

/* The process of that name; of several the master, if the buffer is shown; -1: cannot tell. */
static int find_pid(const struct context *context, const char *comm, bool shown)
{
	int pid = -1;

	for (size_t i = 0; i < context->client_count; i++) {
		const struct client *client = &context->clients[i];

		if (strcmp(client->comm, comm))
			continue;
		if (shown && client->master)
			return client->pid;
		if (pid >= 0 && pid != client->pid)
			pid = -2;
		else if (pid == -1)
			pid = client->pid;
	}
	return pid < 0 ? -1 : pid;
}

/* A framebuffer as far as it was read. */
struct framebuffer {
	unsigned int id;
	char comm[16];
	char fourcc[5];
	char size[24];
	unsigned long long object_size;
};

/* A framebuffer's object has an address: that is the buffer. */
static int add_framebuffer(struct drm_buffers *list, const struct context *context,
			   const struct framebuffer *fb, uint64_t address)
{
	struct drm_buffer *buffer = find(list, address);
	const struct plane *plane = NULL;

	if (!buffer)
		return -ENOMEM;
	for (size_t i = 0; i < context->plane_count; i++)
		if (context->planes[i].fb == fb->id)
			plane = &context->planes[i];
	if (!buffer->size)
		buffer->size = fb->object_size;
	if (*buffer->shown || (buffer->fb && !plane))
		return 0;
	buffer->fb = fb->id;
	strcpy(buffer->comm, fb->comm);
	snprintf(buffer->format, sizeof(buffer->format), "%s %s", fb->size, fb->fourcc);
	if (plane)
		snprintf(buffer->shown, sizeof(buffer->shown), "%s of %s", plane->name,
			 plane->crtc);
	buffer->pid = find_pid(context, buffer->comm, plane);
	return 0;
}

/*
 * framebuffer: "framebuffer[42]:", indented below it "allocated by = NAME", "format=XR24 ...",
 * "size=WxH", and for each object "size=BYTES" and "dma_addr=0x...".
 */
static int read_framebuffers(const char *root, unsigned int minor, struct drm_buffers *list,
			     const struct context *context)
{
	FILE *file = machine_open(root, DRI "/%u/framebuffer", minor);
	struct framebuffer fb = { 0 };
	char line[256];
	int ret = 0;

	while (file && !ret && fgets(line, sizeof(line), file)) {
		unsigned long long address;
		unsigned int id, width, height;

		if (sscanf(line, "framebuffer[%9u]", &id) == 1)
			fb = (struct framebuffer){ .id = id };
		else if (sscanf(line, " allocated by = %15[^\n]", fb.comm) == 1 ||
			 sscanf(line, " format=%4s", fb.fourcc) == 1)
			continue;
		else if (sscanf(line, " size=%9ux%9u", &width, &height) == 2)
			snprintf(fb.size, sizeof(fb.size), "%ux%u", width, height);
		else if (sscanf(line, " size=%20llu", &fb.object_size) == 1)
			continue;
		else if (fb.id && sscanf(line, " dma_addr=%18llx", &address) == 1)
			ret = add_framebuffer(list, context, &fb, address);
	}
	if (file)
		fclose(file);
	return ret;
}

int drm_buffers_read(const char *root, unsigned int minor, struct drm_buffers *list)
{
	struct context *context = calloc(1, sizeof(*context));
	int ret;

	memset(list, 0, sizeof(*list));
	if (!context)
		return -ENOMEM;
	read_driver(root, minor, list);
	read_planes(root, minor, context);
	read_clients(root, minor, context);
	ret = read_gem(root, minor, list);
	if (!ret)
		ret = read_framebuffers(root, minor, list, context);
	free(context);
	if (ret)
		drm_buffers_end(list);
	return ret;
}

void drm_buffers_end(struct drm_buffers *list)
{
	free(list->buffers);
	memset(list, 0, sizeof(*list));
}
