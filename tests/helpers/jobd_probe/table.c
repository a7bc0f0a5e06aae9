/*
 * Handlers for jobd's tests: every kind does what its arguments say, word by
 * word: {"do": "note first crash effect"}. Effects are lines in the job's
 * notes, so that a test can count them.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../jobs/table.h"
#include "base/clock.h"
#include "io/wait.h"

enum { LOOK_MS = 10 };

typedef enum rc step_fn(struct cx *cx, const struct job *job);

/* A line at once, whatever becomes of the run. */
static enum rc
do_note(struct cx *cx, const struct job *job)
{
	job_note(cx, "ran %d", job->attempt);
	return RC_OK;
}

/* Until a file is there. */
static enum rc
do_hold(struct cx *cx, const struct job *job)
{
	const char *path = jtext_or(job->args, "file", "go");

	while (access(path, F_OK) < 0)
		TRY(wait_until(cx, clock_ms() + LOOK_MS));
	return RC_OK;
}

/* A little while. */
static enum rc
do_moment(struct cx *cx, const struct job *job)
{
	return wait_until(cx, clock_ms() + jint_or(job->args, "ms", LOOK_MS));
}

static enum rc
do_progress(struct cx *cx, const struct job *job)
{
	(void)job;
	job_progress(cx, 1, 2, "half of it");
	return RC_OK;
}

/* As hold, deaf to every word. */
static enum rc
do_calm(struct cx *cx, const struct job *job)
{
	bool (*ear)(void) = cx->should_stop;
	enum rc rc;

	cx->should_stop = NULL;
	rc = do_hold(cx, job);
	cx->should_stop = ear;
	return rc;
}

static enum rc
do_crash(struct cx *cx, const struct job *job)
{
	(void)cx;
	(void)job;
	_exit(3);
}

/* What no word can stop. */
static enum rc
do_block(struct cx *cx, const struct job *job)
{
	(void)cx;
	(void)job;
	for (;;)
		(void)pause();
	return RC_OK;
}

static enum rc
do_fail(struct cx *cx, const struct job *job)
{
	(void)job;
	return rc_fail(cx, RC_REMOTE, "it failed");
}

static enum rc
do_dead(struct cx *cx, const struct job *job)
{
	(void)job;
	return rc_fail(cx, RC_INPUT, "it cannot be");
}

static enum rc
do_snooze(struct cx *cx, const struct job *job)
{
	cx->retry_after_ms = jint_or(job->args, "ms", 10);
	return rc_fail(cx, RC_LIMITED, "not yet");
}

/* Once, with the run's end. */
static enum rc
do_effect(struct cx *cx, const struct job *job)
{
	(void)job;
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	job_note(cx, "effect");
	return job_commit(cx);
}

/* Another job, with the word that wakes jobd. */
static enum rc
do_put(struct cx *cx, const struct job *job)
{
	const struct job_new next = {
		.kind = job->kind,
		.shop_id = job->shop_id,
		.shop_epoch = job->shop_epoch,
		.priority = 4,
	};

	TRY(job_put(cx, &next, NULL));
	job_wake(cx);
	return RC_OK;
}

/* Together with another round of the same job. */
static enum rc
do_again(struct cx *cx, const struct job *job)
{
	const struct job_new next = {
		.kind = job->kind,
		.shop_id = job->shop_id,
		.shop_epoch = job->shop_epoch,
		.unique = jtext_or(job->args, "unique", "again"),
		.priority = 4,
	};

	TRY(db_begin(cx));
	TRY(job_fence(cx));
	job_note(cx, "round");
	TRY(job_put(cx, &next, NULL));
	return job_commit(cx);
}

/* ---- running wild */

static enum rc
do_spin(struct cx *cx, const struct job *job)
{
	volatile unsigned turns = 0;

	(void)cx;
	(void)job;
	for (;;)
		turns++;
	return RC_OK;
}

/* What a process that is left behind would do late. */
static void
linger(const char *file)
{
	while (access("go", F_OK) < 0)
		(void)poll(NULL, 0, LOOK_MS);
	(void)close(open(file, O_CREAT | O_WRONLY, 0600));
	_exit(0);
}

static bool away;

/* What is forked leaves our group of processes. */
static enum rc
do_away(struct cx *cx, const struct job *job)
{
	(void)cx;
	(void)job;
	away = true;
	return RC_OK;
}

/* A process of its own, whose number goes into the notes. */
static enum rc
do_fork(struct cx *cx, const struct job *job)
{
	const pid_t pid = fork();

	(void)job;
	if (pid == 0) {
		if (away)
			(void)setsid();
		linger("late");
	}
	job_note(cx, "forked %d", (int)pid);
	return pid < 0 ? rc_fail(cx, RC_BUG, "no fork") : RC_OK;
}

static enum rc
do_eat(struct cx *cx, const struct job *job)
{
	enum { BITE = 16 * 1024 * 1024 };

	(void)job;
	for (;;)
		((char *)arena_alloc(cx->mem, BITE))[BITE / 2] = 1;
	return RC_OK;
}

/* ---- for the bench: when it began, by the clock that is the same for all */

static enum rc
do_stamp(struct cx *cx, const struct job *job)
{
	const int64_t now = clock_us();
	const char *line = text_fmt(
	    cx->mem, "%lld %lld\n", (long long)job->id, (long long)now);
	const int fd = open("stamps", O_WRONLY | O_APPEND | O_CREAT, 0600);
	const bool ok = fd >= 0 && write(fd, line, strlen(line)) > 0;

	(void)close(fd);
	return ok ? RC_OK : rc_fail(cx, RC_BUG, "no stamps");
}

static const struct {
	const char *word;
	step_fn *step;
} steps[] = {
	{ "note", do_note },
	{ "hold", do_hold },
	{ "calm", do_calm },
	{ "moment", do_moment },
	{ "progress", do_progress },
	{ "put", do_put },
	{ "crash", do_crash },
	{ "block", do_block },
	{ "fail", do_fail },
	{ "dead", do_dead },
	{ "snooze", do_snooze },
	{ "effect", do_effect },
	{ "again", do_again },
	{ "spin", do_spin },
	{ "away", do_away },
	{ "fork", do_fork },
	{ "eat", do_eat },
	{ "stamp", do_stamp },
};

static enum rc
do_word(struct cx *cx, const struct job *job, const char *word)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (text_same(steps[i].word, word))
			return steps[i].step(cx, job);
	return rc_fail(cx, RC_INPUT, "no step %s", word);
}

/* "first": the word behind it is for the first claim only. */
static enum rc
probe_run(struct cx *cx, const struct job *job)
{
	struct slice rest = slice_of(jtext_or(job->args, "do", ""));
	struct slice part;
	bool skip = false;

	while (text_next(&rest, ' ', &part)) {
		const char *word = text_of(cx->mem, part);

		if (text_same(word, "first")) {
			skip = job->epoch > 1;
			continue;
		}
		if (!skip)
			TRY(do_word(cx, job, word));
		if (cx->job_settled)
			break;
		skip = false;
	}
	return RC_OK;
}

static void
probe_dead(struct cx *cx, const struct job *job)
{
	const char *why = text_dup(cx->mem, cx->fault.sentence);

	(void)job;
	rc_forget(cx);
	job_note(cx, "buried: %s", why);
}

const struct job_handler *
job_handler(enum job_kind kind)
{
	static const struct job_handler probe = {
		.run = probe_run,
		.dead = probe_dead,
	};

	(void)kind;
	return &probe;
}

/* A test puts what it wants to see run, and nothing else is there. */
enum rc
table_start(struct cx *cx)
{
	(void)cx;
	return RC_OK;
}
