/* Signals, and children that die with us. */
#include "io/proc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"

/* ---- signals */

static volatile sig_atomic_t stops, reloads;

static void
on_stop(int sig)
{
	(void)sig;
	stops++;
}

static void
on_reload(int sig)
{
	(void)sig;
	reloads = 1;
}

static void
handle(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	/* No SA_RESTART: a wait must return so that the stop is seen. */
	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(sig, &sa, NULL);
}

void
proc_signals(void)
{
	handle(SIGTERM, on_stop);
	handle(SIGINT, on_stop);
	handle(SIGHUP, on_reload);
	handle(SIGPIPE, SIG_IGN);
}

bool
proc_stopping(void)
{
	return stops > 0;
}

int
proc_stop_signals(void)
{
	return stops;
}

bool
proc_reload_asked(void)
{
	const bool asked = reloads != 0;

	reloads = 0;
	return asked;
}

/* ---- a child */

static const int handled[] = { SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1,
	SIGCHLD };
enum { HANDLED = sizeof(handled) / sizeof(handled[0]) };

static void
forget_signals(void)
{
	for (size_t i = 0; i < HANDLED; i++)
		handle(handled[i], SIG_DFL);
	stops = 0;
	reloads = 0;
}

static void
die_with(pid_t parent)
{
	/* The parent may have died before we asked to be told. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
}

pid_t
proc_fork(struct cx *cx)
{
	const pid_t parent = getpid();
	sigset_t ours, before;
	pid_t pid;

	/* A signal that comes now is the child's own: it must not be counted
	 * by the handler it still shares with us. */
	(void)sigemptyset(&ours);
	for (size_t i = 0; i < HANDLED; i++)
		(void)sigaddset(&ours, handled[i]);
	(void)sigprocmask(SIG_BLOCK, &ours, &before);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		forget_signals();
		die_with(parent);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		log_err(cx, "proc.fork", L_TEXT("why", strerror(errno)));
	return pid;
}
