/* The jobds as people look at them. */
#ifndef STORE_WORKER_H
#define STORE_WORKER_H

#include "io/db.h"

struct worker {
	int64_t id;
	const char *host;
	int64_t pid;
	int64_t started_at;
	int64_t beat_at; /* it renewed its lease then */
	int64_t lease_until;
	bool alive; /* its lease has not ended */
	bool idle; /* has room for another job */
	int64_t running; /* jobs that it has */
	const char *slots; /* JSON: {"pool": {"state": n}}; NULL: not said */
};

/* Those that beat last first; all that there are. Needs cx->every_shop. */
enum rc worker_list(struct cx *cx, struct worker **out, size_t *n) MUST_USE;

/* How many children jobd `id` has, as `slots` above. */
enum rc worker_say(struct cx *cx, int64_t id, const char *slots) MUST_USE;

#endif
