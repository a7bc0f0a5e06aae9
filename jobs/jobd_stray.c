/*
 * Processes that a handler has forked. Those of its group end with it; one that
 * has left the group comes to jobd when its parent ends, and is ended then: no
 * job has an effect after its end.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "jobd.h"

enum { SPARED_MAX = 8, ROUNDS = 16, LIST_BYTES = 64 * 1024 };

static pid_t spared[SPARED_MAX];
static int spared_n;
static bool begun;

void
stray_begin(void)
{
	begun = prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

void
stray_spare(pid_t pid)
{
	if (spared_n < SPARED_MAX)
		spared[spared_n++] = pid;
}

static bool
is_ours(const struct jobd *j, pid_t pid)
{
	for (int i = 0; i < spared_n; i++)
		if (spared[i] == pid)
			return true;
	for (int i = 0; i < SLOTS_MAX; i++)
		if (j->pool.slots[i].state != SLOT_EMPTY &&
		    j->pool.slots[i].pid == pid)
			return true;
	return false;
}

/* The numbers of our children as the kernel has them, with spaces between. */
static const char *
children(struct arena *mem)
{
	char *list = arena_alloc(mem, LIST_BYTES);
	const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return "";
	n = read(fd, list, LIST_BYTES - 1);
	(void)close(fd);
	return n > 0 ? list : "";
}

/* One that has died already is only waited for. */
static bool
end_one(struct jobd *j, pid_t pid)
{
	if (is_ours(j, pid))
		return false;
	if (waitpid(pid, NULL, WNOHANG) == pid)
		return true;
	log_warn(&j->cx, "jobd.stray", L_INT("child", pid));
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return true;
}

/* Each one's own children come to us in their turn. */
void
stray_end(struct jobd *j)
{
	bool any = begun;

	for (int round = 0; any && round < ROUNDS; round++) {
		const char *at = children(j->cx.mem);
		char *end;
		long pid;

		any = false;
		while ((pid = strtol(at, &end, 10)) > 0) {
			any |= end_one(j, (pid_t)pid);
			at = end;
		}
	}
}
