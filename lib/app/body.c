/* A webhook's body: opened, read, and sealed anew by whose data it is. */
#include "app/body.h"
#include "app/sealing.h"
#include "base/log.h"

/* A tree costs 16 bytes a byte: of a larger body the small members are read,
 * which name its object. */
enum { TREE_MAX_BYTES = 4 << 20, MEMBER_MAX_BYTES = 64 << 10 };

static bool
is_of(const struct body *b, const char *type)
{
	return b->topic && b->topic->type && text_same(b->topic->type, type);
}

/* The customer it names, else the order's own, as in the order's row, else the
 * shop's. */
static struct subject
subject_of(const struct body *b)
{
	const int64_t object =
	    b->topic ? jint_or(b->payload, b->topic->path, 0) : 0;
	const int64_t customer = is_of(b, "customers")
				     ? object
				     : jint_or(b->payload, "customer.id", 0);

	if (customer > 0)
		return (struct subject){ 'c', customer };
	if (is_of(b, "orders") && object > 0)
		return (struct subject){ 'o', object };
	return (struct subject){ 's', b->of->shop_id };
}

static void
read_payload(struct cx *cx, struct body *b)
{
	struct slice text = b->text;
	size_t at;

	if (text.n > TREE_MAX_BYTES && json_gate(text, &at) == NULL)
		text = json_outline(cx->mem, text, MEMBER_MAX_BYTES);
	if (json_read(cx, text, TREE_MAX_BYTES, RC_INPUT, &b->payload) != RC_OK)
		b->payload.node = NULL;
	rc_forget(cx);
}

enum rc
body_open(struct cx *cx, const struct webhook *of, struct body *out)
{
	const struct blob_place place = webhook_place(of->id);

	*out = (struct body){ .of = of, .topic = topic_find(of->topic) };
	TRY(inbox_body_open(cx, &place, of->body, &out->text));
	read_payload(cx, out);
	out->subject = subject_of(out);
	return RC_OK;
}

enum rc
body_seal(struct cx *cx, const struct body *body, struct slice *out)
{
	const struct blob_place place = webhook_place(body->of->id);
	enum rc rc;

	*out = (struct slice){ NULL, 0 };
	if (body->of->shop_id == 0)
		return RC_OK;
	rc = sealing_seal(
	    cx, body->subject, &place, body->of->shop_id, body->text, out);
	return rc == RC_ABSENT ? RC_OK : rc;
}

/* ---- whose job ended for good */

static enum rc
seal_anew(struct cx *cx, const struct webhook *w, struct slice *out,
    struct subject *subject)
{
	struct body body;
	const enum rc rc = body_open(cx, w, &body);

	*out = (struct slice){ NULL, 0 };
	*subject = body.subject;
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	return body_seal(cx, &body, out);
}

enum rc
body_fail(struct cx *cx, const struct webhook *w, const char *why)
{
	struct subject subject;
	struct slice sealed;

	if (!w->in_inbox || seal_anew(cx, w, &sealed, &subject) != RC_OK) {
		rc_forget(cx);
		return webhook_fail(cx, w, why);
	}
	return webhook_note(cx, w, "failed", why, sealed, subject);
}

static enum rc
fail_late(struct cx *cx, const struct webhook *which)
{
	struct subject subject;
	struct slice sealed;
	struct webhook w;

	TRY(webhook_load(cx, which->shop_id, which->at, which->id, &w));
	TRY(seal_anew(cx, &w, &sealed, &subject));
	return webhook_note(cx, &w, "failed", w.reason, sealed, subject);
}

/* One that cannot be opened is said, and stands in no other's way. */
enum rc
body_fail_late(struct cx *cx, size_t *n)
{
	struct webhook *list;
	size_t i, most;

	*n = 0;
	TRY(webhook_failed(cx, &list, &most));
	for (i = 0; i < most; i++) {
		const struct arena_mark mark = arena_mark(cx->mem);

		if (fail_late(cx, &list[i]) == RC_OK)
			++*n;
		else
			log_fault(cx, "webhook.failed_late");
		rc_forget(cx);
		arena_back(cx->mem, mark);
	}
	return RC_OK;
}
