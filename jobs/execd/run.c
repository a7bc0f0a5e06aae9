/*
 * One run: the program is started in a session of its own, told at its soft
 * limit, killed at its hard one or when whoever asked is gone, and its end
 * waited for; then all that is left of it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "execd.h"
#include "io/program.h"
#include "io/program_wire.h"
#include "io/wait.h"

enum { ARGS_MAX = 2, TEXTS_MAX = 64 };

struct run {
	struct cx *cx;
	int conn; /* -1: whoever asked is gone */
	int child_fd; /* a word of the kernel's when a child ends */
	int fds[WIRE_FDS];
	char *path;
	char **env;
	pid_t pid;
	int64_t soft_at;
	int64_t hard_at;
	int limit_s; /* the one that it met; 0: none */
	int64_t soft_ms;
	int64_t hard_ms;
};

/* ---- what is asked */

static ssize_t
receive(int fd, char *bytes, int *fds)
{
	struct wire_fds control;
	struct iovec iov = { bytes, WIRE_MAX_BYTES };
	struct msghdr m = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	const ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	if (!c || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(control.list)) ||
	    (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return -1;
	memcpy(fds, control.list, sizeof(control.list));
	return n;
}

/* Each text ends in a NUL, the last one with the record. */
static bool
take_texts(struct run *r, char *p, size_t n, uint32_t texts)
{
	char *const end = p + n;

	r->env = ARENA_ARRAY(r->cx->mem, char *, texts);
	for (uint32_t i = 0; i < texts; i++) {
		char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return false;
		if (i == 0)
			r->path = p;
		else
			r->env[i - 1] = p;
		p = nul + 1;
	}
	return p == end && r->path[0] == '/';
}

static bool
take_ask(struct run *r)
{
	char *bytes = arena_alloc(r->cx->mem, WIRE_MAX_BYTES);
	const ssize_t n = receive(r->conn, bytes, r->fds);
	struct wire_ask ask;

	if (n < (ssize_t)sizeof(ask))
		return false;
	memcpy(&ask, bytes, sizeof(ask));
	r->soft_ms = ask.soft_ms;
	r->hard_ms = ask.hard_ms;
	return ask.version == WIRE_VERSION && ask.texts >= 1 &&
	       ask.texts <= TEXTS_MAX && ask.hard_ms > 0 && ask.soft_ms > 0 &&
	       take_texts(
		   r, bytes + sizeof(ask), (size_t)n - sizeof(ask), ask.texts);
}

/* ---- the program */

static void
fresh_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Our own child from here on, with nothing of ours: its three descriptors, its
 * environment, its session. Gives up by saying why. */
static _Noreturn void
become(const struct run *r, int say)
{
	char *const args[ARGS_MAX] = { r->path, NULL };
	int err;

	fresh_signals();
	(void)setsid();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)umask(077);
	/* Ours are above these three (main.c), so none is overwritten. */
	for (int i = 0; i < WIRE_FDS; i++)
		if (dup2(r->fds[i], i) < 0)
			goto out;
	(void)dup2(say, WIRE_FDS);
	(void)fcntl(WIRE_FDS, F_SETFD, FD_CLOEXEC);
	(void)close_range(WIRE_FDS + 1, ~0U, 0);
	say = WIRE_FDS;
	if (chdir("/") == 0)
		(void)execve(r->path, args, r->env);
out:
	err = errno;
	(void)!write(say, &err, sizeof(err));
	_exit(127);
}

/* 0, or why it did not start. */
static int
start(struct run *r)
{
	int ends[2], err = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	r->pid = fork();
	if (r->pid < 0)
		return errno;
	if (r->pid == 0)
		become(r, ends[1]);
	(void)close(ends[1]);
	for (int i = 0; i < WIRE_FDS; i++)
		(void)close(r->fds[i]);
	if (read(ends[0], &err, sizeof(err)) != sizeof(err))
		err = 0;
	(void)close(ends[0]);
	return err;
}

/* ---- its time */

static void
group_kill(const struct run *r, int sig)
{
	(void)kill(-r->pid, sig);
}

static void
at_soft(struct run *r)
{
	r->soft_at = INT64_MAX;
	r->limit_s = (int)(r->soft_ms / 1000);
	group_kill(r, SIGTERM);
	group_kill(r, SIGCONT);
}

static void
at_hard(struct run *r)
{
	r->hard_at = INT64_MAX;
	if (r->limit_s != 0)
		r->limit_s = (int)(r->hard_ms / 1000);
	group_kill(r, SIGKILL);
}

static void
at_stop(struct run *r, int64_t grace_ms)
{
	const int64_t end = clock_ms() + (grace_ms > 0 ? grace_ms : 0);

	r->soft_at = INT64_MAX;
	if (end < r->hard_at)
		r->hard_at = end;
	group_kill(r, SIGTERM);
	group_kill(r, SIGCONT);
}

/* Whoever asked says stop, or is no more: then another may be running this
 * already. */
static void
hear(struct run *r)
{
	struct wire_stop word;
	const ssize_t n = recv(r->conn, &word, sizeof(word), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == sizeof(word) && word.version == WIRE_VERSION) {
		at_stop(r, word.grace_ms);
		return;
	}
	(void)close(r->conn);
	r->conn = -1;
	at_hard(r);
}

/* When its time is up next; -1: it has all the time. */
static int64_t
next_ms(const struct run *r)
{
	const int64_t at = r->soft_at < r->hard_at ? r->soft_at : r->hard_at;

	return at == INT64_MAX ? -1 : at;
}

static bool
has_ended(const struct run *r)
{
	siginfo_t info = { .si_pid = 0 };

	/* Not reaped: so nobody else gets its number, which the group has. */
	return waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		   0 ||
	       info.si_pid != 0;
}

static void
await_end(struct run *r)
{
	struct wait_fd fds[2] = { { r->child_fd, WAIT_READ, 0 },
		{ r->conn, WAIT_READ, 0 } };
	struct signalfd_siginfo info;

	while (!has_ended(r)) {
		(void)!wait_any(NULL, fds, r->conn >= 0 ? 2 : 1, next_ms(r));
		(void)!read(r->child_fd, &info, sizeof(info));
		if (r->conn >= 0)
			hear(r);
		if (clock_ms() >= r->hard_at)
			at_hard(r);
		else if (clock_ms() >= r->soft_at)
			at_soft(r);
	}
}

/* ---- its end */

static struct wire_end
end_of(const struct run *r, int status)
{
	struct wire_end end = { .version = WIRE_VERSION };

	if (WIFEXITED(status)) {
		end.how = PROGRAM_EXITED;
		end.status = WEXITSTATUS(status);
	} else {
		end.how = PROGRAM_SIGNALLED;
		end.status = WTERMSIG(status);
	}
	/* One that made good use of its last seconds is not late. */
	if (r->limit_s > 0 && status != 0) {
		end.how = PROGRAM_LATE;
		end.status = r->limit_s;
	}
	return end;
}

static struct wire_end
run_program(struct run *r)
{
	const int64_t now = clock_ms();
	const int err = start(r);
	int status = 0;

	if (err != 0)
		return (
		    struct wire_end){ WIRE_VERSION, PROGRAM_UNSTARTED, err };
	r->soft_at = now + r->soft_ms;
	r->hard_at = now + r->hard_ms;
	await_end(r);
	group_kill(r, SIGKILL);
	(void)waitpid(r->pid, &status, 0);
	return end_of(r, status);
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

_Noreturn void
run_serve(struct cx *cx, int fd)
{
	struct run r = { .cx = cx, .conn = fd };
	struct wire_end end;

	r.child_fd = child_signals();
	if (r.child_fd < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ||
	    !take_ask(&r)) {
		log_warn(cx, "execd.ask", L_TEXT("why", "not understood"));
		_exit(EXIT_FAILURE);
	}
	end = run_program(&r);
	kin_end(cx);
	if (r.conn >= 0)
		(void)send(r.conn, &end, sizeof(end), MSG_NOSIGNAL);
	_exit(EXIT_SUCCESS);
}
