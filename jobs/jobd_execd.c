/*
 * execd, started by jobd before anything that is secret is read, as a program
 * of its own: nothing of our memory, environment or descriptors is in it.
 *
 * It is started once. By the time that it might be lost we may not execve any
 * more (io/harden), and a mere fork would be a copy of one who has read the
 * secrets. So when it is lost jobd stops as at SIGTERM, gives its jobs back,
 * and ends with a failure: its supervisor starts both anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "io/proc.h"
#include "io/program.h"
#include "jobd.h"

enum { PATH_BYTES = 4096, BACKLOG = 64, LOOK_MS = 1000 };

/* Beside our own file: build/bin, /usr/lib/stockroom. NULL: not there. */
static const char *
program_path(struct cx *cx)
{
	char *path = arena_alloc(cx->mem, PATH_BYTES + sizeof("execd"));
	const ssize_t n = readlink("/proc/self/exe", path, PATH_BYTES);
	char *slash = n > 0 ? strrchr(path, '/') : NULL;

	if (!slash)
		return NULL;
	memcpy(slash + 1, "execd", sizeof("execd"));
	return access(path, X_OK) == 0 ? path : NULL;
}

/* A name that the kernel gives, and that goes with us. */
static int
listen_somewhere(struct cx *cx, const char **address)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t n = sizeof(sun);
	const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&sun, sizeof(sun.sun_family)) < 0 ||
	    listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sun, &n) < 0)
		return -1;
	*address = text_fmt(cx->mem, "@%.*s",
	    (int)(n - offsetof(struct sockaddr_un, sun_path) - 1),
	    sun.sun_path + 1);
	return fd;
}

static _Noreturn void
become(struct cx *cx, const char *path, int fd, pid_t parent)
{
	static char *const env[] = { NULL };
	const char *user = conf_text(C_EXEC_USER);
	char *args[] = { text_dup(cx->mem, "execd"), text_dup(cx->mem, "-p"),
		text_fmt(cx->mem, "%d", (int)parent), text_dup(cx->mem, "-o"),
		text_fmt(cx->mem, "%d", (int)geteuid()),
		text_dup(cx->mem, "-u"), text_dup(cx->mem, user), NULL };

	if (user[0] == '\0')
		args[5] = NULL;
	if (dup2(fd, STDIN_FILENO) == STDIN_FILENO) {
		(void)close_range(STDERR_FILENO + 1, ~0U, 0);
		(void)execve(path, args, env);
	}
	_exit(127);
}

static enum rc
start(struct jobd *j, const char *path)
{
	struct cx *cx = &j->cx;
	const pid_t parent = getpid();
	const char *address;
	const int fd = listen_somewhere(cx, &address);

	if (fd < 0)
		return rc_fail(
		    cx, RC_BUG, "no socket for execd: %s", strerror(errno));
	j->execd_pid = proc_fork(cx);
	if (j->execd_pid == 0)
		become(cx, path, fd, parent);
	(void)close(fd);
	if (j->execd_pid < 0)
		return rc_fail(cx, RC_BUG, "execd is not started");
	stray_spare(j->execd_pid);
	program_door(address);
	return RC_OK;
}

enum rc
execd_start(struct jobd *j)
{
	const char *path;

	if (*conf_text(C_EXECD_SOCKET)) {
		program_door(conf_text(C_EXECD_SOCKET));
		return RC_OK;
	}
	path = program_path(&j->cx);
	if (path)
		return start(j, path);
	program_door(NULL);
	log_info(&j->cx, "jobd.no_execd",
	    L_TEXT("why", "it does not lie beside jobd: no program is run"));
	return RC_OK;
}

/* Its exec user may differ from ours, so we cannot look into it: but it is our
 * child. */
bool
execd_lost(struct jobd *j)
{
	int status;

	if (j->execd_pid <= 0 || clock_ms() < j->execd_ms)
		return false;
	j->execd_ms = clock_ms() + LOOK_MS;
	if (waitpid(j->execd_pid, &status, WNOHANG) != j->execd_pid)
		return false;
	j->execd_pid = 0;
	log_err(&j->cx, "jobd.execd_lost", L_INT("status", status),
	    L_TEXT("why", "programs cannot be run any more: jobd ends, to be "
			  "started again with a fresh execd"));
	return true;
}
