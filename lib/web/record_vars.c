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

/* Variables that we use, and headers: those of a request, and two of CGI's. */
static enum record_kind
kind_of(struct slice name)
{
	static const struct {
		struct slice name;
		enum record_kind kind;
	} known[] = {
#define KNOWN(text, kind) { { text, sizeof(text) - 1 }, kind }
		KNOWN("CONTENT_TYPE", RECORD_HEADER),
		KNOWN("CONTENT_LENGTH", RECORD_LENGTH),
		KNOWN("REQUEST_URI", RECORD_URI),
		KNOWN("REQUEST_METHOD", RECORD_SMALL),
		KNOWN("REMOTE_ADDR", RECORD_SMALL),
		KNOWN("REQUEST_SCHEME", RECORD_SMALL),
		KNOWN("HTTPS", RECORD_SMALL),
#undef KNOWN
	};

	if (name.n >= 5 && memcmp(name.p, "HTTP_", 5) == 0)
		return RECORD_HEADER;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_same(name, known[i].name))
			return known[i].kind;
	return RECORD_UNUSED;
}

/*
 * How far a variable may go in vars: its limit and one byte more, so that who
 * checks it later (guard.c) finds it too long.
 */
static size_t
most_of(const struct record_reader *r)
{
	switch (r->kind) {
	case RECORD_HEADER:
	case RECORD_LENGTH:
		return r->at + GUARD_HEADER_BYTES + 1 - r->header_bytes;
	case RECORD_URI:
		return r->rq.n_vars + GUARD_LINE_BYTES + 1;
	default:
		return r->rq.n_vars + SMALL_BYTES;
	}
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

/* Nothing was kept of one without a name. */
static void
name_end(struct record_reader *r)
{
	const size_t n = r->rq.n_vars - r->at;

	if (++r->n_pairs > PAIRS)
		over(r, 431);
	if (r->skip || n == 0)
		r->kind = RECORD_UNUSED;
	else
		r->kind = kind_of((struct slice){ r->rq.vars + r->at, n });
	r->skip = r->kind == RECORD_UNUSED;
	if (r->skip) {
		r->rq.n_vars = r->at;
		return;
	}
	vars_add(&r->rq, "=", 1);
	r->most = most_of(r);
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
	if (r->skip)
		return;
	if (r->kind == RECORD_HEADER || r->kind == RECORD_LENGTH) {
		r->header_bytes += r->rq.n_vars - r->at;
		if (r->header_bytes > GUARD_HEADER_BYTES ||
		    ++r->n_headers > GUARD_HEADERS)
			over(r, 431);
	}
	if (r->kind == RECORD_URI && r->rq.n_vars >= r->most)
		over(r, 414);
	if (r->kind == RECORD_LENGTH && r->length_at == 0)
		r->length_at = r->at + sizeof("CONTENT_LENGTH");
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

enum record_said
vars_end(struct record_reader *r)
{
	const char *said = r->length_at == 0 ? NULL : r->rq.vars + r->length_at;

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
