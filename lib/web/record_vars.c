/*
 * Name-value pairs, which records may cut anywhere [3.4]: of PARAMS those that
 * we use are kept, within bounds; of GET_VALUES the names.
 */
#include "web/record_in.h"

#include <string.h>

#include "base/mem.h"
#include "web/guard.h"

enum {
	PARAMS_BYTES = 256 << 10, /* a query of 60,000 bytes comes thrice */
	PAIRS = 400,
	NAME_BYTES = 256,
	SMALL_BYTES = 128, /* of a variable that is neither header nor URI */
	VARS_STEP = 2 << 10
};

/* ---- one pair */

enum piece {
	PIECE_NONE, /* more bytes are needed */
	PIECE_NAME, /* bytes of a name */
	PIECE_NAMED, /* it is whole */
	PIECE_VALUE,
	PIECE_END, /* the pair is whole */
	PIECE_WRONG /* a length past all bounds */
};

/* One byte of a length: one for up to 127, else four. */
static void
length_byte(struct record_pair *p, unsigned int byte)
{
	uint32_t *length = &p->length[p->part];

	if (p->more > 0) {
		*length = *length << 8 | byte;
		p->more--;
	} else if (byte >= 0x80) {
		*length = byte & 0x7f;
		p->more = 3;
	} else {
		*length = byte;
	}
	if (p->more == 0)
		p->part++;
}

static enum piece
piece_next(struct record_pair *p, struct slice *in, struct slice *bytes)
{
	uint32_t *left;

	while (p->part < 2 && in->n > 0)
		length_byte(p, (unsigned char)*take_off(in, 1).p);
	if (p->part < 2)
		return PIECE_NONE;
	if (p->length[0] > PARAMS_BYTES || p->length[1] > PARAMS_BYTES)
		return PIECE_WRONG;
	left = &p->length[p->part - 2];
	if (*left > 0) {
		*bytes = take_off(in, *left);
		*left -= (uint32_t)bytes->n;
		if (bytes->n == 0)
			return PIECE_NONE;
		return p->part == 2 ? PIECE_NAME : PIECE_VALUE;
	}
	if (p->part++ == 2)
		return PIECE_NAMED;
	*p = (struct record_pair){ 0 };
	return PIECE_END;
}

/* ---- PARAMS: the variables that we use */

static void
vars_add(struct record_request *q, const void *p, size_t n)
{
	if (n > q->room_vars - q->n_vars) {
		q->room_vars =
		    (q->n_vars + n + VARS_STEP) / VARS_STEP * VARS_STEP;
		q->vars = mem_grow(q->vars, q->room_vars);
	}
	memcpy(q->vars + q->n_vars, p, n);
	q->n_vars += n;
}

static bool
is_name(const char *name, const char *known)
{
	const size_t n = strlen(known);

	return strncmp(name, known, n) == 0 && name[n] == '=';
}

static bool
is_small(const char *name)
{
	static const char *const known[] = { "REQUEST_METHOD=", "REMOTE_ADDR=",
		"REQUEST_SCHEME=", "HTTPS=", NULL };

	for (const char *const *k = known; *k != NULL; k++)
		if (text_starts(name, *k))
			return true;
	return false;
}

static bool
is_header(const char *name)
{
	return text_starts(name, "HTTP_") || is_name(name, "CONTENT_TYPE") ||
	       is_name(name, "CONTENT_LENGTH");
}

/*
 * How far a variable may go in vars: its limit and one byte more, so that who
 * checks it later (guard.c) finds it too long. 0: none of ours.
 */
static size_t
most_of(struct record_reader *r)
{
	const char *name = r->rq.vars + r->at;

	if (is_header(name)) {
		r->n_headers++;
		return r->at + GUARD_HEADER_BYTES + 1 - r->header_bytes;
	}
	if (is_name(name, "REQUEST_URI"))
		return r->rq.n_vars + GUARD_LINE_BYTES + 1;
	return is_small(name) ? r->rq.n_vars + SMALL_BYTES : 0;
}

static bool
name_piece(struct record_reader *r, struct slice bytes)
{
	if (memchr(bytes.p, '\0', bytes.n) != NULL ||
	    memchr(bytes.p, '=', bytes.n) != NULL)
		return false;
	if (r->skip)
		return true;
	if (r->rq.n_vars - r->at + bytes.n > NAME_BYTES) {
		over(r, 431);
		r->skip = true;
		return true;
	}
	vars_add(&r->rq, bytes.p, bytes.n);
	return true;
}

static void
name_end(struct record_reader *r)
{
	if (++r->n_pairs > PAIRS)
		over(r, 431);
	if (!r->skip) {
		vars_add(&r->rq, "=", 2); /* and an end, for comparing */
		r->rq.n_vars--;
		r->most = most_of(r);
		r->skip = r->most == 0;
	}
	if (r->skip)
		r->rq.n_vars = r->at;
}

static bool
value_piece(struct record_reader *r, struct slice bytes)
{
	const size_t room = r->most > r->rq.n_vars ? r->most - r->rq.n_vars : 0;

	if (r->skip)
		return true;
	if (memchr(bytes.p, '\0', bytes.n) != NULL)
		return false;
	vars_add(&r->rq, bytes.p, bytes.n < room ? bytes.n : room);
	return true;
}

/* What is kept of one that went too far is too long for guard.c, too. */
static void
value_end(struct record_reader *r)
{
	const char *var = r->rq.vars + r->at;

	if (r->skip)
		return;
	if (is_header(var)) {
		r->header_bytes += r->rq.n_vars - r->at;
		if (r->header_bytes > GUARD_HEADER_BYTES ||
		    r->n_headers > GUARD_HEADERS)
			over(r, 431);
	} else if (is_name(var, "REQUEST_URI") && r->rq.n_vars >= r->most) {
		over(r, 414);
	}
	vars_add(&r->rq, "", 1);
	r->rq.count++;
}

void
vars_begin(struct record_reader *r)
{
	r->at = r->rq.n_vars;
	r->skip = r->rq.over == 431;
}

static bool
vars_piece(struct record_reader *r, enum piece what, struct slice bytes)
{
	switch (what) {
	case PIECE_NAME:
		return name_piece(r, bytes);
	case PIECE_NAMED:
		name_end(r);
		return true;
	case PIECE_VALUE:
		return value_piece(r, bytes);
	case PIECE_END:
		value_end(r);
		vars_begin(r);
		return true;
	default:
		return false;
	}
}

bool
vars_take(struct record_reader *r, struct slice in)
{
	struct slice bytes = { NULL, 0 };
	enum piece what;

	r->n_params += in.n;
	if (r->n_params > PARAMS_BYTES)
		return false;
	while ((what = piece_next(&r->pair, &in, &bytes)) != PIECE_NONE)
		if (!vars_piece(r, what, bytes))
			return false;
	return true;
}

static const char *
length_said(const struct record_request *q)
{
	const char *var = q->vars;

	for (size_t i = 0; i < q->count; i++, var += strlen(var) + 1)
		if (is_name(var, "CONTENT_LENGTH"))
			return strchr(var, '=') + 1;
	return NULL;
}

enum record_said
vars_end(struct record_reader *r)
{
	const char *said = length_said(&r->rq);

	if (r->pair.part != 0 || r->pair.more != 0)
		return RECORD_WRONG;
	r->rq.n_vars = r->at;
	if (said == NULL || !text_int(said, 0, INT64_MAX, &r->rq.said))
		r->rq.said = -1;
	if (r->rq.said > (int64_t)r->limits->max_body)
		over(r, 413);
	r->stage = r->rq.over != 0 ? RECORD_DONE : RECORD_BODY;
	return r->rq.over != 0 ? RECORD_WHOLE : RECORD_MORE;
}

/* ---- GET_VALUES */

void
asked_take(struct record_reader *r, struct slice in)
{
	struct slice bytes = { NULL, 0 };
	enum piece what;

	while ((what = piece_next(&r->asked, &in, &bytes)) != PIECE_NONE) {
		if (what == PIECE_WRONG)
			return;
		if (what == PIECE_END)
			r->n_name = 0;
		if (what == PIECE_NAMED)
			r->values |= record_value(
			    (struct slice){ (char *)r->name, r->n_name });
		for (size_t i = 0; what == PIECE_NAME && i < bytes.n; i++)
			if (r->n_name < sizeof(r->name))
				r->name[r->n_name++] =
				    (unsigned char)bytes.p[i];
	}
}
