// SPDX-License-Identifier: MIT
/* Starting and ending the renderer, as thread or process. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flip/channel.h"
#include "flip/renderer.h"
#include "message.h"

/* A process that does not end by itself after its channel closed is killed after so long. */
#define STOP_STEPS	500
#define STOP_STEP_US	10000

static void *thread_main(void *arg)
{
	return (void *)(intptr_t)renderer_main((int)(intptr_t)arg);
}

static void child_main(int fd, pid_t parent)
{
	sigset_t none;

	/* Interrupting the terminal's process group is for the display to handle. */
	signal(SIGINT, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_NAME, "vdc-renderer");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_ENVIRONMENT);
	_exit(renderer_main(fd) ? EXIT_ENVIRONMENT : EXIT_OK);
}

int renderer_start(struct renderer *r, bool process)
{
	pid_t parent = getpid();
	int fds[2], ret;

	memset(r, 0, sizeof(*r));
	r->fd = -1;
	r->process = process;
	ret = channel_pair(fds);
	if (ret) {
		message_error(ret, "making a socket pair");
		return ret;
	}
	if (process) {
		r->pid = fork();
		if (r->pid == 0) {
			close(fds[0]);
			child_main(fds[1], parent);
		}
		ret = r->pid < 0 ? -errno : 0;
		close(fds[1]);
	} else {
		ret = -pthread_create(&r->thread, NULL, thread_main, (void *)(intptr_t)fds[1]);
		if (ret)
			close(fds[1]);
	}
	if (ret) {
		message_error(ret, "starting the renderer");
		close(fds[0]);
		return ret;
	}
	r->fd = fds[0];
	return 0;
}

static void describe(int status, char *why, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(why, size, "was killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		snprintf(why, size, "ended with status %d", WEXITSTATUS(status));
}

void renderer_stop(struct renderer *r, char *why, size_t size)
{
	int status = 0, told = 0;

	if (why)
		why[0] = '\0';
	if (r->fd < 0)
		return;
	close(r->fd);
	r->fd = -1;
	if (!r->process) {
		pthread_join(r->thread, NULL);
		return;
	}
	while (waitpid(r->pid, &status, WNOHANG) == 0) {
		if (told++ == STOP_STEPS)
			kill(r->pid, SIGKILL);
		usleep(STOP_STEP_US);
	}
	if (why && told <= STOP_STEPS)
		describe(status, why, size);
}
