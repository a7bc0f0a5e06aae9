/*
 * Hot copies in Redis. An end lays a mark of its own under the key that
 * outlives every request: one that asked Postgres before the end cannot put its
 * answer over it, since a copy is only put where there is nothing.
 */
#include "base/clock.h"
#include "base/log.h"
#include "io/count.h"
#include "io/redis.h"
#include "io/wait.h"
#include "store/cache.h"

/* Longer than any request; what redis_do may take is in it. */
#define END_MS "60000"
enum { MARGIN_MS = 1000 };

static struct slice
place_of(struct cx *cx, const char *key)
{
	return slice_of(text_fmt(cx->mem, "stockroom:hot:%s", key));
}

static void
count_thing(struct cx *cx, enum metric m, const char *key)
{
	struct slice rest = slice_of(key);
	struct slice thing = { "", 0 };

	(void)text_next(&rest, ':', &thing);
	count_add(
	    m, text_fmt(cx->mem, "thing=\"%.*s\"", (int)thing.n, thing.p), 1);
}

enum rc
hot_get(struct cx *cx, const char *key, struct slice *out, bool *keep)
{
	struct redis_said said;
	enum rc rc;

	*keep = false;
	if (!redis_named())
		return RC_ABSENT;
	rc = redis_do(cx,
	    (const struct slice[]){ slice_of("GET"), place_of(cx, key) }, 2,
	    &said);
	if (rc != RC_OK && rc != RC_BUSY)
		return rc;
	*keep = rc == RC_OK && said.type == REDIS_NONE;
	if (rc == RC_OK && said.type == REDIS_BYTES && said.bytes.n > 0) {
		*out = said.bytes;
		count_thing(cx, M_cache_hits_total, key);
		return RC_OK;
	}
	count_thing(cx, M_cache_misses_total, key);
	return RC_ABSENT;
}

void
hot_put(struct cx *cx, const char *key, struct slice value)
{
	const struct slice words[] = { slice_of("SET"), place_of(cx, key),
		value, slice_of("NX"), slice_of("PX"),
		slice_of(text_fmt(cx->mem, "%d", HOT_MS)) };
	struct redis_said said;

	if (redis_do(cx, words, sizeof(words) / sizeof(words[0]), &said) !=
	    RC_OK)
		rc_forget(cx);
}

enum rc
hot_end(struct cx *cx, const char *key)
{
	const struct slice words[] = { slice_of("SET"), place_of(cx, key),
		slice_of(""), slice_of("PX"), slice_of(END_MS) };
	struct redis_said said;
	enum rc rc;

	if (!redis_named())
		return RC_OK;
	rc = redis_do(cx, words, sizeof(words) / sizeof(words[0]), &said);
	if (rc != RC_BUSY)
		return rc;
	log_info(cx, "cache.outwait", L_INT("ms", HOT_MS + MARGIN_MS));
	return wait_until(cx, clock_ms() + HOT_MS + MARGIN_MS);
}
