/* The ledger of every try to deliver: a file of JSON lines that the sender adds
 * to, and what the sandbox has read of it. */
#ifndef SANDBOX_TRIES_H
#define SANDBOX_TRIES_H

#include "base/json.h"

/* What came of a try. */
enum try_end {
	TRY_DELIVERED, /* a 2xx */
	TRY_RETRY, /* it failed, and comes again */
	TRY_GAVE_UP, /* it failed, and was the last */
	TRY_DROPPED /* a fault lost it: nothing was sent */
};

struct try_row {
	int64_t at_ms; /* epoch, when it began */
	const char *shop;
	const char *topic;
	const char *delivery;
	const char *event;
	int64_t hook;
	int64_t copy;
	int64_t n; /* from 1 */
	int64_t status; /* 0: there was no answer */
	const char *error; /* why there was none, or NULL */
	int64_t ms; /* that it took */
	int64_t bytes; /* of the body */
	int64_t first_ms; /* epoch, when its first try began */
	enum try_end end;
	const struct try_row *next; /* as they came */
};

struct try_totals {
	int64_t tries;
	int64_t failed; /* of them */
	int64_t end[TRY_DROPPED + 1]; /* by what came of each */
	int64_t first_ms; /* of all, begun */
	int64_t last_ms; /* of all, ended */
};

/* Past so many only the totals go on. */
enum { TRIES_MAX = 200000 };

struct tries {
	struct arena *mem;
	const struct try_row *first;
	struct try_row *last;
	int64_t n; /* in the chain */
	struct try_totals totals;
	int64_t offset; /* bytes of the file that are read */
};

/* Descriptor to add lines by, or -1. One of more than 64 MiB is begun anew. */
int tries_open(struct cx *cx, const char *folder);

/* Adds one line, in one write. */
enum rc tries_note(struct cx *cx, int fd, const struct try_row *row) MUST_USE;

/*
 * Reads what was added since, calling `each` (or NULL) for every row; from the
 * beginning once the file was emptied. RC_OK also when there is none.
 */
typedef void try_fn(const struct try_row *row, void *user);
enum rc tries_follow(struct cx *cx, struct tries *t, const char *folder,
    try_fn *each, void *user) MUST_USE;

/* Empties file and memory. */
void tries_clear(struct cx *cx, struct tries *t, const char *folder);

/* "delivered", "retry", "gave_up", "dropped"; and back, -1 for none. */
const char *try_end_word(enum try_end end);
int try_end_of(const char *word);

/* Members of the row, inside an object. */
void try_write(struct jw *w, const struct try_row *row);

#endif
