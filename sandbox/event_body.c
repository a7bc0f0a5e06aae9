/* Bodies: written, numbered, cut down or blown up. */
#include <string.h>

#include "event_body.h"
#include "wire.h"

static enum rc
written(struct cx *cx, const struct event *e, struct slice *out)
{
	const struct payload_row *row = payload_find(e->topic);
	struct buf b = buf_new(cx->mem, EVENT_BODY_BYTES_MAX);
	struct jw w = jw_new(&b);
	const struct payload p = { .w = &w,
		.mem = cx->mem,
		.shop = e->shop,
		.personal = sandbox()->rules.approval == APPROVED_FULL };

	if (row == NULL)
		return rc_fail(cx, RC_ABSENT,
		    "the sandbox has no body for %s; give one as payload",
		    e->topic);
	jw_object(&w, NULL);
	row->write(&p, e->thing);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* {"id":1}, which is all that is left of a body that was too large. */
static struct slice
bare(struct cx *cx, const struct event *e, struct slice body)
{
	const struct thing *thing = e->thing;
	struct json j;
	int64_t id = thing != NULL ? thing->id : e->shop->thing.id;

	if (e->body.n > 0 &&
	    json_read(cx, body, EVENT_BODY_BYTES_MAX, RC_INPUT, &j) == RC_OK)
		id = jint_or(j, "id", id);
	return slice_of(text_fmt(cx->mem, "{\"id\":%lld}", (long long)id));
}

/* The object with one member more, in front. */
static struct slice
with(struct cx *cx, const char *member, struct slice body)
{
	struct buf b = buf_new(cx->mem, body.n + strlen(member) + 2);

	if (body.n < 2 || body.p[0] != '{')
		return body;
	buf_addc(&b, '{');
	buf_add(&b, member);
	buf_add(&b, body.p[1] == '}' ? "" : ",");
	buf_addn(&b, body.p + 1, body.n - 1);
	return buf_slice(&b);
}

/* So that the body has `bytes`; one that has them already stays. */
static struct slice
padded(struct cx *cx, int64_t bytes, struct slice body)
{
	static const char before[] = "\"sandbox_padding\":\"";
	const size_t more = sizeof(before) - 1 + 2; /* a quote, a comma */
	char *text;
	size_t n;

	if (body.n + more >= (size_t)bytes)
		return body;
	n = (size_t)bytes - body.n - more;
	text = arena_alloc(cx->mem, sizeof(before) + n + 1);
	memcpy(text, before, sizeof(before) - 1);
	memset(text + sizeof(before) - 1, 'x', n);
	text[sizeof(before) - 1 + n] = '"';
	return with(cx, text, body);
}

enum rc
event_body(struct cx *cx, const struct event *e, struct slice *out)
{
	const struct rules *rules = &sandbox()->rules;
	struct slice body = e->body;

	if (body.n == 0)
		TRY(written(cx, e, &body));
	if (rules->webhook_bare)
		body = bare(cx, e, body);
	if (e->number != 0)
		body = with(cx,
		    text_fmt(cx->mem, "\"sandbox_number\":%lld",
			(long long)e->number),
		    body);
	*out = padded(cx, rules->webhook_pad_bytes, wire_json(cx->mem, body));
	return RC_OK;
}
