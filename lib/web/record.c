/*
 * Records as they come, cut anywhere, whatever they say of themselves. What is
 * kept of a request is bounded while it is read (SEC-26); what breaks the
 * protocol ends the connection and nothing else (security.md D12).
 */
#include "web/record_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	BODY_STEP = 16 << 10,
	BODY_STEP_MAX = 1 << 20,
	RESPONDER = 1,
	KEEP_CONN = 1
};

/* ---- what we say */

static bool
say(struct record_reader *r, const void *record, size_t n)
{
	if (n > sizeof(r->out) - r->n_out)
		return false; /* it asks and does not listen */
	memcpy(r->out + r->n_out, record, n);
	r->n_out += n;
	return true;
}

static bool
say_end(struct record_reader *r, int id, enum record_end how)
{
	unsigned char end[RECORD_END_BYTES];

	record_end(end, id, how);
	return say(r, end, sizeof(end));
}

static bool
say_unknown(struct record_reader *r, int type)
{
	unsigned char record[2 * RECORD_HEADER_BYTES] = { 0 };

	record_header(record, RECORD_UNKNOWN_TYPE, 0, 8, 0);
	record[RECORD_HEADER_BYTES] = (unsigned char)type;
	return say(r, record, sizeof(record));
}

static bool
say_values(struct record_reader *r)
{
	unsigned char record[RECORD_OUT_BYTES];

	return say(r, record, record_values(record, r->values));
}

/* ---- STDIN */

/* A length that lies gets no more memory than bytes come. */
static void
body_grow(struct record_reader *r, size_t n)
{
	struct record_request *q = &r->rq;
	const struct record_limits *l = r->limits;
	const size_t need = q->n_body + n;
	size_t room = q->room_body == 0 ? BODY_STEP : q->room_body * 2;

	if (need <= q->room_body)
		return;
	if (room > q->room_body + BODY_STEP_MAX)
		room = q->room_body + BODY_STEP_MAX;
	if (q->said >= 0 && room > (size_t)q->said)
		room = (size_t)q->said;
	if (room < need)
		room = need;
	q->body = (q->body == NULL ? (char *)NULL : q->body - l->before);
	q->body =
	    (char *)mem_grow(q->body, l->before + room + l->after) + l->before;
	q->room_body = room;
}

/* More than was said is not read, as a CGI program would not (RFC 3875 4.2). */
static enum record_said
stdin_take(struct record_reader *r, struct slice in)
{
	struct record_request *q = &r->rq;

	if (q->said >= 0 && in.n > (size_t)q->said - q->n_body)
		in.n = (size_t)q->said - q->n_body;
	if (in.n > r->limits->max_body - q->n_body) {
		over(r, 413);
		r->stage = RECORD_DONE;
		return RECORD_WHOLE;
	}
	if (in.n == 0)
		return RECORD_MORE;
	body_grow(r, in.n);
	memcpy(q->body + q->n_body, in.p, in.n);
	q->n_body += in.n;
	return RECORD_MORE;
}

/* ---- records */

static int
type_of(const struct record_reader *r)
{
	return r->head[1];
}

static int
id_of(const struct record_reader *r)
{
	return r->head[2] << 8 | r->head[3];
}

static bool
begin_refuse(struct record_reader *r)
{
	if (r->begin[0] != 0 || r->begin[1] != RESPONDER)
		return say_end(r, id_of(r), RECORD_ROLE);
	return say_end(r, id_of(r), RECORD_CANT_MPX);
}

static enum record_said
begin_end(struct record_reader *r)
{
	const bool other = r->begin[0] != 0 || r->begin[1] != RESPONDER;

	r->begun = true;
	if (r->stage != RECORD_IDLE && id_of(r) == r->rq.id)
		return RECORD_WRONG;
	if (other || r->stage != RECORD_IDLE)
		return begin_refuse(r) ? RECORD_MORE : RECORD_WRONG;
	r->rq.id = id_of(r);
	r->rq.keep = (r->begin[2] & KEEP_CONN) != 0;
	r->stage = RECORD_HEAD;
	vars_begin(r);
	return RECORD_MORE;
}

/* Its header is there. False when it cannot be what it says. */
static bool
record_begin(struct record_reader *r)
{
	const bool ours = r->stage != RECORD_IDLE && id_of(r) == r->rq.id;

	r->content = (size_t)(r->head[4] << 8 | r->head[5]);
	r->padding = r->head[6];
	if (r->head[0] != 1)
		return false;
	if (id_of(r) == 0) {
		r->asked = (struct record_pair){ 0 };
		r->n_name = 0;
		r->values = 0;
		return true;
	}
	if (type_of(r) == RECORD_BEGIN_REQUEST)
		return r->content == sizeof(r->begin);
	if (!r->begun ||
	    (ours && type_of(r) == RECORD_PARAMS && r->stage != RECORD_HEAD))
		return false;
	return !ours || type_of(r) != RECORD_STDIN || r->stage == RECORD_BODY;
}

/* Some of a record's content, never none. */
static enum record_said
content_take(struct record_reader *r, struct slice in)
{
	if (id_of(r) == 0) {
		if (type_of(r) == RECORD_GET_VALUES)
			asked_take(r, in);
		return RECORD_MORE;
	}
	if (type_of(r) == RECORD_BEGIN_REQUEST) {
		memcpy(r->begin + sizeof(r->begin) - r->content, in.p, in.n);
		return RECORD_MORE;
	}
	if (r->stage == RECORD_IDLE || id_of(r) != r->rq.id)
		return RECORD_MORE; /* of none that is active [3.3] */
	if (type_of(r) == RECORD_PARAMS)
		return vars_take(r, in) ? RECORD_MORE : RECORD_WRONG;
	return type_of(r) == RECORD_STDIN ? stdin_take(r, in) : RECORD_MORE;
}

static enum record_said
management_end(struct record_reader *r)
{
	const bool said = type_of(r) == RECORD_GET_VALUES
			      ? say_values(r)
			      : say_unknown(r, type_of(r));

	return said ? RECORD_MORE : RECORD_WRONG;
}

static enum record_said
abort_end(struct record_reader *r)
{
	if (!say_end(r, r->rq.id, RECORD_COMPLETE))
		return RECORD_WRONG;
	r->stage = RECORD_DONE;
	return RECORD_ABORTED;
}

static enum record_said
stream_end(struct record_reader *r)
{
	if (type_of(r) == RECORD_PARAMS)
		return vars_end(r);
	r->stage = RECORD_DONE;
	return RECORD_WHOLE;
}

/* All of it has come, `empty` when it had no content. */
static enum record_said
record_whole(struct record_reader *r, bool empty)
{
	if (id_of(r) == 0)
		return management_end(r);
	if (type_of(r) == RECORD_BEGIN_REQUEST)
		return begin_end(r);
	if (r->stage == RECORD_IDLE || id_of(r) != r->rq.id)
		return RECORD_MORE;
	if (type_of(r) == RECORD_ABORT_REQUEST)
		return abort_end(r);
	if (empty &&
	    (type_of(r) == RECORD_PARAMS || type_of(r) == RECORD_STDIN))
		return stream_end(r);
	return RECORD_MORE;
}

static enum record_said
header_take(struct record_reader *r, struct slice *in)
{
	const struct slice part = take_off(in, sizeof(r->head) - r->n_head);

	memcpy(r->head + r->n_head, part.p, part.n);
	r->n_head += part.n;
	if (r->n_head < sizeof(r->head))
		return RECORD_MORE;
	return record_begin(r) ? RECORD_MORE : RECORD_WRONG;
}

/* The next step of one record; at its end n_head is 0 again. */
static enum record_said
step(struct record_reader *r, struct slice *in)
{
	struct slice part;
	enum record_said said = RECORD_MORE;

	if (r->n_head < sizeof(r->head))
		said = header_take(r, in);
	if (said != RECORD_MORE || r->n_head < sizeof(r->head))
		return said;
	part = take_off(in, r->content);
	if (part.n > 0)
		said = content_take(r, part);
	r->content -= part.n;
	if (said != RECORD_MORE || r->content > 0)
		return said;
	r->padding -= take_off(in, r->padding).n;
	if (r->padding > 0)
		return said;
	r->n_head = 0;
	return record_whole(r, r->head[4] == 0 && r->head[5] == 0);
}

enum record_said
record_take(struct record_reader *r, struct slice *bytes)
{
	enum record_said said = RECORD_MORE;

	while (bytes->n > 0 && said == RECORD_MORE)
		said = step(r, bytes);
	return said;
}

void
record_next(struct record_reader *r)
{
	struct record_reader fresh = { .limits = r->limits, .begun = true };

	free(r->rq.vars);
	if (r->rq.body != NULL)
		free(r->rq.body - r->limits->before);
	memcpy(fresh.head, r->head, sizeof(fresh.head));
	fresh.n_head = r->n_head;
	fresh.content = r->content;
	fresh.padding = r->padding;
	memcpy(fresh.out, r->out, r->n_out);
	fresh.n_out = r->n_out;
	*r = fresh;
}

size_t
record_held(const struct record_reader *r)
{
	const struct record_request *q = &r->rq;

	return q->room_vars +
	       (q->body == NULL
		       ? 0
		       : r->limits->before + q->room_body + r->limits->after);
}
