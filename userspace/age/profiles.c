// SPDX-License-Identifier: MIT
/* The profiles that there are, and which of them a run has. */
#include "age/profiles.h"

#include <errno.h>
#include <string.h>

#include "message.h"

#define MIXED	"mixed"

static const struct age_profile *const all[] = {
	&age_fs, &age_cache, &age_slab, &age_anon, &age_thp, &age_fork, &age_pins, &age_dmabuf,
	&age_camera, &age_desktop, &age_abbott,
};

#define ALL	(sizeof(all) / sizeof(all[0]))

/* Sets the bits of what a name stands for: false when there is no such name. */
static bool mark(unsigned int *marks, const char *name, size_t length)
{
	if (length == strlen(MIXED) && !strncmp(name, MIXED, length)) {
		*marks = (1u << ALL) - 1;
		return true;
	}
	for (size_t i = 0; i < ALL; i++)
		if (length == strlen(all[i]->name) && !strncmp(name, all[i]->name, length)) {
			*marks |= 1u << i;
			return true;
		}
	return false;
}

int age_profiles_select(struct age_selection *s, const char *list)
{
	unsigned int marks = 0;

	for (const char *name = list; name; name = strchr(name, ',')) {
		size_t length;

		name += *name == ',';
		length = strcspn(name, ",");
		if (!mark(&marks, name, length)) {
			message("no profile \"%.*s\"; --profile list prints those there are",
				(int)length, name);
			return -EINVAL;
		}
	}
	s->count = 0;
	for (size_t i = 0; i < ALL; i++)
		if (marks & 1u << i)
			s->profiles[s->count++] = all[i];
	return 0;
}

void age_profiles_print(FILE *f)
{
	for (size_t i = 0; i < ALL; i++)
		fprintf(f, "%-8s %s\n", all[i]->name, all[i]->summary);
	fprintf(f, "%-8s all of them\n", MIXED);
}
