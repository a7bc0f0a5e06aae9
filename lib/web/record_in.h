/* What the files of web/record share. */
#ifndef WEB_RECORD_IN_H
#define WEB_RECORD_IN_H

#include "web/record.h"

static inline struct slice
take_off(struct slice *from, size_t n)
{
	const struct slice s = { from->p, n < from->n ? n : from->n };

	*from = (struct slice){ from->p + s.n, from->n - s.n };
	return s;
}

/* The first reason stands. */
static inline void
over(struct record_reader *r, int status)
{
	if (r->rq.over == 0)
		r->rq.over = status;
}

/* ---- record_vars.c */

/* A request's variables begin; bytes of PARAMS (false: no FastCGI); their end:
 * RECORD_WHOLE when the request is refused already. */
void vars_begin(struct record_reader *r);
bool vars_take(struct record_reader *r, struct slice in);
enum record_said vars_end(struct record_reader *r);

/* Bytes of GET_VALUES. */
void asked_take(struct record_reader *r, struct slice in);

#endif
