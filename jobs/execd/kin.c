/*
 * Who descends from us. A program's children may begin sessions and lose their
 * parents; as a subreaper we inherit them then, and find them by their parent's
 * number.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "execd.h"
#include "io/wait.h"

enum { STAT_BYTES = 512, LIST_MAX = 1024, AGAIN_MS = 2, GIVE_UP_MS = 5000 };

/* "pid (any name) state ppid ...": behind the last parenthesis. */
static pid_t
parent_in(const char *stat)
{
	const char *end = strrchr(stat, ')');

	return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : -1;
}

static pid_t
parent_of(struct cx *cx, int proc, const char *name)
{
	const char *path = text_fmt(cx->mem, "%s/stat", name);
	char *stat = arena_alloc(cx->mem, STAT_BYTES + 1);
	const int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, stat, STAT_BYTES);
	(void)close(fd);
	stat[n > 0 ? n : 0] = '\0';
	return parent_in(stat);
}

static bool
is_kin(struct cx *cx, int proc, const char *name)
{
	const struct arena_mark mark = arena_mark(cx->mem);
	const bool is = isdigit((unsigned char)name[0]) &&
			parent_of(cx, proc, name) == getpid();

	arena_back(cx->mem, mark);
	return is;
}

int
kin_list(struct cx *cx, pid_t *list, int max)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	int n = 0;

	if (!dir)
		return -1;
	while (n < max && (e = readdir(dir)) != NULL)
		if (is_kin(cx, dirfd(dir), e->d_name))
			list[n++] = (pid_t)strtol(e->d_name, NULL, 10);
	(void)closedir(dir);
	return n;
}

/* False when none is left. */
static bool
reap(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0);
	return pid == 0;
}

static void
kill_all(struct cx *cx)
{
	pid_t *list = ARENA_ARRAY(cx->mem, pid_t, LIST_MAX);
	const int n = kin_list(cx, list, LIST_MAX);

	for (int i = 0; i < n; i++)
		(void)kill(list[i], SIGKILL);
}

/* Each that dies may leave us its own children. */
void
kin_end(struct cx *cx)
{
	const int64_t until = clock_ms() + GIVE_UP_MS;

	while (reap()) {
		if (clock_ms() >= until) {
			log_err(cx, "execd.left_over", L_INT("pid", getpid()));
			return;
		}
		kill_all(cx);
		(void)!wait_until(NULL, clock_ms() + AGAIN_MS);
	}
}
