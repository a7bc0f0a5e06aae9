/* One lifetime: what is born in an arena ends with it, in order. */
#include <atf-c.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Ends write their letter here. */
static char order[32];

static void
note(void *letter)
{
	order[strlen(order)] = *(const char *)letter;
}

static char letters[] = "abcdef";

ATF_TC_WITHOUT_HEAD(memory_is_zeroed_and_aligned_also_the_second_time);
ATF_TC_BODY(memory_is_zeroed_and_aligned_also_the_second_time, tc)
{
	static const size_t sizes[] = { 0, 1, 7, 16, 100, 4096, 4097, 100000 };
	struct arena *a = arena_new();
	size_t i, j;
	int turn;

	for (turn = 0; turn < 3; turn++) {
		for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			char *p = arena_alloc(a, sizes[i]);

			ATF_REQUIRE(p != NULL);
			ATF_CHECK_EQ(0, (uintptr_t)p % 16);
			for (j = 0; j < sizes[i]; j++)
				ATF_REQUIRE_EQ(0, p[j]);
			memset(p, 0xee, sizes[i]);
		}
		arena_empty(a);
	}
	arena_free(a);
}

ATF_TC_WITHOUT_HEAD(a_copy_is_terminated);
ATF_TC_BODY(a_copy_is_terminated, tc)
{
	ATF_CHECK_STREQ("ab", arena_copy(test_arena(), "abc", 2));
	ATF_CHECK_STREQ("", arena_copy(test_arena(), NULL, 0));
}

ATF_TC_WITHOUT_HEAD(ties_end_last_first_and_only_once);
ATF_TC_BODY(ties_end_last_first_and_only_once, tc)
{
	struct arena *a = arena_new();

	arena_tie(a, &letters[0], note);
	arena_tie(a, &letters[1], note);
	arena_tie(a, &letters[2], note);
	arena_empty(a);
	ATF_CHECK_STREQ("cba", order);
	arena_free(a);
	ATF_CHECK_STREQ("cba", order);
}

ATF_TC_WITHOUT_HEAD(what_is_untied_is_not_ended);
ATF_TC_BODY(what_is_untied_is_not_ended, tc)
{
	struct arena *a = arena_new();

	arena_tie(a, &letters[0], note);
	arena_tie(a, &letters[1], note);
	arena_untie(a, &letters[0]);
	arena_untie(a, &letters[5]); /* never tied */
	arena_free(a);
	ATF_CHECK_STREQ("b", order);
}

ATF_TC_WITHOUT_HEAD(going_back_ends_what_came_after_the_mark);
ATF_TC_BODY(going_back_ends_what_came_after_the_mark, tc)
{
	struct arena *a = arena_new();
	char *before = arena_copy(a, "stays", 5);
	struct arena_mark mark;

	arena_tie(a, &letters[0], note);
	mark = arena_mark(a);
	arena_tie(a, &letters[1], note);
	arena_tie(a, &letters[2], note);
	arena_back(a, mark);
	ATF_CHECK_STREQ("cb", order);
	ATF_CHECK_STREQ("stays", before);
	arena_free(a);
	ATF_CHECK_STREQ("cba", order);
}

/* db_begin, a mark, db_commit, back: the mark points at a tie taken back. */
ATF_TC_WITHOUT_HEAD(a_mark_survives_that_its_tie_is_untied);
ATF_TC_BODY(a_mark_survives_that_its_tie_is_untied, tc)
{
	struct arena *a = arena_new();
	struct arena_mark mark;

	arena_tie(a, &letters[0], note);
	arena_tie(a, &letters[1], note);
	mark = arena_mark(a);
	arena_untie(a, &letters[1]);
	arena_tie(a, &letters[2], note);
	arena_back(a, mark);
	ATF_CHECK_STREQ("c", order);
	arena_free(a);
	ATF_CHECK_STREQ("ca", order);
}

ATF_TC_WITHOUT_HEAD(a_loop_with_marks_does_not_grow);
ATF_TC_BODY(a_loop_with_marks_does_not_grow, tc)
{
	struct arena *a = arena_new();
	const size_t before = arena_used(a);
	struct arena_mark mark;
	int i;

	for (i = 0; i < 1000; i++) {
		mark = arena_mark(a);
		(void)arena_alloc(a, 100);
		(void)arena_alloc(a, 50000);
		(void)arena_alloc(a, 3000);
		ATF_CHECK(arena_used(a) >= before + 53100);
		arena_back(a, mark);
	}
	ATF_CHECK_EQ(before, arena_used(a));
	arena_free(a);
}

ATF_TC_WITHOUT_HEAD(an_emptied_arena_holds_nothing_however_much_it_held);
ATF_TC_BODY(an_emptied_arena_holds_nothing_however_much_it_held, tc)
{
	struct arena *a = arena_new();
	int i;

	for (i = 0; i < 1000; i++)
		memset(arena_alloc(a, 4000), 'x', 4000);
	ATF_CHECK(arena_used(a) >= 4000000);
	arena_empty(a);
	ATF_CHECK_EQ(0, arena_used(a));
	arena_free(a);
}

static struct arena *grown;

static void
allocate(void *thing)
{
	char *p = arena_alloc(grown, 50000);

	memset(p, 1, 50000);
	(void)arena_alloc(grown, 500);
	arena_tie(grown, thing, note);
}

ATF_TC_WITHOUT_HEAD(an_end_may_allocate_and_tie);
ATF_TC_BODY(an_end_may_allocate_and_tie, tc)
{
	grown = arena_new();
	arena_tie(grown, &letters[3], allocate);
	arena_free(grown);
	ATF_CHECK_STREQ("d", order);
}

static void
read_last(void *text)
{
	order[0] = ((char *)text)[49999];
}

/* A library's object that points to memory born after it. */
ATF_TC_WITHOUT_HEAD(an_end_may_look_at_memory_born_later);
ATF_TC_BODY(an_end_may_look_at_memory_born_later, tc)
{
	struct arena *a = arena_new();
	char *late = arena_alloc(a, 50000);

	late[49999] = 'x';
	arena_tie(a, late, read_last);
	(void)arena_alloc(a, 50000);
	arena_free(a);
	ATF_CHECK_STREQ("x", order);
}

static const char *watched;
static size_t sum_before;

static void
sum(void *unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < 64; i++)
		sum_before += (size_t)watched[i];
}

/* The place is looked at where it lies: in the block that empty keeps. */
ATF_TC_WITHOUT_HEAD(a_secret_is_wiped_when_the_arena_empties);
ATF_TC_BODY(a_secret_is_wiped_when_the_arena_empties, tc)
{
#ifdef TEST_ASAN
	atf_tc_skip("ASan hides what is not handed out");
#else
	struct arena *a = arena_new();
	char *key = arena_alloc_secret(a, 64);
	size_t i;

	watched = key;
	memset(key, 7, 64);
	arena_tie(a, key, sum);
	arena_empty(a);
	ATF_CHECK_EQ(64 * 7, sum_before); /* until all ends have run */
	for (i = 0; i < 64; i++)
		ATF_CHECK_EQ(0, watched[i]);
	arena_free(a);
#endif
	(void)sum;
}

/* Gives the exit status of a child that asks for `n` things of `size`. */
static int
child_that_asks(size_t size, size_t n, int *to)
{
	int pipes[2], status;
	pid_t child;

	ATF_REQUIRE(pipe(pipes) == 0);
	child = fork();
	if (child == 0) {
		(void)dup2(pipes[1], STDERR_FILENO);
		(void)arena_array(test_arena(), size, n);
		_exit(0);
	}
	(void)close(pipes[1]);
	ATF_REQUIRE(waitpid(child, &status, 0) == child);
	*to = pipes[0];
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ATF_TC_WITHOUT_HEAD(without_memory_the_process_says_so_and_ends);
ATF_TC_BODY(without_memory_the_process_says_so_and_ends, tc)
{
	char *line = arena_alloc(test_arena(), 1000);
	int from;

	ATF_CHECK_EQ(70, child_that_asks(16, SIZE_MAX / 8, &from));
	ATF_CHECK(read(from, line, 999) > 0);
	ATF_CHECK_STREQ("{\"at\":\"memory.none\",\"level\":\"err\"}\n", line);
	ATF_CHECK_EQ(70, child_that_asks(1, SIZE_MAX - 10, &from));
	ATF_CHECK_EQ(0, child_that_asks(1, 10, &from));
}

ATF_TC_WITHOUT_HEAD(the_note_page_outlives_going_back_and_emptying);
ATF_TC_BODY(the_note_page_outlives_going_back_and_emptying, tc)
{
	struct arena *a = arena_new();
	struct arena_mark mark = arena_mark(a);
	char *page = arena_note(a);

	memset(page, 'x', ARENA_NOTE_BYTES);
	arena_back(a, mark);
	arena_empty(a);
	ATF_CHECK_EQ('x', page[ARENA_NOTE_BYTES - 1]);
	ATF_CHECK_EQ(page, arena_note(a));
	arena_free(a);
	arena_free(NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, memory_is_zeroed_and_aligned_also_the_second_time);
	ATF_TP_ADD_TC(tp, a_copy_is_terminated);
	ATF_TP_ADD_TC(tp, ties_end_last_first_and_only_once);
	ATF_TP_ADD_TC(tp, what_is_untied_is_not_ended);
	ATF_TP_ADD_TC(tp, going_back_ends_what_came_after_the_mark);
	ATF_TP_ADD_TC(tp, a_mark_survives_that_its_tie_is_untied);
	ATF_TP_ADD_TC(tp, a_loop_with_marks_does_not_grow);
	ATF_TP_ADD_TC(tp, an_emptied_arena_holds_nothing_however_much_it_held);
	ATF_TP_ADD_TC(tp, an_end_may_allocate_and_tie);
	ATF_TP_ADD_TC(tp, an_end_may_look_at_memory_born_later);
	ATF_TP_ADD_TC(tp, a_secret_is_wiped_when_the_arena_empties);
	ATF_TP_ADD_TC(tp, without_memory_the_process_says_so_and_ends);
	ATF_TP_ADD_TC(tp, the_note_page_outlives_going_back_and_emptying);
	return atf_no_error();
}
