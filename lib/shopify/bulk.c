/* Bulk operations as Shopify tells of them. */
#include "shopify/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "shopify/gql_text.h"

enum { TEXT_MAX_BYTES = 65535, RUN_MAX_BYTES = 192 << 10, AGAIN_MS = 5000 };

/* UnsignedInt64 comes as text. */
static int64_t
count_or(struct json op, const char *name, int64_t fallback)
{
	const char *text = jtext_or(op, name, NULL);
	int64_t n;

	return text != NULL && text_int(text, 0, INT64_MAX, &n) ? n : fallback;
}

static enum bulk_is
is_of(const char *status)
{
	if (text_same(status, "COMPLETED"))
		return BULK_IS_DONE;
	if (text_same(status, "FAILED") || text_same(status, "CANCELED") ||
	    text_same(status, "EXPIRED"))
		return BULK_HAS_BROKEN;
	return BULK_GOES_ON;
}

enum rc
bulk_op_read(struct cx *cx, struct json op, struct bulk_op *out)
{
	*out = (struct bulk_op){ .error = jtext_or(op, "errorCode", NULL),
		.objects = count_or(op, "objectCount", 0),
		.roots = count_or(op, "rootObjectCount", 0),
		.bytes = count_or(op, "fileSize", -1),
		.url = jtext_or(op, "url", NULL),
		.partial_url = jtext_or(op, "partialDataUrl", NULL) };
	TRY(jget_text(cx, op, "id", &out->id));
	TRY(jget_text(cx, op, "status", &out->status));
	out->is = is_of(out->status);
	return RC_OK;
}

/* Behind the name of the first field, "{orders", goes what selects. */
enum rc
bulk_text(struct cx *cx, enum gql_doc doc, const char *since, const char **out)
{
	const char *text = gql_texts[doc].text;
	const size_t name = 1 + strcspn(text + 1, "{ (");
	struct buf b = buf_new(cx->mem, TEXT_MAX_BYTES);

	*out = text;
	if (since == NULL)
		return RC_OK;
	if (since[strspn(since, "0123456789-:.TZ+")] != '\0')
		return rc_fail(cx, RC_BUG, "no time: %s", since);
	buf_addn(&b, text, name);
	buf_addf(
	    &b, "(query: \"updated_at:>='%s'\", sortKey: UPDATED_AT)", since);
	buf_add(&b, text + name);
	if (buf_full(&b))
		return rc_fail(
		    cx, RC_BUG, "%s is too long for bulk", gql_texts[doc].name);
	*out = buf_text(&b);
	return RC_OK;
}

enum rc
bulk_run_variables(struct cx *cx, const char *text, struct slice *out)
{
	struct buf b = buf_new(cx->mem, RUN_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "query", text);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

enum rc
bulk_run_read(struct cx *cx, struct json data, struct bulk_op *out)
{
	const struct json run = jat(data, "bulkOperationRunQuery");
	const struct json error = jitem(jat(run, "userErrors"), 0);
	const char *code = jtext_or(error, "code", "");
	const char *said =
	    text_cut(cx->mem, jtext_or(error, "message", "no message"), 400);

	if (error.node == NULL)
		return bulk_op_read(cx, jat(run, "bulkOperation"), out);
	if (text_same(code, "OPERATION_IN_PROGRESS") ||
	    text_same(code, "LIMIT_REACHED")) {
		cx->retry_after_ms = AGAIN_MS;
		return rc_fail(cx, RC_LIMITED,
		    "Shopify runs as many bulk operations as it allows");
	}
	return rc_fail(
	    cx, RC_BUG, "Shopify does not run this in bulk: %s", said);
}
