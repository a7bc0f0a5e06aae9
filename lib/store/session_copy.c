/* Hot copies of sessions; what a person could be told by is not in them. */
#include "base/code.h"
#include "base/json.h"
#include "store/cache.h"
#include "store/session_in.h"
#include "store/shop.h"

enum { COPY_MAX_BYTES = 2000 };

static const char *
key_of(struct cx *cx, struct slice hash)
{
	return text_fmt(cx->mem, "session:%s", hex_of(cx->mem, hash.p, hash.n));
}

static const char *
epoch_key(struct cx *cx, int64_t shop_id, int32_t epoch)
{
	return text_fmt(
	    cx->mem, "shop:%lld:%d", (long long)shop_id, (int)epoch);
}

static void
read_copy(struct json j, struct session *out)
{
	*out = (struct session){
		.id = jtext_or(j, "id", ""),
		.shop_id = jint_or(j, "shop_id", 0),
		.epoch = (int32_t)jint_or(j, "epoch", 0),
		.shop = jtext_or(j, "shop", NULL),
		.status = jtext_or(j, "status", NULL),
		.operator= jbool_or(j, "operator", false),
		.user_id = jint_or(j, "user_id", 0),
		.expires_at = jint_or(j, "expires_at", 0),
		.idle_until = jint_or(j, "idle_until", 0),
	};
}

/* All copies of a shop's epoch end by one mark. */
static enum rc
epoch_lives(struct cx *cx, const struct session *copy)
{
	struct slice mark;
	bool none;
	enum rc rc;

	if (copy->shop_id == 0)
		return RC_OK;
	rc = hot_get(
	    cx, epoch_key(cx, copy->shop_id, copy->epoch), &mark, &none);
	return rc == RC_ABSENT && none ? RC_OK : rc == RC_OK ? RC_ABSENT : rc;
}

enum rc
session_copy_find(
    struct cx *cx, struct slice hash, struct session *out, bool *keep)
{
	struct slice copy;
	struct json j;

	TRY(hot_get(cx, key_of(cx, hash), &copy, keep));
	TRY(json_read(cx, copy, COPY_MAX_BYTES, RC_BUG, &j));
	read_copy(j, out);
	return epoch_lives(cx, out);
}

void
session_copy_keep(
    struct cx *cx, struct slice hash, const struct session *session)
{
	struct buf b = buf_new(cx->mem, COPY_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "id", session->id);
	jw_int(&w, "shop_id", session->shop_id);
	jw_int(&w, "epoch", session->epoch);
	jw_text(&w, "shop", session->shop);
	jw_text(&w, "status", session->status);
	jw_bool(&w, "operator", session->operator);
	jw_int(&w, "user_id", session->user_id);
	jw_int(&w, "expires_at", session->expires_at);
	jw_int(&w, "idle_until", session->idle_until);
	jw_close(&w);
	if (jw_end(&w) == RC_OK)
		hot_put(cx, key_of(cx, hash), buf_slice(&b));
}

enum rc
session_copy_end(struct cx *cx, struct slice hash)
{
	return hot_end(cx, key_of(cx, hash));
}

enum rc
session_shop_end(struct cx *cx, int64_t shop_id)
{
	int32_t epoch;

	TRY(shop_epoch(cx, shop_id, &epoch));
	return hot_end(cx, epoch_key(cx, shop_id, epoch - 1));
}
