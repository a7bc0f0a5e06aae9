/* The Admin API's end point on a shop's host: who asks, in which version, and
 * the switches that spoil an answer. */
#include <string.h>

#include "answer.h"
#include "base/clock.h"
#include "base/conf.h"
#include "ends.h"
#include "sandbox.h"
#include "say.h"
#include "scopes.h"
#include "version.h"

enum { BODY_BYTES_MAX = 256 << 10 };

static const char barred[] =
    "[API] Non-expiring access tokens are no longer accepted for the Admin "
    "API. Use expiring access tokens instead.";

static void
count(const char *name)
{
	ledger_count(&sandbox()->ledger, name);
	sandbox()->changed = true;
}

/* ---- who asks */

/* NULL, and the refusal is said, unless the token is good on this shop. */
static enum rc
find_token(struct cx *cx, const struct req *rq, struct reply *rp,
    const char *shop, const struct access **out)
{
	const char *token = req_header(rq, "X-Shopify-Access-Token");
	const struct sandbox *s = sandbox();

	(void)cx;
	*out = token ? grants_access(&s->grants, shop, token, sandbox_now())
		     : NULL;
	if (*out == NULL) {
		count("unauthorized");
		return say_errors(rp, 401, faults_status_text(401));
	}
	if ((*out)->kind == ACCESS_FOREVER && s->rules.require_expiring) {
		*out = NULL;
		count("barred");
		return say_errors(rp, 403, barred);
	}
	return RC_OK;
}

static struct app
app_of(struct cx *cx, const struct access *a)
{
	const struct rules *rules = &sandbox()->rules;
	struct app c = { .client_id = conf_text(C_SHOPIFY_API_KEY),
		.app_url = conf_text(C_APP_URL),
		.scopes = scopes_read(cx->mem, a->scope),
		.approval = (enum approval)rules->approval };

	c.all_orders =
	    rules->all_orders && scopes_have(&c.scopes, "read_all_orders");
	return c;
}

/* ---- switches that answer instead */

static void
write_error(struct jw *w, const char *code, const char *message,
    const char *name, const char *value)
{
	jw_list(w, "errors");
	jw_object(w, NULL);
	jw_text(w, "message", message);
	jw_object(w, "extensions");
	jw_text(w, "code", code);
	if (name != NULL)
		jw_text(w, name, value);
	jw_close(w);
	jw_close(w);
	jw_close(w);
}

static void
write_fault(struct cx *cx, const struct fault_switch *f,
    const struct world_shop *ws, struct jw *w)
{
	switch (f->what) {
	case FAULT_THROTTLED:
		answer_throttled(w, &ws->bucket, 100);
		break;
	case FAULT_TOO_DEAR:
		answer_too_dear(w, sandbox()->rules.cost_max + 248,
		    sandbox()->rules.cost_max);
		break;
	case FAULT_DENIED:
		jw_null(w, "data");
		write_error(w, "ACCESS_DENIED",
		    "Access denied for orders field. Required access: "
		    "`read_orders` access scope.",
		    "requiredAccess", "`read_orders` access scope.");
		break;
	case FAULT_INACTIVE:
		write_error(w, "SHOP_INACTIVE", "Shop is not active", NULL, "");
		break;
	default:
		write_error(w, "INTERNAL_SERVER_ERROR",
		    "Internal error. Looks like something went wrong on our "
		    "end.\nRequest ID: see extensions (include this in support "
		    "requests).",
		    "requestId", cx->trace);
		break;
	}
}

static bool
answers_itself(const struct fault_switch *f)
{
	return f != NULL && f->what != FAULT_DELAY && f->what != FAULT_DROP &&
	       f->what != FAULT_CUT;
}

static enum rc
say_fault(struct cx *cx, const struct fault_switch *f,
    const struct world_shop *ws, struct reply *rp)
{
	struct jw *w;

	count("graphql.fault");
	if (f->what == FAULT_STATUS) {
		if (f->retry_after != NULL)
			reply_header(rp, "Retry-After", f->retry_after);
		return say_errors(rp, f->status, faults_status_text(f->status));
	}
	w = reply_json(rp, 200);
	write_fault(cx, f, ws, w);
	return reply_end(rp);
}

/* ---- the answer */

static void
count_answer(struct cx *cx, const struct outcome_row *row)
{
	static const char *const names[] = {
		[ANSWER_DATA] = "graphql.data",
		[ANSWER_PARTLY] = "graphql.partly",
		[ANSWER_REFUSED] = "graphql.refused",
		[ANSWER_TOO_DEAR] = "graphql.max_cost",
		[ANSWER_THROTTLED] = "graphql.throttled",
	};

	count(names[row->outcome]);
	if (row->operation != NULL)
		count(text_fmt(cx->mem, "document.%s", row->operation));
}

static bool
is_json(const char *type)
{
	return type != NULL && text_starts(type, "application/json");
}

static enum rc
say_malformed(struct reply *rp)
{
	struct jw *w = reply_json(rp, 400);

	count("graphql.malformed");
	jw_object(w, "errors");
	jw_text(w, "query", "Required parameter missing or invalid");
	jw_close(w);
	return reply_end(rp);
}

/* False unless the body is a JSON object with a query. */
static bool
read_question(struct cx *cx, const struct req *rq, struct question *q)
{
	struct json body;
	const char *query;

	if (!is_json(req_header(rq, "Content-Type")) ||
	    json_read(cx, rq->raw_body, BODY_BYTES_MAX, RC_INPUT, &body) !=
		RC_OK) {
		rc_forget(cx);
		return false;
	}
	query = jtext_or(body, "query", NULL);
	if (query == NULL)
		return false;
	q->query = slice_of(query);
	q->variables = jat(body, "variables");
	q->operation = jtext_or(body, "operationName", NULL);
	return true;
}

static enum rc
answer(struct cx *cx, struct question *q, const struct fault_switch *f,
    struct reply *rp)
{
	struct outcome_row row;
	struct jw *w = reply_json(rp, 200);

	TRY(answer_write(cx, q, w, &row));
	TRY(reply_end(rp));
	count_answer(cx, &row);
	if (f != NULL && f->what == FAULT_CUT)
		say_half(rp);
	say_late(
	    cx, sandbox()->rules.delay_ms +
		    (f != NULL && f->what == FAULT_DELAY ? f->delay_ms : 0));
	if (f != NULL && f->what == FAULT_DROP)
		return say_errors(rp, 502, faults_status_text(502));
	return RC_OK;
}

static enum rc
answer_for(struct cx *cx, const struct req *rq, struct world_shop *ws,
    const struct access *token, const char *version, struct reply *rp)
{
	struct sandbox *s = sandbox();
	const struct app app = app_of(cx, token);
	struct question q = { .version = version,
		.shop = &ws->shop,
		.app = &app,
		.bucket = &ws->bucket,
		.now = sandbox_now(),
		.now_ms = clock_ms(),
		.cost_max = s->rules.cost_max,
		.page_objects_max = s->rules.page_objects_max };
	const struct fault_switch *f;

	count("graphql");
	if (!read_question(cx, rq, &q))
		return say_malformed(rp);
	f = faults_take(&s->faults, FAULT_GRAPHQL, ws->shop.domain, q.query.p);
	return answers_itself(f) ? say_fault(cx, f, ws, rp)
				 : answer(cx, &q, f, rp);
}

/* POST /admin/api/{version}/graphql.json */
enum rc
graphql_answer(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const char *version = version_served(rq->params[0]);
	const struct access *token;
	struct world_shop *ws;
	enum rc rc;

	if (version == NULL ||
	    sandbox_host_shop(cx, req_header(rq, "Host"), &ws) != RC_OK)
		return say_errors(rp, 404, faults_status_text(404));
	reply_header(rp, "X-Shopify-API-Version", version);
	TRY(find_token(cx, rq, rp, ws->shop.domain, &token));
	rc = token ? answer_for(cx, rq, ws, token, version, rp) : RC_OK;
	sandbox_keep_soon(cx);
	return rc;
}

/* GET /admin/oauth/access_scopes.json */
enum rc
scopes_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct access *token;
	struct world_shop *ws;
	struct texts scopes;
	struct jw *w;
	size_t i;

	if (sandbox_host_shop(cx, req_header(rq, "Host"), &ws) != RC_OK)
		return say_errors(rp, 404, faults_status_text(404));
	TRY(find_token(cx, rq, rp, ws->shop.domain, &token));
	if (token == NULL)
		return RC_OK;
	scopes = scopes_read(cx->mem, token->scope);
	w = reply_json(rp, 200);
	jw_list(w, "access_scopes");
	for (i = 0; i < scopes.n; i++) {
		jw_object(w, NULL);
		jw_text(w, "handle", scopes.items[i]);
		jw_close(w);
	}
	jw_close(w);
	return reply_end(rp);
}
