/* Tasks: who goes on when, how many there are, and the end of a stack. */
#include <atf-c.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/task.h"
#include "test.h"

static struct buf *said;

static struct task *
spawn(void (*run)(void *), const char *name)
{
	struct task *t = task_spawn(run, (void *)(uintptr_t)name);

	ATF_REQUIRE(t != NULL);
	return t;
}

static void
listen_to(struct buf *b)
{
	*b = buf_new(test_arena(), 1000);
	said = b;
}

/* Says its name each time it goes on. */
static void
three_times(void *name)
{
	for (int i = 0; i < 3; i++) {
		buf_add(said, name);
		if (i < 2)
			task_park();
	}
}

ATF_TC_WITHOUT_HEAD(tasks_go_on_in_the_order_in_which_they_were_woken);
ATF_TC_BODY(tasks_go_on_in_the_order_in_which_they_were_woken, tc)
{
	struct task *a, *b, *c;
	struct buf out;

	listen_to(&out);
	a = spawn(three_times, "a");
	b = spawn(three_times, "b");
	c = spawn(three_times, "c");
	ATF_CHECK(!tasks_run());
	task_wake(c);
	task_wake(a);
	task_wake(b);
	ATF_CHECK(!tasks_run());
	ATF_CHECK_STREQ("abccab", buf_text(&out));
	ATF_CHECK_EQ(3, tasks_count());
	task_wake(b);
	ATF_CHECK(!tasks_run());
	ATF_CHECK_STREQ("abccabb", buf_text(&out));
	ATF_CHECK_EQ(2, tasks_count());
	task_wake(a);
	task_wake(c);
	(void)tasks_run();
	ATF_CHECK_EQ(0, tasks_count());
}

ATF_TC_WITHOUT_HEAD(one_that_is_not_woken_stays_where_it_is);
ATF_TC_BODY(one_that_is_not_woken_stays_where_it_is, tc)
{
	struct task *a;
	struct buf out;

	listen_to(&out);
	a = spawn(three_times, "a");
	task_wake(a); /* it was ready: once more is no more */
	(void)tasks_run();
	(void)tasks_run();
	ATF_CHECK_STREQ("a", buf_text(&out));
	task_wake(a);
	task_wake(a);
	(void)tasks_run();
	(void)tasks_run();
	ATF_CHECK_STREQ("aa", buf_text(&out));
	task_wake(a);
	(void)tasks_run();
}

static void
once(void *name)
{
	buf_add(said, name);
}

static void
makes_another(void *name)
{
	buf_add(said, name);
	spawn(once, "made");
}

ATF_TC_WITHOUT_HEAD(what_becomes_ready_meanwhile_is_for_the_next_turn);
ATF_TC_BODY(what_becomes_ready_meanwhile_is_for_the_next_turn, tc)
{
	struct buf out;

	listen_to(&out);
	spawn(makes_another, "first ");
	ATF_CHECK(tasks_run());
	ATF_CHECK_STREQ("first ", buf_text(&out));
	ATF_CHECK(!tasks_run());
	ATF_CHECK_STREQ("first made", buf_text(&out));
}

static void
knows_itself(void *arg)
{
	struct task **self = arg;

	ATF_CHECK(task_self() == *self);
	ATF_CHECK(task_arg(task_self()) == arg);
	task_park();
	ATF_CHECK(task_self() == *self);
}

ATF_TC_WITHOUT_HEAD(a_task_knows_itself_and_nobody_else_does);
ATF_TC_BODY(a_task_knows_itself_and_nobody_else_does, tc)
{
	struct task *a, *b;

	ATF_CHECK(task_self() == NULL);
	a = task_spawn(knows_itself, &a);
	b = task_spawn(knows_itself, &b);
	(void)tasks_run();
	ATF_CHECK(task_self() == NULL);
	task_wake(b);
	task_wake(a);
	(void)tasks_run();
	ATF_CHECK_EQ(0, tasks_count());
}

/* ---- stacks */

enum { HALF = TASK_STACK_BYTES / 2 };

/* Writes over half of its stack, gives way, and finds it as it was. */
static void
fills_its_stack(void *arg)
{
	volatile char here[HALF];
	const char mark = *(const char *)arg;
	int wrong = 0;

	for (int i = 0; i < HALF; i++)
		here[i] = (char)(mark + i);
	task_park();
	for (int i = 0; i < HALF; i++)
		wrong += here[i] != (char)(mark + i);
	ATF_CHECK_EQ(0, wrong);
}

ATF_TC_WITHOUT_HEAD(there_are_256_at_once_and_none_is_in_anothers_way);
ATF_TC_BODY(there_are_256_at_once_and_none_is_in_anothers_way, tc)
{
	static struct task *tasks[TASKS_MAX];
	static char marks[TASKS_MAX];

	for (int i = 0; i < TASKS_MAX; i++) {
		marks[i] = (char)i;
		tasks[i] = task_spawn(fills_its_stack, &marks[i]);
		ATF_REQUIRE(tasks[i] != NULL);
	}
	ATF_CHECK(task_spawn(fills_its_stack, &marks[0]) == NULL);
	(void)tasks_run();
	ATF_CHECK_EQ(TASKS_MAX, tasks_count());
	for (int i = 0; i < TASKS_MAX; i++)
		task_wake(tasks[i]);
	(void)tasks_run();
	ATF_CHECK_EQ(0, tasks_count());
}

ATF_TC_WITHOUT_HEAD(a_stack_is_used_again);
ATF_TC_BODY(a_stack_is_used_again, tc)
{
	static char mark = 1;
	struct task *t;

	t = task_spawn(fills_its_stack, &mark);
	(void)tasks_run();
	task_wake(t);
	(void)tasks_run();
	for (int i = 0; i < 3 * TASKS_MAX; i++) {
		ATF_REQUIRE(task_spawn(fills_its_stack, &mark) == t);
		(void)tasks_run();
		task_wake(t);
		(void)tasks_run();
	}
}

static size_t
resident(void)
{
	long all = 0, here = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	ATF_REQUIRE(f != NULL && fscanf(f, "%ld %ld", &all, &here) == 2);
	(void)fclose(f);
	return (size_t)here * (size_t)sysconf(_SC_PAGESIZE);
}

ATF_TC_WITHOUT_HEAD(at_rest_the_memory_of_stacks_goes_back);
ATF_TC_BODY(at_rest_the_memory_of_stacks_goes_back, tc)
{
	static struct task *tasks[TASKS_MAX];
	static char mark = 1;
	size_t before;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < TASKS_MAX; i++)
			tasks[i] = task_spawn(fills_its_stack, &mark);
		(void)tasks_run();
		for (int i = 0; i < TASKS_MAX; i++)
			task_wake(tasks[i]);
		(void)tasks_run();
		before = resident();
		tasks_rest();
		ATF_CHECK(resident() + (size_t)TASKS_MAX * HALF <= before);
	}
}

#ifdef TEST_ASAN
enum { PAST_BYTES = 4 * TASK_STACK_BYTES + HALF };
#else
enum { PAST_BYTES = TASK_STACK_BYTES + HALF };
#endif

/* Far enough to be in what lies below, and no further. */
static int
deep(const volatile char *from)
{
	volatile char here[2048];

	memset((void *)(uintptr_t)here, 1, sizeof(here));
	return from - here > PAST_BYTES ? here[0] : deep(from) + here[9];
}

static void
outgrows_its_stack(void *arg)
{
	volatile char here = 0;

	(void)arg;
	_exit(deep(&here) == 0 ? 0 : 2);
}

static void
waits(void *arg)
{
	(void)arg;
	task_park();
}

static void
child(void)
{
	const struct rlimit none = { 0, 0 };
	const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)dup2(nowhere, STDERR_FILENO);
	/* Neighbours, whose stacks must not take it. */
	(void)task_spawn(waits, NULL);
	(void)task_spawn(outgrows_its_stack, NULL);
	(void)task_spawn(waits, NULL);
	(void)tasks_run();
	_exit(0);
}

ATF_TC_WITHOUT_HEAD(one_that_outgrows_its_stack_ends_the_process);
ATF_TC_BODY(one_that_outgrows_its_stack_ends_the_process, tc)
{
	const pid_t pid = fork();
	int status;

	if (pid == 0)
		child();
	ATF_REQUIRE(waitpid(pid, &status, 0) == pid);
#ifdef TEST_ASAN
	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
#else
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
#endif
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, tasks_go_on_in_the_order_in_which_they_were_woken);
	ATF_TP_ADD_TC(tp, one_that_is_not_woken_stays_where_it_is);
	ATF_TP_ADD_TC(tp, what_becomes_ready_meanwhile_is_for_the_next_turn);
	ATF_TP_ADD_TC(tp, a_task_knows_itself_and_nobody_else_does);
	ATF_TP_ADD_TC(tp, there_are_256_at_once_and_none_is_in_anothers_way);
	ATF_TP_ADD_TC(tp, a_stack_is_used_again);
	ATF_TP_ADD_TC(tp, at_rest_the_memory_of_stacks_goes_back);
	ATF_TP_ADD_TC(tp, one_that_outgrows_its_stack_ends_the_process);
	return atf_no_error();
}
