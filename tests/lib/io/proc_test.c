/* Processes: signals, children that are replaced, rights given up (D16). */
#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/proc.h"
#include "io/wait.h"
#include "test.h"

enum { LONG_MS = 10000 };

/* What children write for the case to read. */
static int told[2];

static void
begin(void)
{
	log_open(LOG_ERR + 1, 2);
	ATF_REQUIRE(pipe2(told, O_CLOEXEC) == 0);
}

static void
tell(const void *p, size_t n)
{
	(void)!write(told[1], p, n);
}

/* False when all who could tell are gone. */
static bool
hear(void *p, size_t n)
{
	struct pollfd fd = { told[0], POLLIN, 0 };

	ATF_REQUIRE_MSG(poll(&fd, 1, LONG_MS) == 1, "nobody told anything");
	return read(told[0], p, n) == (ssize_t)n;
}

static int
status_of(pid_t pid)
{
	int status = -1;

	ATF_REQUIRE(waitpid(pid, &status, 0) == pid);
	return status;
}

/* ---- signals */

ATF_TC_WITHOUT_HEAD(a_stop_signal_is_seen_and_counted);
ATF_TC_BODY(a_stop_signal_is_seen_and_counted, tc)
{
	proc_signals();
	ATF_CHECK(!proc_stopping());
	(void)raise(SIGTERM);
	ATF_CHECK(proc_stopping());
	(void)raise(SIGINT);
	ATF_CHECK_EQ(2, proc_stop_signals());
}

ATF_TC_WITHOUT_HEAD(a_reload_is_asked_once);
ATF_TC_BODY(a_reload_is_asked_once, tc)
{
	proc_signals();
	ATF_CHECK(!proc_reload_asked());
	(void)raise(SIGHUP);
	ATF_CHECK(proc_reload_asked());
	ATF_CHECK(!proc_reload_asked());
	ATF_CHECK(!proc_stopping());
}

ATF_TC_WITHOUT_HEAD(a_broken_pipe_kills_nobody);
ATF_TC_BODY(a_broken_pipe_kills_nobody, tc)
{
	begin();
	proc_signals();
	(void)close(told[0]);
	ATF_CHECK_EQ(-1, write(told[1], "x", 1));
	ATF_CHECK_EQ(EPIPE, errno);
}

/* ---- children */

ATF_TC_WITHOUT_HEAD(a_child_has_default_signals_and_no_old_stop);
ATF_TC_BODY(a_child_has_default_signals_and_no_old_stop, tc)
{
	pid_t pid;
	int status;

	proc_signals();
	(void)raise(SIGTERM);
	pid = proc_fork(test_cx());
	if (pid == 0) {
		if (proc_stopping())
			_exit(1);
		(void)raise(SIGTERM);
		_exit(2);
	}
	status = status_of(pid);
	ATF_REQUIRE(WIFSIGNALED(status));
	ATF_CHECK_EQ(SIGTERM, WTERMSIG(status));
}

ATF_TC_WITHOUT_HEAD(a_child_dies_with_its_parent);
ATF_TC_BODY(a_child_dies_with_its_parent, tc)
{
	pid_t parent;
	char c;

	begin();
	parent = fork();
	if (parent == 0) {
		if (proc_fork(test_cx()) == 0)
			tell("c", 1);
		for (;;)
			(void)pause();
	}
	(void)close(told[1]);
	ATF_REQUIRE(hear(&c, 1));
	(void)kill(parent, SIGKILL);
	(void)status_of(parent);
	ATF_CHECK_MSG(!hear(&c, 1), "the child lives on");
}

/* ---- prefork */

static int
seven(void *arg)
{
	*(pid_t *)arg = getpid();
	return 7;
}

ATF_TC_WITHOUT_HEAD(one_child_is_the_process_itself);
ATF_TC_BODY(one_child_is_the_process_itself, tc)
{
	pid_t who = 0;

	ATF_CHECK_EQ(7, proc_prefork(test_cx(), 1, 1000, seven, &who));
	ATF_CHECK_EQ(getpid(), who);
}

/* A parent of `n` children, in a process of its own. */
static pid_t
parent_of(int n, int64_t grace_ms, int (*work)(void *))
{
	const pid_t pid = fork();

	if (pid == 0)
		_exit(proc_prefork(test_cx(), n, grace_ms, work, NULL));
	return pid;
}

struct hello {
	pid_t pid;
	int64_t at_ms;
};

static void
say_hello(void)
{
	const struct hello h = { getpid(), clock_ms() };

	tell(&h, sizeof(h));
}

static struct hello
heard(void)
{
	struct hello h = { 0, 0 };

	ATF_REQUIRE(hear(&h, sizeof(h)));
	return h;
}

/* Works until it is told to stop, as a program of ours does. */
static int
work_until_stopped(void *arg)
{
	struct cx cx = *test_cx();

	(void)arg;
	say_hello();
	cx.should_stop = proc_stopping;
	while (wait_until(&cx, clock_ms() + LONG_MS) == RC_OK)
		;
	tell("x", 1);
	return 0;
}

static int
work_and_never_stop(void *arg)
{
	say_hello();
	while (!arg)
		(void)pause();
	return 0;
}

static int
fail_at_once(void *arg)
{
	(void)arg;
	say_hello();
	return 1;
}

ATF_TC_WITHOUT_HEAD(told_to_stop_the_children_finish_and_all_leave);
ATF_TC_BODY(told_to_stop_the_children_finish_and_all_leave, tc)
{
	pid_t parent;
	char c;

	begin();
	parent = parent_of(3, LONG_MS, work_until_stopped);
	for (int i = 0; i < 3; i++)
		(void)heard();
	(void)kill(parent, SIGTERM);
	ATF_CHECK_EQ(0, status_of(parent));
	(void)close(told[1]);
	for (int i = 0; i < 3; i++)
		ATF_CHECK(hear(&c, 1) && c == 'x');
	ATF_CHECK(!hear(&c, 1));
}

ATF_TC_WITHOUT_HEAD(a_child_that_is_killed_is_replaced);
ATF_TC_BODY(a_child_that_is_killed_is_replaced, tc)
{
	struct hello a, b;
	pid_t parent;

	begin();
	parent = parent_of(2, LONG_MS, work_until_stopped);
	a = heard();
	(void)heard();
	(void)kill(a.pid, SIGKILL);
	b = heard();
	ATF_CHECK(b.pid != a.pid);
	(void)kill(parent, SIGTERM);
	ATF_CHECK_EQ(0, status_of(parent));
}

ATF_TC_WITHOUT_HEAD(children_that_fail_at_once_are_replaced_slowly);
ATF_TC_BODY(children_that_fail_at_once_are_replaced_slowly, tc)
{
	struct hello first, last;
	pid_t parent;

	begin();
	parent = parent_of(2, LONG_MS, fail_at_once);
	first = heard();
	for (int i = 0; i < 9; i++)
		last = heard(); /* the fifth turn of two places */
	(void)kill(parent, SIGTERM);
	ATF_CHECK_EQ(0, status_of(parent));
	ATF_CHECK_MSG(last.at_ms - first.at_ms >= 350, "after %d ms",
	    (int)(last.at_ms - first.at_ms));
}

ATF_TC_WITHOUT_HEAD(who_does_not_stop_in_time_is_killed);
ATF_TC_BODY(who_does_not_stop_in_time_is_killed, tc)
{
	pid_t parent;
	char c;

	begin();
	parent = parent_of(2, 100, work_and_never_stop);
	(void)heard();
	(void)heard();
	(void)kill(parent, SIGTERM);
	ATF_CHECK_EQ(0, status_of(parent));
	(void)close(told[1]);
	ATF_CHECK(!hear(&c, 1));
}

ATF_TC_WITHOUT_HEAD(a_second_stop_signal_means_now);
ATF_TC_BODY(a_second_stop_signal_means_now, tc)
{
	const int64_t began = clock_ms();
	pid_t parent;

	begin();
	parent = parent_of(2, 60 * LONG_MS, work_and_never_stop);
	(void)heard();
	(void)heard();
	(void)kill(parent, SIGTERM);
	while (waitpid(parent, NULL, WNOHANG) == 0) {
		(void)kill(parent, SIGTERM); /* two at once are one */
		OK(wait_until(test_cx(), clock_ms() + 10));
	}
	ATF_CHECK(clock_ms() - began < LONG_MS);
}

/* ---- giving up rights */

/* Runs `check` in a child that has given up its rights. */
static void
hardened(bool (*check)(void))
{
	const pid_t pid = fork();

	if (pid == 0)
		_exit(proc_harden(test_cx()) != RC_OK ? 2 : check() ? 0 : 1);
	ATF_CHECK_EQ(0, status_of(pid));
}

static bool
runs_no_other_program(void)
{
	(void)execl("/bin/false", "false", (char *)NULL);
	if (errno != EPERM)
		return false;
	(void)syscall(SYS_execveat, AT_FDCWD, "/bin/false", NULL, NULL, 0);
	return errno == EPERM;
}

static bool
is_refused(long call)
{
	errno = 0;
	return syscall(call, 0L, 0L, 0L, 0L, 0L) == -1 && errno == EPERM;
}

static bool
reaches_no_process_mount_or_kernel(void)
{
	return is_refused(SYS_process_vm_readv) && is_refused(SYS_mount) &&
	       is_refused(SYS_umount2) && is_refused(SYS_bpf) &&
	       is_refused(SYS_unshare) && is_refused(SYS_setns) &&
	       is_refused(SYS_keyctl) && is_refused(SYS_add_key) &&
	       is_refused(SYS_request_key) && is_refused(SYS_perf_event_open) &&
	       is_refused(SYS_userfaultfd) && is_refused(SYS_kexec_load) &&
	       is_refused(SYS_init_module) && is_refused(SYS_pivot_root) &&
	       is_refused(SYS_io_uring_setup);
}

static bool
traces_nobody(void)
{
	return is_refused(SYS_ptrace);
}

static bool
leaves_no_core_and_gains_no_rights(void)
{
	struct rlimit core;

	return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2;
}

static bool
is_not_dumpable(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static bool
still_does_its_work(void)
{
	void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	if (p == MAP_FAILED || fd < 0 || munmap(p, 1 << 20) < 0)
		return false;
	pid = proc_fork(test_cx());
	if (pid == 0)
		_exit(5);
	return WEXITSTATUS(status_of(pid)) == 5;
}

ATF_TC_WITHOUT_HEAD(hardened_it_runs_no_other_program);
ATF_TC_BODY(hardened_it_runs_no_other_program, tc)
{
	hardened(runs_no_other_program);
}

ATF_TC_WITHOUT_HEAD(hardened_it_reaches_no_process_mount_or_kernel);
ATF_TC_BODY(hardened_it_reaches_no_process_mount_or_kernel, tc)
{
	hardened(reaches_no_process_mount_or_kernel);
}

ATF_TC_WITHOUT_HEAD(hardened_it_cannot_be_dumped_or_traced);
ATF_TC_BODY(hardened_it_cannot_be_dumped_or_traced, tc)
{
#ifdef __SANITIZE_ADDRESS__
	atf_tc_skip("the leak sanitizer traces");
#endif
	hardened(traces_nobody);
	hardened(is_not_dumpable);
}

ATF_TC_WITHOUT_HEAD(hardened_it_leaves_no_core_and_gains_no_rights);
ATF_TC_BODY(hardened_it_leaves_no_core_and_gains_no_rights, tc)
{
	hardened(leaves_no_core_and_gains_no_rights);
}

ATF_TC_WITHOUT_HEAD(hardened_it_still_does_its_work);
ATF_TC_BODY(hardened_it_still_does_its_work, tc)
{
	hardened(still_does_its_work);
}

/* ---- the manager */

/* A manager's socket; `name` is a path, or "@" and an abstract name. */
static int
manager(const char *name)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const size_t n = strlen(name);

	memcpy(sun.sun_path, name, n);
	if (name[0] == '@')
		sun.sun_path[0] = '\0';
	ATF_REQUIRE(
	    bind(fd, (struct sockaddr *)&sun,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0);
	ATF_REQUIRE(setenv("NOTIFY_SOCKET", name, 1) == 0);
	return fd;
}

static void
check_notified(int fd)
{
	char got[32] = { 0 };

	proc_notify("READY=1");
	ATF_CHECK_EQ(7, recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT));
	ATF_CHECK_STREQ("READY=1", got);
	(void)close(fd);
}

ATF_TC_WITHOUT_HEAD(the_manager_is_told_by_either_kind_of_name);
ATF_TC_BODY(the_manager_is_told_by_either_kind_of_name, tc)
{
	check_notified(manager("notify"));
	check_notified(manager(
	    text_fmt(test_arena(), "@stockroom-test-%d", (int)getpid())));
}

ATF_TC_WITHOUT_HEAD(without_a_manager_nobody_is_told);
ATF_TC_BODY(without_a_manager_nobody_is_told, tc)
{
	const int fd = manager("notify");
	char c;

	ATF_REQUIRE(unsetenv("NOTIFY_SOCKET") == 0);
	proc_notify("READY=1");
	ATF_CHECK_EQ(-1, recv(fd, &c, 1, MSG_DONTWAIT));
	(void)close(fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_stop_signal_is_seen_and_counted);
	ATF_TP_ADD_TC(tp, a_reload_is_asked_once);
	ATF_TP_ADD_TC(tp, a_broken_pipe_kills_nobody);
	ATF_TP_ADD_TC(tp, a_child_has_default_signals_and_no_old_stop);
	ATF_TP_ADD_TC(tp, a_child_dies_with_its_parent);
	ATF_TP_ADD_TC(tp, one_child_is_the_process_itself);
	ATF_TP_ADD_TC(tp, told_to_stop_the_children_finish_and_all_leave);
	ATF_TP_ADD_TC(tp, a_child_that_is_killed_is_replaced);
	ATF_TP_ADD_TC(tp, children_that_fail_at_once_are_replaced_slowly);
	ATF_TP_ADD_TC(tp, who_does_not_stop_in_time_is_killed);
	ATF_TP_ADD_TC(tp, a_second_stop_signal_means_now);
	ATF_TP_ADD_TC(tp, hardened_it_runs_no_other_program);
	ATF_TP_ADD_TC(tp, hardened_it_reaches_no_process_mount_or_kernel);
	ATF_TP_ADD_TC(tp, hardened_it_cannot_be_dumped_or_traced);
	ATF_TP_ADD_TC(tp, hardened_it_leaves_no_core_and_gains_no_rights);
	ATF_TP_ADD_TC(tp, hardened_it_still_does_its_work);
	ATF_TP_ADD_TC(tp, the_manager_is_told_by_either_kind_of_name);
	ATF_TP_ADD_TC(tp, without_a_manager_nobody_is_told);
	return atf_no_error();
}
