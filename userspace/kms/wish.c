// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "kms/output.h"

#define MAX_SIZE	65535UL
#define MAX_REFRESH	1000.0

bool kms_mode_parse(const char *text, struct kms_mode_wish *wish)
{
	unsigned long w, h;
	double refresh = 0;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	w = strtoul(text, &end, 10);
	if (*end != 'x' || end[1] < '0' || end[1] > '9')
		return false;
	h = strtoul(end + 1, &end, 10);
	if (*end == '@') {
		const char *rate = end + 1;

		if (*rate < '0' || *rate > '9')
			return false;
		refresh = strtod(rate, &end);
		/* Written so that what is not a number fails too. */
		if (!(refresh > 0 && refresh <= MAX_REFRESH))
			return false;
	}
	if (*end || !w || !h || w > MAX_SIZE || h > MAX_SIZE)
		return false;
	wish->width = (unsigned int)w;
	wish->height = (unsigned int)h;
	wish->refresh = refresh;
	return true;
}
