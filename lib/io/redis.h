/* Redis or Valkey: one command, one answer (CACHE_URL). */
#ifndef IO_REDIS_H
#define IO_REDIS_H

#include "base/cx.h"
#include "base/text.h"

enum redis_type { REDIS_NONE, REDIS_NUMBER, REDIS_BYTES, REDIS_LIST };

/* An answer; lives as long as the arena. */
struct redis_said {
	enum redis_type type; /* REDIS_NONE: nil */
	int64_t number;
	struct slice bytes; /* a status, too; terminated */
	struct redis_said *list;
	size_t n;
};

/*
 * Reads CACHE_URL and its password; after fork. RC_INPUT names the setting.
 * Nobody is called yet.
 */
enum rc redis_start(struct cx *cx) MUST_USE;
void redis_stop(void);

/* Whether CACHE_URL names one; what it says is checked by redis_start. */
bool redis_named(void);

/*
 * One command of `n` words, which may hold any bytes. Never in a transaction.
 * RC_BUSY, not noted as a failure, when it is not there, takes longer than
 * 200 ms or may not answer now (loading, read-only, out of memory); it is left
 * alone for a second then, so that who must do without it does so at once.
 * RC_BUG when it does not understand us.
 */
enum rc redis_do(struct cx *cx, const struct slice *words, size_t n,
    struct redis_said *out) MUST_USE;

#endif
