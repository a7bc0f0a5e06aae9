/* What became of webhooks: the ledger of tries, for who compares. */
#include "base/clock.h"
#include "ends.h"
#include "event.h"

enum { LIMIT = 250, LIMIT_MAX = 10000 };

/* What is asked for; NULL and -1 are all of them. */
struct wish {
	const char *shop;
	const char *topic;
	const char *delivery;
	const char *event;
	int64_t hook;
	int64_t status;
	int64_t end;
	int64_t after; /* place of the last one seen, from 1 */
	int64_t limit;
};

static enum rc
read_number(struct cx *cx, const struct req *rq, const char *name,
    int64_t fallback, int64_t max, int64_t *out)
{
	const char *text = pairs_find(&rq->query_pairs, name);

	*out = fallback;
	if (text != NULL && !text_int(text, 0, max, out))
		return rc_field(cx, RC_INPUT, name,
		    text_fmt(cx->mem, "0 to %lld", (long long)max), text);
	return RC_OK;
}

static enum rc
read_wish(struct cx *cx, const struct req *rq, struct wish *out)
{
	const struct pairs *ps = &rq->query_pairs;
	const char *end = pairs_find(ps, "end");

	*out = (struct wish){ .shop = pairs_find(ps, "shop"),
		.topic = pairs_find(ps, "topic"),
		.delivery = pairs_find(ps, "delivery"),
		.event = pairs_find(ps, "event"),
		.end = -1 };
	if (end != NULL)
		out->end = try_end_of(end);
	if (end != NULL && out->end < 0)
		return rc_field(cx, RC_INPUT, "end",
		    "delivered, retry, gave_up or dropped", end);
	TRY(read_number(cx, rq, "hook", -1, INT64_MAX, &out->hook));
	TRY(read_number(cx, rq, "status", -1, 999, &out->status));
	TRY(read_number(cx, rq, "after", 0, INT64_MAX, &out->after));
	return read_number(cx, rq, "limit", LIMIT, LIMIT_MAX, &out->limit);
}

static bool
same_or_any(const char *want, const char *have)
{
	return want == NULL || (have != NULL && text_same(want, have));
}

static bool
is_wished(const struct wish *w, const struct try_row *row)
{
	return same_or_any(w->shop, row->shop) &&
	       same_or_any(w->topic, row->topic) &&
	       same_or_any(w->delivery, row->delivery) &&
	       same_or_any(w->event, row->event) &&
	       (w->hook < 0 || w->hook == row->hook) &&
	       (w->status < 0 || w->status == row->status) &&
	       (w->end < 0 || w->end == (int64_t)row->end);
}

static void
write_totals(struct cx *cx, struct jw *w)
{
	const struct sandbox *s = sandbox();
	const struct try_totals *t = &s->tries.totals;
	size_t i;

	jw_object(w, "totals");
	jw_int(w, "waiting",
	    s->settings.spool ? (int64_t)spool_waiting(cx, s->settings.spool)
			      : 0);
	jw_int(w, "tries", t->tries);
	jw_int(w, "failed", t->failed);
	for (i = 0; i <= TRY_DROPPED; i++)
		if (i != TRY_RETRY) /* those are tries, not deliveries */
			jw_int(w, try_end_word((enum try_end)i), t->end[i]);
	jw_int(w, "first_ms", t->first_ms);
	jw_int(w, "last_ms", t->last_ms);
	jw_close(w);
}

/* GET /sandbox/deliveries */
enum rc
deliveries_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct try_row *row;
	struct wish wish;
	int64_t n = 0, place = 0;
	struct jw *w;

	TRY(control_key(cx, rq));
	TRY(read_wish(cx, rq, &wish));
	event_follow(cx);
	w = reply_json(rp, 200);
	write_totals(cx, w);
	jw_list(w, "items");
	for (row = sandbox()->tries.first; row != NULL; row = row->next) {
		if (++place <= wish.after || !is_wished(&wish, row))
			continue;
		if (n++ == wish.limit)
			break;
		jw_object(w, NULL);
		try_write(w, row);
		jw_close(w);
	}
	jw_close(w);
	jw_text(w, "next",
	    row ? text_fmt(cx->mem, "%lld", (long long)place - 1) : NULL);
	return reply_end(rp);
}
