// SPDX-License-Identifier: MIT
/* The module parameters of the driver, which a test leaves as it found them. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "igt_abi.h"
#include "vdc_param.h"

#define PARAM_DIR	"/sys/module/vdc/parameters/"
#define PARAM_MAX	4

static struct param {
	char name[32];
	char value[32];
} params[PARAM_MAX];
static unsigned int num_params;

static int open_param(const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), PARAM_DIR "%s", name);
	return open(path, flags | O_CLOEXEC);
}

/* Return: whether there is such a parameter and it took the value. */
static bool write_param(const char *name, const char *value)
{
	int fd = open_param(name, O_WRONLY);
	bool done = fd >= 0 && write(fd, value, strlen(value)) > 0;

	if (fd >= 0)
		close(fd);
	return done;
}

static void at_exit(int sig)
{
	(void)sig;
	param_restore();
}

/* Only the first value is that of before. */
static void remember(const char *name, int fd)
{
	struct param *param;
	ssize_t size;
	unsigned int i;

	for (i = 0; i < num_params; i++)
		if (!strcmp(params[i].name, name))
			return;
	igt_assert_lt(num_params, PARAM_MAX);
	if (!num_params)
		igt_install_exit_handler(at_exit);
	param = &params[num_params];
	size = read(fd, param->value, sizeof(param->value) - 1);
	igt_assert_f(size > 0, "reading parameter %s: %s\n", name, strerror(errno));
	snprintf(param->name, sizeof(param->name), "%s", name);
	num_params++;
}

void param_set(const char *name, const char *value)
{
	int fd = open_param(name, O_RDONLY);

	if (fd < 0)
		return;
	remember(name, fd);
	close(fd);
	igt_assert_f(write_param(name, value), "parameter %s = %s: %s\n", name, value,
		     strerror(errno));
}

void param_restore(void)
{
	unsigned int i;

	for (i = 0; i < num_params; i++)
		write_param(params[i].name, params[i].value);
}
