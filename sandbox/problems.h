/* The `errors` of an answer, gathered while it is made. */
#ifndef SANDBOX_PROBLEMS_H
#define SANDBOX_PROBLEMS_H

#include "base/json.h"
#include "lex.h"

/* One step of a path; `name` NULL: a list's item. Lives on the stack. */
struct crumb {
	const struct crumb *up;
	const char *name;
	size_t index;
};

struct problem {
	const char *message;
	struct place at; /* line 0: nowhere */
	const struct crumb *path; /* NULL: none is written */
	const char *code; /* NULL: no extensions */
	struct {
		const char *name;
		const char *text;
	} more[4]; /* further extensions, up to a NULL name */
	const char *raw_name; /* and two more that are JSON already */
	const char *raw;
	const char *raw2_name;
	const char *raw2;
};

enum { PROBLEMS_MAX = 1000 };

struct problems {
	struct buf text;
	struct jw w; /* inside the list */
	size_t n;
};

struct problems problems_new(struct cx *cx);
/* Past PROBLEMS_MAX nothing is added any more. */
void problems_add(struct problems *ps, const struct problem *p);
/* As the member "errors" of `w`; nothing when there is none. */
void problems_write(struct jw *w, struct problems *ps);

#endif
