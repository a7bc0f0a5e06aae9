/* /api/pulls/:id/results: rows that are there, newest first, personal parts
 * opened. `id` may be "latest": the rows are the shop's, whichever pull met
 * them last. */
#include <string.h>

#include "app/callers.h"
#include "app/lists.h"
#include "app/personal.h"
#include "base/uuid.h"
#include "pulls.h"
#include "store/privacy.h"
#include "store/pull.h"

struct results_query {
	const char *resource;
	const char *after;
	const char *id;
	int64_t limit;
	const char *shop;
};

static bool
number_ok(const char *text)
{
	int64_t n;

	return text_int(text, 1, INT64_MAX, &n);
}

static const struct field query_fields[] = {
	FIELD_WORD(results_query, resource, .need = true, .words = pulled_words,
	    .note = "Which table."),
	FIELD_TEXT(results_query, after, .max = 20, .ok = number_ok,
	    .rule = "a cursor that a list gave as next"),
	FIELD_TEXT(results_query, id, .max = 20, .ok = number_ok,
	    .rule = "Shopify's number of a row", .note = "One row only."),
	FIELD_INT(results_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50"),
	FIELD_TEXT(results_query, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape results_query = SHAPE(results_query, query_fields);

static const struct field reply_fields[] = {
	R_TEXT("resource"),
	R_ANY("items",
	    .note = "The table's columns; numbers of Shopify's and amounts "
		    "as text; `personal` where something was sealed."),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape results_reply = REPLY_SHAPE("results_reply", reply_fields);

static int64_t
number(const char *text)
{
	int64_t n = 0;

	return text && text_int(text, 1, INT64_MAX, &n) ? n : 0;
}

/* The row's JSON object with `personal` put in before its last brace. */
static void
write_row(struct cx *cx, struct jw *w, const struct pulled_row *row,
    const char *personal)
{
	const size_t n = strlen(row->json);

	if (personal)
		jw_raw(w, NULL,
		    slice_of(text_fmt(cx->mem, "%.*s, \"personal\": %s}",
			(int)(n - 1), row->json, personal)));
	else
		jw_raw(w, NULL, slice_of(row->json));
}

/* Before the data leave (Shopify's level 2 asks for it). */
static enum rc
note_access(struct cx *cx, const struct req *rq, const struct pulled_rows *rows)
{
	struct subject *list =
	    ARENA_ARRAY(cx->mem, struct subject, rows->n + 1);
	struct access a = {
		.who = caller_text(cx, rq),
		.through = "GET /api/pulls/:id/results",
		.what = rows->table,
		.subjects = list,
	};

	for (size_t i = 0; i < rows->n; i++)
		if (rows->list[i].sealed.p)
			list[a.n++] = rows->list[i].subject;
	return access_put(cx, &a);
}

static enum rc
write_rows(struct cx *cx, const struct results_query *in,
    const struct pulled_rows *rows, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);
	const char *const *personal;
	const char *last = NULL;
	size_t i;

	TRY(personal_open(cx, rows, &personal));
	jw_text(w, "resource", in->resource);
	jw_list(w, "items");
	for (i = 0; i < rows->n; i++) {
		write_row(cx, w, &rows->list[i], personal[i]);
		last = text_fmt(cx->mem, "%lld", (long long)rows->list[i].id);
	}
	return list_end(rp, w, last, !in->id && rows->n == (size_t)in->limit);
}

enum rc
results_list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct results_query *in = rq->query;
	const struct rows_ask ask = {
		.word = in->resource,
		.after = number(in->after),
		.id = number(in->id),
		.limit = (int)in->limit,
	};
	struct pulled_rows rows;
	struct shop shop;
	struct pull pull;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	if (!text_same(rq->params[0], "latest")) {
		if (!uuid_ok(rq->params[0]))
			return rc_fail(cx, RC_ABSENT, "no such pull");
		TRY(pull_load(cx, rq->params[0], &pull));
	}
	TRY(pulled_rows_load(cx, &ask, &rows));
	TRY(note_access(cx, rq, &rows));
	return write_rows(cx, in, &rows, rp);
}
