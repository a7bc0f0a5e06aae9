/* How often: limits of address, key or session, and shop (design.md 3). */
#include "app/limits.h"
#include "base/conf.h"
#include "store/cache.h"

/* RFC 9331-draft: what is left and when all of it is back. */
static void
tell(struct cx *cx, const struct limit *limit, const struct limit_state *state,
    struct reply *rp)
{
	reply_header(rp, "RateLimit-Policy",
	    text_fmt(cx->mem, "\"default\";q=%lld;w=60",
		(long long)limit->per_minute));
	reply_header(rp, "RateLimit",
	    text_fmt(cx->mem, "\"default\";r=%lld;t=%lld",
		(long long)(state->left > 0 ? state->left : 0),
		(long long)((state->reset_ms + 999) / 1000)));
}

static enum rc
take(struct cx *cx, const char *key, enum conf per_minute, struct reply *rp)
{
	const int64_t calls = conf_int(per_minute);
	const struct limit limit = {
		.key = key,
		.per_minute = calls,
		.burst = calls / 10 > 10 ? calls / 10 : 10,
	};
	struct limit_state state;
	enum rc rc;

	if (calls <= 0)
		return RC_OK;
	rc = limit_take(cx, &limit, &state);
	if (rc == RC_OK || rc == RC_LIMITED)
		tell(cx, &limit, &state, rp);
	return rc;
}

static enum rc
take_caller(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct who *who = &rq->who;

	if (who->id)
		TRY(take(cx, text_fmt(cx->mem, "caller:%s", who->id),
		    C_RATE_KEY_PER_MIN, rp));
	if (!who->shop_id)
		return RC_OK;
	return take(cx, text_fmt(cx->mem, "shop:%lld", (long long)who->shop_id),
	    C_RATE_SHOP_PER_MIN, rp);
}

enum rc
limits_take(struct cx *cx, const struct route *route, const struct req *rq,
    struct reply *rp)
{
	const bool known = rq->who.by != 0;

	if (known && (route->rate & PER_CALLER))
		return take_caller(cx, rq, rp);
	if (!known && (route->rate & PER_ADDRESS) && rq->address)
		return take(cx, text_fmt(cx->mem, "address:%s", rq->address),
		    C_RATE_ADDRESS_PER_MIN, rp);
	return RC_OK;
}
