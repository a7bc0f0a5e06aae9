/* A request out of a test's hand, and the answer into it. */
#ifndef TEST_FAKE_SOURCE_H
#define TEST_FAKE_SOURCE_H

#include "web/serve.h"
#include "web/source.h"

enum { FAKE_PARAMS = 300 };

struct fake {
	struct source source; /* first: the adapter's face */
	char *params[FAKE_PARAMS + 1];
	size_t n;
	struct slice body; /* what is left of it */
	int read_fails; /* READ_..., once the body is at its end */
	char *answer;
	size_t n_answer;
};

/* A request with REQUEST_METHOD, REQUEST_URI, REMOTE_ADDR and a Host. */
struct fake *fake_new(const char *method, const char *uri);
/* "HTTP_ORIGIN=https://app.test": one more variable. */
void fake_param(struct fake *f, const char *param);
/* The body with its Content-Length, as application/json. */
void fake_body(struct fake *f, const char *json);

/* Its answer to `program`, head and body. */
const char *fake_ask(struct fake *f, const struct program *program);

/* Parts of an answer: 0 or NULL when it is not there. */
int fake_status(const char *answer);
const char *fake_header(const char *answer, const char *name);
const char *fake_text(const char *answer); /* the body */
struct json fake_json(const char *answer);

#endif
