/* /api/privacy: what the law asked for, what was done, and who opened what. */
#include "app/privacy.h"
#include "app/callers.h"
#include "app/lists.h"
#include "base/uuid.h"
#include "ops.h"
#include "store/job.h"

/* ---- asking by hand: a merchant called, or it is a drill */

struct privacy_body {
	const char *kind;
	const char *customer;
	const char *shop;
};

static const char *const kinds[] = { "data_request", "customer_redact",
	"shop_redact", NULL };
static const char *const sources[] = { "webhook", "operator", NULL };
static const char *const states[] = { "asked", "done", "void", NULL };

static bool
number_ok(const char *text)
{
	int64_t n;

	return text_int(text, 1, INT64_MAX, &n);
}

static const struct field body_fields[] = {
	FIELD_WORD(privacy_body, kind, .need = true, .words = kinds),
	FIELD_TEXT(privacy_body, customer, .max = 20, .ok = number_ok,
	    .rule = "Shopify's number of a customer",
	    .note = "Whose; not with shop_redact."),
	FIELD_TEXT(privacy_body, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape privacy_body = SHAPE(privacy_body, body_fields);

#define PRIVACY_FIELDS                                                         \
	R_TEXT("id"), R_TEXT("shop", .null = true), R_WORD("kind", kinds),     \
	    R_WORD("source", sources), R_TEXT("customer", .null = true),       \
	    R_WORD("state", states,                                            \
		.note = "void: nothing had to be done, see reason."),          \
	    R_TEXT("reason", .null = true), R_TIME("asked_at"),                \
	    R_TIME("due_at", .note = "The law gives thirty days."),            \
	    R_TIME("done_at", .null = true),                                   \
	    R_ANY("counts", .note = "Rows that were emptied, by table."),      \
	    R_TEXT("shop_sha256", .null = true,                                \
		.note = "The receipt: SHA-256 of \"SHOP 0\", and below of "    \
			"\"SHOP CUSTOMER\", by Shopify's numbers."),           \
	    R_TEXT("subject_sha256", .null = true),                            \
	    R_INT("package_bytes", .null = true,                               \
		.note = "Of a data request's package, while it is kept.")

static const struct field item_fields[] = { PRIVACY_FIELDS, FIELD_END };
static const struct shape item = REPLY_SHAPE("privacy_item", item_fields);
const struct shape privacy_reply = REPLY_SHAPE("privacy_reply", item_fields);
static const struct field list_fields[] = {
	R_LIST("items", &item),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape privacies_reply =
    REPLY_SHAPE("privacies_reply", list_fields);

static void
write_request(struct cx *cx, struct jw *w, const struct privacy *p)
{
	jw_text(w, "id", p->id);
	jw_text(w, "shop", p->domain);
	jw_text(w, "kind", p->kind);
	jw_text(w, "source", p->source);
	jw_text(w, "customer",
	    p->customer_id
		? text_fmt(cx->mem, "%lld", (long long)p->customer_id)
		: NULL);
	jw_text(w, "state", p->state);
	jw_text(w, "reason", p->reason);
	jw_time(w, "asked_at", p->asked_at);
	jw_time(w, "due_at", p->due_at);
	jw_time(w, "done_at", p->done_at);
	jw_raw(w, "counts", slice_of(p->counts));
	jw_text(w, "shop_sha256", p->shop_sha256);
	jw_text(w, "subject_sha256", p->subject_sha256);
	if (p->package_at)
		jw_int(w, "package_bytes", p->package_bytes);
	else
		jw_null(w, "package_bytes");
}

/* 0: of all shops. */
static int64_t
shop_at_work(const struct cx *cx)
{
	return cx->every_shop ? 0 : cx->shop_id;
}

enum rc
privacy_list_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct list_query *in = rq->query;
	struct privacy *list;
	struct jw *w;
	size_t n;

	TRY(ops_scope(cx, rq, in->shop));
	TRY(privacy_list(
	    cx, shop_at_work(cx), in->after, (int)in->limit, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (size_t i = 0; i < n; i++) {
		jw_object(w, NULL);
		write_request(cx, w, &list[i]);
		jw_close(w);
	}
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}

static enum rc
load(struct cx *cx, const struct req *rq, const char *shop, struct privacy *out)
{
	TRY(ops_scope(cx, rq, shop));
	if (!uuid_ok(rq->params[0]))
		return rc_fail(cx, RC_ABSENT, "no such request");
	return privacy_load(cx, shop_at_work(cx), rq->params[0], out);
}

enum rc
privacy_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct shop_query *in = rq->query;
	struct privacy p;

	TRY(load(cx, rq, in->shop, &p));
	write_request(cx, reply_json(rp, 200), &p);
	return reply_end(rp);
}

static enum rc
read_body(struct cx *cx, const struct privacy_body *in, struct privacy_new *out)
{
	const bool whole = text_same(in->kind, "shop_redact");

	if (in->customer &&
	    !text_int(in->customer, 1, INT64_MAX, &out->customer_id))
		return RC_BUG;
	if (whole == (in->customer != NULL))
		return rc_field(cx, RC_INPUT, "customer",
		    whole ? "absent: a whole shop is forgotten"
			  : "Shopify's number of a customer",
		    in->customer);
	out->kind = in->kind;
	out->source = "operator";
	out->shop_id = cx->shop_id;
	return uuid_mint(cx, &out->id);
}

enum rc
privacy_create(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct privacy_body *in = rq->body;
	struct privacy_new ask = { .n_orders = 0 };
	struct privacy p;
	struct shop shop;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	TRY(read_body(cx, in, &ask));
	TRY(db_begin(cx));
	TRY(privacy_ask(cx, &ask));
	TRY(db_commit(cx));
	job_wake(cx);
	TRY(privacy_load(cx, ask.shop_id, ask.id, &p));
	write_request(cx, reply_json(rp, 202), &p);
	reply_header(
	    rp, "Location", text_fmt(cx->mem, "/api/privacy/%s", ask.id));
	return reply_end(rp);
}

/* ---- who opened whose */

struct access_query {
	const char *after;
	int64_t limit;
	const char *shop;
};

static const struct field access_query_fields[] = {
	FIELD_TEXT(access_query, after, .max = 20, .ok = number_ok,
	    .rule = "a cursor that a list gave as next"),
	FIELD_INT(access_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50"),
	FIELD_TEXT(access_query, shop, .max = 100, .note = "Of one shop only."),
	FIELD_END,
};
const struct shape access_query = SHAPE(access_query, access_query_fields);

static const struct field access_fields[] = {
	R_TEXT("id"),
	R_TEXT("shop", .null = true),
	R_TIME("at"),
	R_TEXT("who", .note = "A key, a session or a staff member."),
	R_TEXT("through"),
	R_TEXT("what"),
	R_INT("subjects", .note = "Of how many persons."),
	R_TEXT("subject", .null = true,
	    .note = "Whose, when it is one: c a customer, o an order."),
	FIELD_END,
};
static const struct shape access_item =
    REPLY_SHAPE("access_item", access_fields);
static const struct field accesses_fields[] = {
	R_LIST("items", &access_item),
	R_TEXT("next", .null = true),
	FIELD_END,
};
const struct shape access_reply = REPLY_SHAPE("access_reply", accesses_fields);

static void
write_access(struct jw *w, const struct access_row *row)
{
	jw_object(w, NULL);
	jw_text(w, "id", row->id);
	jw_text(w, "shop", row->domain);
	jw_time(w, "at", row->at);
	jw_text(w, "who", row->who);
	jw_text(w, "through", row->through);
	jw_text(w, "what", row->what);
	jw_int(w, "subjects", row->subjects);
	jw_text(w, "subject", row->subject);
	jw_close(w);
}

enum rc
access_list_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct access_query *in = rq->query;
	struct access_row *list;
	int64_t after = 0;
	struct jw *w;
	size_t n;

	if (in->after && !text_int(in->after, 1, INT64_MAX, &after))
		return RC_BUG;
	TRY(ops_scope(cx, rq, in->shop));
	TRY(access_list(
	    cx, shop_at_work(cx), after, (int)in->limit, &list, &n));
	w = reply_json(rp, 200);
	jw_list(w, "items");
	for (size_t i = 0; i < n; i++)
		write_access(w, &list[i]);
	return list_end(
	    rp, w, n ? list[n - 1].id : NULL, n == (size_t)in->limit);
}
