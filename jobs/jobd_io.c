/*
 * An io child: each job is a task with a context of its own, and wherever it
 * waits the others go on. The loop reads jobd's words, and says once a second
 * that it turns.
 */
#include <assert.h>
#include <malloc.h>

#include "base/clock.h"
#include "io/http.h"
#include "io/task.h"
#include "io/wait.h"
#include "jobd.h"

enum { IO_BEAT_MS = 1000, DRAIN_MS = 20, REST_MS = 10 * 1000 };

/* One job at work, or a place for one. */
struct run {
	struct task *task;
	struct frame frame;
	struct arena *mem; /* the frame's texts, which outlive cx->mem */
	struct cx cx;
	enum frame_why why; /* it was told to stop */
	struct run *next; /* of those that are free, the last used first */
};

static struct {
	int fd;
	struct arena *mem; /* for what is read next */
	struct arena *kept; /* as long as the child */
	struct run *runs; /* as many as there may be tasks */
	int n;
	struct run *free;
	int64_t beat_ms; /* when to say so */
	int64_t rest_ms; /* when to rest, if nothing comes; -1: at rest */
	bool gone; /* jobd is */
} io;

/* ---- a run */

static bool
told_to_stop(void)
{
	return io_told() != WHY_NONE;
}

enum frame_why
io_told(void)
{
	const struct run *r = task_arg(task_self());

	return r->why;
}

/* jobd may be slow to read, and is waited for whoever says stop. */
static void
answer(struct run *r, const struct frame *f)
{
	struct wait_fd fd = { .fd = io.fd, .want = WAIT_WRITE | WAIT_OURS };
	enum rc rc;

	while ((rc = frame_send(r->mem, io.fd, f)) == RC_BUSY)
		(void)!wait_any(NULL, &fd, 1, -1);
}

static void
run_one(void *arg)
{
	struct run *r = arg;
	struct frame done;

	run_job(&r->cx, &r->frame, &done);
	answer(r, &done);
	cx_reset(&r->cx);
	arena_empty(r->mem);
	r->task = NULL;
	r->next = io.free;
	io.free = r;
}

/* ---- what jobd says */

/* jobd sends no more than we have room for. */
static void
begin(const struct frame *f)
{
	struct run *r = io.free;
	struct arena *mem;

	assert(r != NULL);
	io.free = r->next;
	if (r->mem == NULL) {
		r->mem = arena_new();
		r->cx.mem = arena_new();
	}
	mem = r->mem;
	r->mem = io.mem;
	io.mem = mem;
	r->frame = *f;
	r->why = WHY_NONE;
	r->task = task_spawn(run_one, r);
	assert(r->task != NULL);
}

static void
tell(struct run *r, enum frame_why why)
{
	r->why = why;
	task_wake(r->task);
}

/* One that has ended meanwhile is not there any more. */
static void
stop(const struct frame *f)
{
	for (int i = 0; i < io.n; i++) {
		struct run *r = &io.runs[i];

		if (r->task != NULL && r->frame.id == f->id &&
		    r->frame.epoch == f->epoch)
			tell(r, (enum frame_why)f->why);
	}
}

static void
leave(void)
{
	io.gone = true;
	for (int i = 0; i < io.n; i++)
		if (io.runs[i].task != NULL && io.runs[i].why == WHY_NONE)
			tell(&io.runs[i], WHY_LEAVE);
}

static void
take_frames(void)
{
	struct frame f;
	enum rc rc;

	while ((rc = frame_take(io.mem, io.fd, &f)) == RC_OK) {
		if (f.type == FRAME_RUN || f.type == FRAME_BURY)
			begin(&f);
		if (f.type == FRAME_STOP)
			stop(&f);
		arena_empty(io.mem);
	}
	if (rc != RC_ABSENT)
		leave();
}

/* Where the socket is full, jobd hears enough of us. */
static void
beat(void)
{
	const struct frame f = { .type = FRAME_BEAT };

	if (clock_ms() < io.beat_ms)
		return;
	io.beat_ms = clock_ms() + IO_BEAT_MS;
	(void)!frame_send(io.mem, io.fd, &f);
	arena_empty(io.mem);
}

/* ---- its life */

static void
start(const struct cx *cx, int fd, int tasks)
{
	io.fd = fd;
	io.mem = arena_new();
	io.rest_ms = -1;
	io.n = tasks;
	io.kept = arena_new();
	io.runs = ARENA_ARRAY(io.kept, struct run, tasks);
	for (int i = tasks - 1; i >= 0; i--) {
		struct run *r = &io.runs[i];

		r->cx = *cx;
		r->cx.mem = NULL;
		r->cx.should_stop = told_to_stop;
		r->next = io.free;
		io.free = r;
	}
}

static void
runs_empty(void)
{
	for (int i = 0; i < io.n; i++) {
		arena_free(io.runs[i].cx.mem);
		arena_free(io.runs[i].mem);
		io.runs[i].cx.mem = NULL;
		io.runs[i].mem = NULL;
	}
}

/* What hundreds of jobs needed is given back when none has come for a while:
 * most of it is connections to the outside. */
static void
rest(void)
{
	if (tasks_count() > 0) {
		io.rest_ms = clock_ms() + REST_MS;
	} else if (io.rest_ms >= 0 && clock_ms() >= io.rest_ms) {
		io.rest_ms = -1;
		http_rest();
		tasks_rest();
		runs_empty();
		(void)malloc_trim(0);
	}
}

static void
end(void)
{
	runs_empty();
	arena_free(io.mem);
	arena_free(io.kept);
}

void
io_serve(const struct cx *cx, int fd, int tasks)
{
	struct wait_fd w = { .fd = fd, .want = WAIT_READ };

	assert(tasks <= TASKS_MAX);
	start(cx, fd, tasks);
	while (!io.gone) {
		if (wait_any(NULL, &w, 1, io.beat_ms) == RC_OK)
			take_frames();
		rest();
		beat();
	}
	while (tasks_count() > 0) {
		(void)!wait_any(NULL, NULL, 0, clock_ms() + DRAIN_MS);
		beat();
	}
	end();
}
