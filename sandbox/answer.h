/* One GraphQL request, from its text to the answer: no HTTP in here. */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include "bucket.h"
#include "run.h"

struct question {
	struct slice query;
	struct json variables; /* kind JSON_NULL: none */
	const char *operation; /* operationName, or NULL */
	const char *version;
	struct shop *shop;
	const struct app *app;
	struct bucket *bucket;
	int64_t now; /* epoch seconds */
	int64_t now_ms; /* steady */
	int64_t cost_max;
	int64_t page_objects_max;
};

enum outcome {
	ANSWER_DATA,
	ANSWER_PARTLY, /* data and errors */
	ANSWER_REFUSED, /* errors alone: syntax, schema, variables */
	ANSWER_TOO_DEAR, /* MAX_COST_EXCEEDED */
	ANSWER_THROTTLED
};

struct outcome_row {
	enum outcome outcome;
	const char *operation; /* the name of what ran, or NULL */
	int64_t asked;
	int64_t actual;
};

/*
 * Writes the answer's members (data, errors, extensions) into `w`, which is
 * inside an object. The bucket is charged. RC_INPUT is never given: what the
 * sender did wrong is in the answer.
 */
enum rc answer_write(struct cx *cx, const struct question *q, struct jw *w,
    struct outcome_row *out) MUST_USE;

/* THROTTLED, with the bucket as it is: also for the switch that asks for it. */
void answer_throttled(struct jw *w, const struct bucket *b, int64_t asked);
/* MAX_COST_EXCEEDED. */
void answer_too_dear(struct jw *w, int64_t asked, int64_t max);

#endif
