/* /api/privacy/:id/package: what a data request found, as JSON, or as a page
 * that a merchant can hand on. */
#include "app/callers.h"
#include "app/lists.h"
#include "app/personal.h"
#include "base/uuid.h"
#include "ops.h"
#include "store/privacy.h"

struct package_query {
	const char *format;
	const char *shop;
};

static const char *const formats[] = { "json", "html", NULL };
static const struct field query_fields[] = {
	FIELD_WORD(package_query, format, .words = formats, .fallback = "json"),
	FIELD_TEXT(package_query, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape package_query = SHAPE(package_query, query_fields);

/* ---- a page, whatever the data hold */

static void
add_text(struct buf *b, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			buf_add(b, "&lt;");
			break;
		case '>':
			buf_add(b, "&gt;");
			break;
		case '&':
			buf_add(b, "&amp;");
			break;
		case '"':
			buf_add(b, "&quot;");
			break;
		default:
			buf_addc(b, *text);
		}
}

static void add_value(struct cx *cx, struct buf *b, struct json j);

static void
add_object(struct cx *cx, struct buf *b, struct json j)
{
	struct jmember *list;
	const size_t n = jmembers(cx->mem, j, &list);

	buf_add(b, "<dl>");
	for (size_t i = 0; i < n; i++) {
		if (json_kind(list[i].value) == JSON_NULL)
			continue;
		buf_add(b, "<dt>");
		add_text(b, list[i].name);
		buf_add(b, "</dt><dd>");
		add_value(cx, b, list[i].value);
		buf_add(b, "</dd>");
	}
	buf_add(b, "</dl>");
}

static void
add_list(struct cx *cx, struct buf *b, struct json j)
{
	buf_add(b, "<ol>");
	for (size_t i = 0; i < jlen(j); i++) {
		buf_add(b, "<li>");
		add_value(cx, b, jitem(j, i));
		buf_add(b, "</li>");
	}
	buf_add(b, "</ol>");
}

static void
add_value(struct cx *cx, struct buf *b, struct json j)
{
	switch (json_kind(j)) {
	case JSON_OBJECT:
		add_object(cx, b, j);
		break;
	case JSON_LIST:
		add_list(cx, b, j);
		break;
	case JSON_TEXT:
		add_text(b, jtext_or(j, "", ""));
		break;
	default:
		add_text(b, jtext(cx->mem, j));
	}
}

static enum rc
send_page(struct cx *cx, struct reply *rp, const char *text)
{
	struct buf b = buf_new(cx->mem, REPLY_MAX_BYTES);
	struct json j;

	TRY(json_read(cx, slice_of(text), REPLY_MAX_BYTES, RC_BUG, &j));
	buf_add(&b, "<!doctype html><html lang=\"en\"><head>"
		    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
		    "content=\"width=device-width\"><title>What is kept of "
		    "a customer</title></head><body><h1>What is kept of a "
		    "customer</h1>");
	add_object(cx, &b, j);
	buf_add(&b, "</body></html>\n");
	if (buf_full(&b))
		return rc_fail(cx, RC_TOO_BIG,
		    "the page grows too large; "
		    "take format=json");
	return reply_bytes(rp, 200, "text/html; charset=utf-8", buf_slice(&b));
}

/* ---- */

static enum rc
open_package(
    struct cx *cx, const char *id, struct subject *subject, const char **out)
{
	const struct blob_place place = privacy_package_place(cx->shop_id, id);
	struct slice sealed;
	struct keys keys;

	TRY(privacy_package_load(cx, cx->shop_id, id, subject, &sealed));
	TRY(keys_load(cx, cx->shop_id, KEYS_AS_THEY_ARE, &keys));
	TRY(keys_subjects(cx, &keys, KEYS_AS_THEY_ARE, subject, 1));
	TRY(personal_open_one(cx, &keys, &place, sealed, *subject, out));
	if (!*out)
		return rc_fail(cx, RC_ABSENT, "the customer was forgotten");
	return RC_OK;
}

static enum rc
note_access(struct cx *cx, const struct req *rq, const struct subject *subject)
{
	const struct access a = {
		.who = caller_text(cx, rq),
		.through = "GET /api/privacy/:id/package",
		.what = "package",
		.subjects = subject,
		.n = 1,
	};

	return access_put(cx, &a);
}

enum rc
package_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct package_query *in = rq->query;
	const bool page = text_same(in->format, "html");
	struct subject subject;
	const char *text;
	struct shop shop;

	TRY(caller_shop(cx, rq, in->shop, &shop));
	if (!uuid_ok(rq->params[0]))
		return rc_fail(cx, RC_ABSENT, "no such request");
	TRY(open_package(cx, rq->params[0], &subject, &text));
	TRY(note_access(cx, rq, &subject));
	reply_header(rp, "Content-Disposition",
	    text_fmt(cx->mem, "attachment; filename=\"customer-data-%s.%s\"",
		rq->params[0], in->format));
	if (page)
		return send_page(cx, rp, text);
	return reply_bytes(rp, 200, "application/json", slice_of(text));
}
