/*
 * What the files of web/ingest share. Who has a visit owns it: the loop while
 * it is read and answered, a thread while it is checked, the committer while it
 * is kept. It goes from one to the next through a lane.
 */
#ifndef WEB_INGEST_IN_H
#define WEB_INGEST_IN_H

#include <signal.h>

#include "web/ingest.h"
#include "web/record.h"
#include "web/source.h"

enum {
	INGEST_BATCH = 500, /* requests in one statement */
	INGEST_BATCH_BYTES = 8 << 20,
	INGEST_TICK_MS = 1000,
	INGEST_STOP_MS = 10000 /* to finish what is under way (REL-15) */
};

enum visit_state {
	VISIT_READING,
	VISIT_IDLE, /* kept for another request */
	VISIT_BUSY, /* with a thread or the committer */
	VISIT_WRITING,
	VISIT_LINGERING, /* answered, and not all was read */
	VISIT_STATES
};

/* A connection and the request on it. */
struct visit {
	struct source source; /* first: what guard and send see */
	struct record_reader in;
	char **variables; /* of plain CGI; NULL: they stand in `in` */
	struct ingest_item item;
	struct req rq;
	struct reply reply;
	struct buf text; /* the answer as CGI has it */
	struct arena *mem; /* NULL until the request is whole */
	const char *trace;
	int status; /* of the answer */
	int64_t begun_us;
	struct visit *next; /* in a lane or a list */
	struct visit *twins; /* the same again: answered with this one */

	/* ---- the loop's own (ingest_loop.c, ingest_visit.c) */
	enum visit_state state;
	int fd;
	uint32_t watched; /* events that epoll tells of; 0: it does not */
	size_t held; /* bytes, as counted by the loop */
	struct slice answer; /* as records; what is still to be sent */
	int64_t until_ms;
	struct visit *before, *after; /* in its state's line */
};

/* ---- ingest_judge.c: guard, check, answer */

/* From the whole request to its answer in v->text, or to an item that is to be
 * kept (true), with the answer it will then get. cx->mem is v->mem. */
bool judge(struct cx *cx, const struct ingest *p, struct visit *v) MUST_USE;
/* Another answer than was thought: `rc`, with cx->fault. */
void judge_refuse(
    struct cx *cx, const struct ingest *p, struct visit *v, enum rc rc);

/* What was noted last. Its cx's memory holds the labels and nothing else. */
struct notes {
	struct cx *cx;
	const char *path;
	int status;
	const char *answered, *took; /* labels */
};
/* Counts and logs it, answered. */
void judge_note(
    struct notes *notes, const struct ingest *p, const struct visit *v);

/* ---- ingest_lane.c: from one thread to another */

struct lane;

/* `bell`: an eventfd that is rung when something comes, or -1. */
struct lane *lane_new(int bell);
/* Puts a list behind what waits. False, and nothing is put, while shut. */
bool lane_put(struct lane *l, struct visit *list);
/* What waits, at most `n` and about `bytes` of item.bytes; waits for it until
 * clock_ms() reaches until_ms (-1: no end), or the lane ends. NULL: nothing. */
struct visit *lane_take(
    struct lane *l, size_t n, size_t bytes, int64_t until_ms);
/* Whether it ended and is empty. */
bool lane_over(struct lane *l);
void lane_shut(struct lane *l, bool shut);
void lane_end(struct lane *l); /* takers get what is left, then NULL */

/* ---- ingest_pool.c: the threads */

struct pool;

/* `cx` is the committer's from now on. RC_BUSY without threads. */
enum rc pool_start(
    struct cx *cx, const struct ingest *p, struct pool **out) MUST_USE;
void pool_check(struct pool *pool, struct visit *list);
/* Those that have their answer; pool_bell is readable when there are some. */
struct visit *pool_done(struct pool *pool);
int pool_bell(const struct pool *pool);
/* When nothing is under way any more. */
void pool_end(struct pool *pool);

/* ---- ingest_commit.c: the committer */

struct committer {
	struct cx *cx;
	const struct ingest *program;
	struct lane *from, *to;
	int64_t tick_ms; /* when the next is due */
	bool down; /* the last keep was RC_BUSY */
};
/* The program's tick, when it is due: before any check, too. */
void commit_tick(struct committer *c);
/* Until `from` is over. */
void commit_all(struct committer *c);
/* One request by itself (plain CGI). */
void commit_one(struct committer *c, struct visit *v);

/* ---- ingest_share.c */

/* What is shared now; to be given back. */
const void *share_take(void);
void share_give(const void *shared);
void share_end(void); /* the last one, too */

/* ---- ingest_loop.c and ingest_cgi.c */

/*
 * Until a stop was asked and all is answered; signals are `open` only while it
 * waits. RC_BUSY without descriptors.
 */
enum rc loop_run(struct cx *cx, const struct ingest *p, struct pool *pool,
    const sigset_t *open, int listener) MUST_USE;
int ingest_cgi(struct cx *cx, const struct ingest *p);

#endif
