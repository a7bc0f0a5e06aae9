/*
 * Any bytes to the record reader, in two pieces and at once: the same verdict,
 * the same request, within its bounds; and so on for what comes after it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "web/guard.h"
#include "web/record.h"

enum { MAX_BODY = 5000, BEFORE = 8, AFTER = 8, VARS_MAX = 40 << 10 };

static const struct record_limits limits = { MAX_BODY, BEFORE, AFTER };

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
look(const struct record_reader *r)
{
	const struct record_request *q = &r->rq;
	const char *var = q->vars;
	size_t headers = 0;

	assert(r->n_out <= sizeof(r->out));
	assert(q->n_body <= MAX_BODY && q->n_body <= q->room_body);
	assert(q->n_vars <= q->room_vars && q->n_vars <= VARS_MAX);
	assert(record_held(r) <= VARS_MAX + MAX_BODY + BEFORE + AFTER);
	for (size_t i = 0; i < q->count; i++) {
		assert(strchr(var, '=') != NULL);
		headers += text_starts(var, "HTTP_");
		var += strlen(var) + 1;
	}
	assert(var == q->vars || var <= q->vars + q->n_vars);
	assert(headers <= GUARD_HEADERS + 1);
	if (q->body != NULL) {
		memset(q->body - BEFORE, 0, BEFORE);
		memset(q->body + q->n_body, 0, AFTER);
	}
}

static enum record_said
take(struct record_reader *r, struct slice *bytes)
{
	const size_t had = bytes->n;
	const enum record_said said = record_take(r, bytes);

	assert(said != RECORD_MORE || bytes->n == 0);
	assert(had == 0 || bytes->n < had || said == RECORD_MORE);
	r->n_out = said == RECORD_WRONG ? r->n_out : 0; /* it was sent */
	return said;
}

static void
same(const struct record_reader *a, const struct record_reader *b)
{
	assert(a->rq.id == b->rq.id && a->rq.keep == b->rq.keep);
	assert(a->rq.over == b->rq.over && a->rq.said == b->rq.said);
	assert(a->rq.n_vars == b->rq.n_vars && a->rq.count == b->rq.count);
	assert(a->rq.n_vars == 0 ||
	       memcmp(a->rq.vars, b->rq.vars, a->rq.n_vars) == 0);
}

/* Until the bytes end, or the connection would. */
static void
run(struct slice all, size_t cut)
{
	struct record_reader a = { .limits = &limits };
	struct record_reader b = { .limits = &limits };
	enum record_said said = RECORD_MORE;

	while (all.n > 0 && said != RECORD_WRONG) {
		struct slice whole = all;
		struct slice part = { all.p, cut < all.n ? cut : all.n };
		enum record_said too = take(&b, &part);
		size_t left = all.n - (cut < all.n ? cut : all.n) + part.n;

		said = take(&a, &whole);
		if (too == RECORD_MORE) {
			part = (struct slice){ all.p + all.n - left, left };
			too = take(&b, &part);
			left = part.n;
		}
		/* Questions are answered sooner in pieces. */
		if (said == RECORD_WRONG || too == RECORD_WRONG)
			break;
		assert(said == too);
		look(&a);
		/* A body too long is seen piece by piece. */
		if (said != RECORD_MORE && a.rq.over != 413) {
			assert(left == whole.n);
			same(&a, &b);
		}
		if (a.rq.over != 0)
			break;
		if (said != RECORD_MORE) {
			record_next(&a);
			record_next(&b);
		}
		all = whole;
	}
	record_next(&a);
	record_next(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const size_t cut = n > 1 ? (size_t)(p[0] << 8 | p[1]) % n + 1 : 1;

	if (n >= 2)
		run((struct slice){ (const char *)p + 2, n - 2 }, cut);
	return 0;
}
