/* What is said of rates and done to them, in JSON. */
#include "app/rates.h"
#include "store/job.h"
#include "store/rate.h"

static void
put_rate(struct jw *w, const struct rate *r)
{
	jw_text(w, "key", r->key);
	jw_real(w, "per_s", r->per_s);
	jw_real(w, "burst", r->burst);
	jw_int(w, "tokens", (int64_t)r->tokens);
	jw_time(w, "hold_until", r->hold_until);
}

enum rc
rates_write(struct cx *cx, struct jw *w)
{
	struct rate *list;
	size_t n, i;

	TRY(rate_list(cx, &list, &n));
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		put_rate(w, &list[i]);
		jw_close(w);
	}
	jw_close(w);
	return RC_OK;
}

static enum rc
number(struct cx *cx, const char *name, struct json value, double *out)
{
	const enum json_kind kind = json_kind(value);

	if (kind == JSON_INT || kind == JSON_REAL)
		return jget_real(cx, value, "", out);
	return rc_field(cx, RC_INPUT, name, "a number",
	    text_cut(cx->mem, jtext(cx->mem, value), 60));
}

enum rc
rate_put_write(struct cx *cx, const char *key, struct json per_s,
    struct json burst, struct jw *w)
{
	struct rate rate;
	double s, b;

	TRY(number(cx, "per_s", per_s, &s));
	TRY(number(cx, "burst", burst, &b));
	TRY(rate_set(cx, key, s, b));
	TRY(rate_load(cx, key, &rate));
	job_wake(cx);
	put_rate(w, &rate);
	return RC_OK;
}

enum rc
rate_drop_named(struct cx *cx, const char *key)
{
	const enum rc rc = rate_drop(cx, key);

	return rc == RC_ABSENT ? rc_fail(cx, rc, "there is no rate %s", key)
			       : rc;
}
