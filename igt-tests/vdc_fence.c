// SPDX-License-Identifier: MIT
/* Fences as files. */
#include <errno.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <sys/ioctl.h>
#include "igt_abi.h"
#include "vdc_fence.h"

#define WHOLE	10	/* digits of any number below 10^10 */

bool fence_signaled(int fence, int ms)
{
	struct pollfd pfd = { .fd = fence, .events = POLLIN };

	return poll(&pfd, 1, ms) == 1;
}

bool fence_number(int fence, uint32_t *number)
{
	struct sync_file_info info = { .num_fences = 0 };
	const char *digits;

	igt_assert_f(!ioctl(fence, SYNC_IOC_FILE_INFO, &info), "a fence's name: %s\n",
		     strerror(errno));
	digits = strrchr(info.name, '-');
	igt_assert_f(digits, "a fence's name without a number: %.32s\n", info.name);
	digits++;
	*number = strtoull(digits, NULL, 10);
	return strlen(info.name) < sizeof(info.name) - 1 || strlen(digits) >= WHOLE;
}
