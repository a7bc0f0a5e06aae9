/*
 * What the queue's bench cannot do in the shell.
 *
 * queue drain		settles and claims all that is there, as jobd does it
 *but without children; prints jobs a second queue wake RATE COUNT STAMPS puts
 *COUNT jobs, RATE a second, each with the wake that a program sends, and reads
 *in STAMPS when each began; prints the median and the 99th percentile in ms
 *
 * Settings are jobd's, and so is its role.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/file.h"
#include "base/log.h"
#include "io/wait.h"
#include "store/job.h"

/* As jobd: no more ahead, a queue's shops at a time, a beat every 3 s. */
enum { AHEAD = 2000, LANES = 256, BEAT_MS = 3000 };
enum { QUEUE = 1, STAMPS_BYTES = 1 << 20 };
/* The columns of job_turn that matter here. */
enum { COL_BECAME = 0, COL_ID = 1, COL_EPOCH = 7, COL_AFTER = 19 };

static struct cx cx = { .program = "jobd" };

static void
check(enum rc rc, const char *what)
{
	if (rc == RC_OK)
		return;
	log_fault(&cx, what);
	exit(1);
}

/* ---- the SQL alone */

struct claimed {
	int64_t id[AHEAD];
	int64_t epoch[AHEAD];
	const char *said[AHEAD];
	const char *floor[AHEAD];
	size_t n;
	int64_t after;
};

static void
note(struct claimed *c, const struct rows *rows)
{
	c->n = 0;
	for (size_t i = 0; i < rows->n; i++) {
		const struct row row = rows_at(rows, i);

		if (!row_null(row, COL_BECAME))
			continue;
		if (row_null(row, COL_ID)) {
			c->after = row_int(row, COL_AFTER);
			continue;
		}
		c->id[c->n] = row_int(row, COL_ID);
		c->epoch[c->n] = row_int(row, COL_EPOCH);
		c->said[c->n] = "completed";
		c->floor[c->n++] = "0";
	}
}

/* What the last one claimed is settled, and the next claimed. */
static void
turn(struct claimed *c, int64_t worker)
{
	static const int64_t room[] = { AHEAD, 0, 0, 0 };
	const int64_t queue = QUEUE;
	struct rows rows;

	c->after = -1;
	check(db_all(&cx, Q_JOB_TURN,
		  ARGS(a_ints(c->id, c->n), a_ints(c->epoch, c->n),
		      a_texts(c->said, c->n), a_null(), a_null(),
		      a_texts(c->floor, c->n), a_int(worker),
		      a_ints(room, sizeof(room) / sizeof(room[0])),
		      a_texts(NULL, 0), a_int(0), a_ints(&queue, 1),
		      a_ints(&c->after, 1), a_int(LANES)),
		  &rows),
	    "bench.turn");
	note(c, &rows);
	cx_reset(&cx);
}

static int
drain(void)
{
	static struct claimed c;
	struct row row;
	int64_t worker, began, beat_ms;
	size_t all = 0;

	cx.every_shop = true;
	check(db_one(&cx, Q_WORKER_PUT, ARGS(a_text("bench"), a_int(getpid())),
		  &row),
	    "bench.worker");
	worker = row_int(row, 0);
	began = clock_us();
	beat_ms = clock_ms() + BEAT_MS;
	do {
		turn(&c, worker);
		all += c.n;
		if (clock_ms() < beat_ms)
			continue;
		beat_ms = clock_ms() + BEAT_MS;
		check(db_run(&cx, Q_WORKER_BEAT,
			  ARGS(a_int(worker), a_bool(false)), NULL),
		    "bench.beat");
	} while (c.n > 0 || c.after >= 0);
	(void)printf(
	    "%.0f\n", (double)all * 1e6 / (double)(clock_us() - began));
	check(db_run(&cx, Q_WORKER_DROP, ARGS(a_int(worker)), NULL),
	    "bench.worker");
	return 0;
}

/* ---- from the wake to the start */

struct sent {
	int64_t id;
	int64_t us;
};

static void
put_one(struct sent *out)
{
	const struct job_new job = {
		.kind = JOB_WEBHOOK_APPLY,
		.args = "{\"do\": \"stamp\"}",
		.priority = 4,
	};

	check(job_put(&cx, &job, &out->id), "bench.put");
	out->us = clock_us();
	job_wake(&cx);
	cx_reset(&cx);
}

static int
by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a;
	const int64_t y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static const struct sent *
sent_of(const struct sent *list, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

/* "ID TIME" a line; those that are of ours, sorted. */
static size_t
read_stamps(
    const char *path, const struct sent *list, size_t n, int64_t *took_us)
{
	struct slice rest;
	struct slice line;
	size_t got = 0;

	if (file_read(&cx, path, STAMPS_BYTES, FILE_ANY, &rest) != RC_OK) {
		rc_forget(&cx);
		return 0;
	}
	while (text_next(&rest, '\n', &line)) {
		const char *text = text_of(cx.mem, line);
		char *end;
		const int64_t id = strtoll(text, &end, 10);
		const struct sent *s = sent_of(list, n, id);

		if (s != NULL && got < n)
			took_us[got++] = strtoll(end, NULL, 10) - s->us;
	}
	qsort(took_us, got, sizeof(took_us[0]), by_size);
	return got;
}

static double
ms_at(const int64_t *us, size_t n, size_t percent)
{
	return (double)us[n * percent / 100] / 1000;
}

static int
wake(int64_t rate, size_t n, const char *stamps)
{
	struct sent *list = calloc(n, sizeof(*list));
	int64_t *took_us = calloc(n, sizeof(*took_us));
	const int64_t began = clock_ms();
	size_t got = 0;

	for (size_t i = 0; i < n; i++) {
		check(wait_until(&cx, began + (int64_t)i * 1000 / rate),
		    "bench.wait");
		put_one(&list[i]);
	}
	for (int tries = 0; tries < 100 && got < n; tries++) {
		check(wait_until(&cx, clock_ms() + 50), "bench.wait");
		got = read_stamps(stamps, list, n, took_us);
		cx_reset(&cx);
	}
	if (got < n)
		return 1;
	(void)printf(
	    "%.2f %.2f\n", ms_at(took_us, n, 50), ms_at(took_us, n, 99));
	return 0;
}

int
main(int argc, char **argv)
{
	cx.mem = arena_new();
	log_open(LOG_WARN, STDERR_FILENO);
	check(conf_load(&cx, NULL), "bench.conf");
	cx.db =
	    db_open(cx.program, conf_text(C_DATABASE_URL), "stockroom_jobd", 1);
	db_deadline(cx.db, 0);
	if (argc == 2 && text_same(argv[1], "drain"))
		return drain();
	if (argc == 5 && text_same(argv[1], "wake"))
		return wake(strtoll(argv[2], NULL, 10),
		    (size_t)strtoll(argv[3], NULL, 10), argv[4]);
	(void)fprintf(stderr, "usage: queue drain | wake RATE COUNT STAMPS\n");
	return 64;
}
