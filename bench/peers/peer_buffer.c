// SPDX-License-Identifier: MIT
/*
 * Allocate one dumb buffer of a DRM driver, keep nothing of it but the exported DMA-BUF, and hold
 * that until standard input ends. What is in it has to stay, whatever is done to driver and module
 * meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "kms/card.h"

static int fail(const char *what)
{
	fprintf(stderr, "peer-buffer: %s: %s\n", what, strerror(errno));
	return 3;
}

static int no_card(const char *driver)
{
	fprintf(stderr, "peer-buffer: no device of driver %s\n", driver);
	return 3;
}

/* A buffer of which only the DMA-BUF is left. Return: it, or -1 after a message. */
static int make_buffer(int fd, uint32_t width, uint32_t height, size_t *words)
{
	uint32_t handle, pitch;
	uint64_t size;
	int dmabuf;

	if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &handle, &pitch, &size)) {
		fail("allocating");
		return -1;
	}
	*words = size / sizeof(uint32_t);
	if (drmPrimeHandleToFD(fd, handle, DRM_CLOEXEC | DRM_RDWR, &dmabuf)) {
		fail("exporting");
		return -1;
	}
	drmModeDestroyDumbBuffer(fd, handle);
	return dmabuf;
}

static uint32_t pattern(size_t word)
{
	return (uint32_t)word * 2654435761u;	/* Knuth's multiplicative hash */
}

/* Unbinding a driver takes mappings away, so there is one only while it is used. */
static uint32_t *map(int dmabuf, size_t words)
{
	void *at = mmap(NULL, words * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf,
			0);

	if (at == MAP_FAILED) {
		fail("mapping the DMA-BUF");
		return NULL;
	}
	return at;
}

static int fill(int dmabuf, size_t words)
{
	uint32_t *at = map(dmabuf, words);

	if (!at)
		return 3;
	for (size_t i = 0; i < words; i++)
		at[i] = pattern(i);
	munmap(at, words * sizeof(*at));
	return 0;
}

static int check(int dmabuf, size_t words)
{
	const uint32_t *at = map(dmabuf, words);

	if (!at)
		return 3;
	for (size_t i = 0; i < words; i++) {
		if (at[i] == pattern(i))
			continue;
		fprintf(stderr, "peer-buffer: word %zu is not what was written\n", i);
		return 1;
	}
	return 0;
}

static int import(const char *driver, int dmabuf)
{
	uint32_t handle;
	int fd = kms_card_open(driver);

	if (fd < 0)
		return no_card(driver);
	if (drmPrimeFDToHandle(fd, dmabuf, &handle))
		return fail("importing");
	close(fd);
	return 0;
}

static int usage(void)
{
	fputs("Usage: peer-buffer DRIVER WIDTH HEIGHT [IMPORTER]\n\n"
	      "Allocates WIDTH x HEIGHT pixels of 32 bits from DRIVER, has the driver IMPORTER import\n"
	      "them, prints \"holding BYTES\", and frees them when standard input ends. Status 1: they\n"
	      "did not keep what was written; 3: refused, standard error says what.\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	int fd, dmabuf, ret = 0;
	size_t words;
	char c;

	if (argc < 4 || argc > 5 || atoi(argv[2]) <= 0 || atoi(argv[3]) <= 0)
		return usage();
	fd = kms_card_open(argv[1]);
	if (fd < 0)
		return no_card(argv[1]);
	dmabuf = make_buffer(fd, (uint32_t)atoi(argv[2]), (uint32_t)atoi(argv[3]), &words);
	close(fd);
	if (dmabuf < 0)
		return 3;
	if (argc == 5)
		ret = import(argv[4], dmabuf);
	if (!ret)
		ret = fill(dmabuf, words);
	if (ret)
		return ret;

	printf("holding %zu\n", words * sizeof(uint32_t));
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return check(dmabuf, words);
}
