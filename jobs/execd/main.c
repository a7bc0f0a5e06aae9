/*
 * execd: takes connections at descriptor 0, a listening socket, and makes a
 * process for each. It has no database, no secret and no settings, and is alone
 * in being allowed to execve.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "execd.h"
#include "io/proc.h"
#include "io/wait.h"

enum { RUNS_MAX = 128, ABOVE = 10 };

struct options {
	const char *user; /* to become; NULL: stay */
	int64_t parent; /* to end with; 0: nobody */
	int64_t peer; /* the only user who may ask; -1: any that can connect */
	bool wrong;
};

/* The runs that go on; what else is our child, a lost run has left to us. */
static pid_t runs[RUNS_MAX];

static struct options
options_read(int argc, char **argv)
{
	struct options o = { .peer = -1 };
	int c;

	while ((c = getopt(argc, argv, "o:p:u:")) != -1) {
		if (c == 'u')
			o.user = optarg;
		else if (c == 'p')
			o.wrong |= !text_int(optarg, 1, INT32_MAX, &o.parent);
		else if (c == 'o')
			o.wrong |= !text_int(optarg, 0, UINT32_MAX, &o.peer);
		else
			o.wrong = true;
	}
	o.wrong |= optind < argc;
	return o;
}

/* ---- who we are */

static enum rc
become_user(struct cx *cx, const char *name)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return RC_OK;
	if (!name)
		return rc_fail(cx, RC_INPUT,
		    "programs are not run as root: name a user by -u");
	user = getpwnam(name);
	if (!user || user->pw_uid == 0)
		return rc_fail(cx, RC_INPUT,
		    "-u: there must be such a user, not root: %s", name);
	if (setgroups(0, NULL) < 0 || setgid(user->pw_gid) < 0 ||
	    setuid(user->pw_uid) < 0)
		return rc_fail(
		    cx, RC_BUG, "not to become %s: %s", name, strerror(errno));
	return RC_OK;
}

/* After the change of user, which would undo it. */
static enum rc
end_with(struct cx *cx, int64_t parent)
{
	if (parent == 0)
		return RC_OK;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		return rc_fail(cx, RC_STOPPED, "who started us is gone");
	return RC_OK;
}

/* Out of the way of the three that programs get. */
static enum rc
take_socket(struct cx *cx, int *out)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int on = 0;
	socklen_t n = sizeof(on);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) < 0 ||
	    on == 0)
		return rc_fail(
		    cx, RC_INPUT, "descriptor 0 must be a listening socket");
	*out = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, ABOVE);
	if (null < 0 || *out < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0)
		return rc_fail(cx, RC_BUG, "%s", strerror(errno));
	return RC_OK;
}

/* What a program of ours leaves behind when its run is lost comes to us. */
static enum rc
start(struct cx *cx, const struct options *o, int *listener)
{
	TRY(take_socket(cx, listener));
	(void)close_range(STDERR_FILENO + 1, ABOVE - 1, 0);
	TRY(become_user(cx, o->user));
	TRY(end_with(cx, o->parent));
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return rc_fail(cx, RC_BUG, "%s", strerror(errno));
	return proc_harden_but_exec(cx);
}

/* ---- runs */

static bool
is_run(pid_t pid)
{
	for (int i = 0; i < RUNS_MAX; i++)
		if (runs[i] == pid)
			return true;
	return false;
}

static void
note_run(pid_t was, pid_t is)
{
	for (int i = 0; i < RUNS_MAX; i++)
		if (runs[i] == was) {
			runs[i] = is;
			return;
		}
}

/* A run was killed, or the machine is short of memory: its program dies by
 * itself (PR_SET_PDEATHSIG), but not what descends from that. */
static void
end_orphans(struct cx *cx)
{
	pid_t list[RUNS_MAX];
	const int n = kin_list(cx, list, RUNS_MAX);

	for (int i = 0; i < n; i++)
		if (!is_run(list[i]))
			(void)kill(list[i], SIGKILL);
}

static void
reap(struct cx *cx)
{
	bool lost = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (is_run(pid) && status != 0)
			log_warn(cx, "execd.run_lost", L_INT("status", status));
		lost |= !is_run(pid) || status != 0;
		note_run(pid, 0);
	}
	if (lost)
		end_orphans(cx);
}

static bool
may_ask(struct cx *cx, int fd, int64_t peer)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	if (peer < 0)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
	    (int64_t)who.uid == peer)
		return true;
	log_warn(cx, "execd.refused", L_INT("uid", who.uid));
	return false;
}

static void
take(struct cx *cx, int listener, int64_t peer)
{
	const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		return;
	if (is_run(0) && may_ask(cx, fd, peer)) {
		pid = fork();
		if (pid == 0) {
			(void)close(listener);
			run_serve(cx, fd);
		}
		if (pid > 0)
			note_run(0, pid);
	}
	(void)close(fd);
}

static int
child_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static _Noreturn void
serve(struct cx *cx, int listener, int64_t peer)
{
	struct signalfd_siginfo info;
	const int child_fd = child_signals();
	struct wait_fd fds[2] = { { listener, WAIT_READ, 0 },
		{ child_fd, WAIT_READ, 0 } };

	for (;;) {
		(void)!wait_any(NULL, fds, 2, -1);
		(void)!read(child_fd, &info, sizeof(info));
		reap(cx);
		if (fds[0].got)
			take(cx, listener, peer);
		cx_reset(cx);
	}
}

int
main(int argc, char **argv)
{
	const struct options o = options_read(argc, argv);
	struct cx cx = { .program = "execd" };
	int listener = -1;

	if (o.wrong) {
		(void)fprintf(stderr,
		    "usage: execd [-o uid] [-p pid] [-u user] < socket\n");
		return EX_USAGE;
	}
	cx.mem = arena_new();
	log_open(LOG_INFO, STDERR_FILENO);
	if (start(&cx, &o, &listener) != RC_OK) {
		log_fault(&cx, "execd.start");
		arena_free(cx.mem);
		return EX_CONFIG;
	}
	log_info(&cx, "execd.start", L_INT("uid", geteuid()));
	cx_reset(&cx);
	serve(&cx, listener, o.peer);
}
