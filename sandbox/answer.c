/* Read, check, plan, price, run. */
#include "answer.h"
#include "check.h"
#include "cost.h"
#include "variables.h"

static const char limits_page[] = "https://shopify.dev/api/usage/rate-limits";

void
answer_throttled(struct jw *w, const struct bucket *b, int64_t asked)
{
	jw_list(w, "errors");
	jw_object(w, NULL);
	jw_text(w, "message", "Throttled");
	jw_object(w, "extensions");
	jw_text(w, "code", "THROTTLED");
	jw_text(w, "documentation", limits_page);
	jw_close(w);
	jw_close(w);
	jw_close(w);
	jw_object(w, "extensions");
	bucket_write(w, b, asked, -1);
	jw_close(w);
}

void
answer_too_dear(struct jw *w, int64_t asked, int64_t max)
{
	jw_list(w, "errors");
	jw_object(w, NULL);
	jw_text(w, "message",
	    text_fmt(w->out->mem,
		"Query cost is %lld, which exceeds the single query max cost "
		"limit (%lld).\n\nSee https://shopify.dev/concepts/about-apis/"
		"rate-limits for more information on how the\ncost of a query "
		"is calculated.\n\nTo query larger amounts of data with fewer "
		"limits, bulk operations should be used instead.\nSee "
		"https://shopify.dev/api/usage/bulk-operations/queries for "
		"usage details.\n",
		(long long)asked, (long long)max));
	jw_object(w, "extensions");
	jw_text(w, "code", "MAX_COST_EXCEEDED");
	jw_int(w, "cost", asked);
	jw_int(w, "maxCost", max);
	jw_text(w, "documentation", limits_page);
	jw_close(w);
	jw_close(w);
	jw_close(w);
}

/* The operation to run, or NULL, which is said. */
static const struct doc_operation *
choose(struct cx *cx, const struct doc *doc, const char *name,
    struct problems *problems)
{
	const struct doc_operation *op = doc->operations;
	struct problem p = { .message = "An operation name is required" };

	if (op == NULL)
		p.message = "A query attribute must be specified and must "
			    "hold an operation";
	else if (name == NULL && op->next == NULL)
		return op;
	for (; name != NULL && op != NULL; op = op->next)
		if (text_same(op->name ? op->name : "", name))
			return op;
	if (name != NULL)
		p.message =
		    text_fmt(cx->mem, "No operation named \"%s\"", name);
	problems_add(problems, &p);
	return NULL;
}

/* Up to the plan; RC_INPUT with something in `problems` where it ends. */
static enum rc
prepare(struct cx *cx, const struct question *q, struct problems *problems,
    struct outcome_row *out, const struct plan **plan)
{
	const struct doc_operation *op;
	const struct given *variables;
	struct doc doc;

	if (doc_read(cx, q->query, &doc) != RC_OK) {
		problems_add(problems,
		    &(struct problem){ .message = doc.problem, .at = doc.at });
		return RC_INPUT;
	}
	check_document(cx, &doc, q->version, problems);
	if (problems->n > 0)
		return RC_INPUT;
	op = choose(cx, &doc, q->operation, problems);
	if (op == NULL)
		return RC_INPUT;
	out->operation = op->name;
	TRY(variables_read(cx, op, q->variables, problems, &variables));
	return plan_make(cx, &doc, op, variables, q->version, problems, plan);
}

static void
run_and_write(struct cx *cx, const struct question *q, const struct plan *plan,
    struct problems *problems, struct jw *w, struct outcome_row *out)
{
	struct run run = { .cx = cx,
		.shop = q->shop,
		.app = q->app,
		.version = q->version,
		.now = q->now,
		.page_objects_max = q->page_objects_max,
		.w = w,
		.problems = problems };
	struct jw search;

	run.search_text = buf_new(cx->mem, 1 << 20);
	search = jw_new(&run.search_text);
	run.search = &search;
	jw_object(w, "data");
	out->actual = cost_round(run_plan(&run, plan));
	jw_close(w);
	bucket_take(q->bucket, out->actual);
	out->outcome = problems->n > 0 ? ANSWER_PARTLY : ANSWER_DATA;
	problems_write(w, problems);
	jw_object(w, "extensions");
	bucket_write(w, q->bucket, out->asked, out->actual);
	if (search.depth > 0) {
		jw_close(&search);
		jw_raw(w, "search", buf_slice(&run.search_text));
	}
	jw_close(w);
}

enum rc
answer_write(struct cx *cx, const struct question *q, struct jw *w,
    struct outcome_row *out)
{
	struct problems problems = problems_new(cx);
	const struct plan *plan;

	*out = (struct outcome_row){ .outcome = ANSWER_REFUSED };
	if (prepare(cx, q, &problems, out, &plan) != RC_OK) {
		problems_write(w, &problems);
		return RC_OK;
	}
	out->asked = cost_asked(plan);
	if (out->asked > q->cost_max) {
		out->outcome = ANSWER_TOO_DEAR;
		answer_too_dear(w, out->asked, q->cost_max);
	} else if (!bucket_has(q->bucket, q->now_ms, out->asked)) {
		out->outcome = ANSWER_THROTTLED;
		answer_throttled(w, q->bucket, out->asked);
	} else
		run_and_write(cx, q, plan, &problems, w, out);
	return RC_OK;
}
