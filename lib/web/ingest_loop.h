/* What the loop and its connections share. */
#ifndef WEB_INGEST_LOOP_H
#define WEB_INGEST_LOOP_H

#include "web/ingest_in.h"

enum { LOOP_ARENAS = 64, LOOP_SPARE = 64, LOOP_READ_BYTES = 64 << 10 };

/* Visits in one state: who came first is due first. */
struct line {
	struct visit *first, *last;
};

struct loop {
	struct notes notes;
	const struct ingest *program;
	struct pool *pool;
	struct record_limits limits;
	int epoll;
	int listener; /* -1: no more are taken */
	bool hears; /* of new connections */
	bool stopping;
	struct line lines[VISIT_STATES];
	size_t n_visits, most;
	size_t held; /* bytes under way */
	struct visit *whole, **last_whole; /* for the pool, at the turn's end */
	struct visit *spare; /* memory to be used again */
	size_t n_spare;
	struct arena *arenas[LOOP_ARENAS];
	size_t n_arenas;
	char *bytes; /* what was just read */
};

/* ---- ingest_loop.c */

enum { LOOP_READ = 1, LOOP_WRITE = 2 };
/* Tells of the connection when it is so; 0: not at all. False: it cannot. */
bool loop_watch(struct loop *l, struct visit *v, int when);
/* Puts it last in the line of its new state. */
void loop_state(struct loop *l, struct visit *v, enum visit_state state);
/* A place became free. */
void loop_freed(struct loop *l);

/* ---- ingest_visit.c */

void visit_open(struct loop *l, int fd); /* a new one, read at once */
void visit_ready(struct loop *l, struct visit *v);
void visit_late(struct loop *l, struct visit *v); /* its time is over */
void visit_answer(struct loop *l, struct visit *v); /* its answer is there */
void visit_close(struct loop *l, struct visit *v);
void visit_drop(struct loop *l, struct visit *v, const char *reason);
void visit_end(struct loop *l); /* frees what was spare */

#endif
