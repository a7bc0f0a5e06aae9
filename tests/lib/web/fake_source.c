/* A request out of a test's hand, and the answer into it. */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "lib/web/fake_source.h"
#include "test.h"
#include "web/call.h"

static ssize_t
take(struct source *src, char *p, size_t n)
{
	struct fake *f = (struct fake *)src;

	if (n > f->body.n)
		n = f->body.n;
	if (n == 0)
		return f->read_fails;
	memcpy(p, f->body.p, n);
	f->body = (struct slice){ f->body.p + n, f->body.n - n };
	return (ssize_t)n;
}

static bool
keep(struct source *src, struct slice bytes)
{
	struct fake *f = (struct fake *)src;

	f->answer = realloc(f->answer, f->n_answer + bytes.n + 1);
	ATF_REQUIRE(f->answer != NULL);
	memcpy(f->answer + f->n_answer, bytes.p, bytes.n);
	f->n_answer += bytes.n;
	f->answer[f->n_answer] = '\0';
	return true;
}

/* Not in the arena: a call empties it first. */
static void
end(void *thing)
{
	struct fake *f = thing;

	while (f->n > 0)
		free(f->params[--f->n]);
	free(f->answer);
	free(f);
}

static struct arena *
lasting(void)
{
	static struct arena *mem;

	return mem == NULL ? mem = arena_new() : mem;
}

struct fake *
fake_new(const char *method, const char *uri)
{
	struct fake *f = calloc(1, sizeof(*f));

	ATF_REQUIRE(f != NULL);
	f->source = (struct source){ f->params, take, keep };
	arena_tie(lasting(), f, end);
	fake_param(f, text_fmt(lasting(), "REQUEST_METHOD=%s", method));
	fake_param(f, text_fmt(lasting(), "REQUEST_URI=%s", uri));
	fake_param(f, "REMOTE_ADDR=192.0.2.1");
	fake_param(f, "HTTP_HOST=app.test");
	return f;
}

void
fake_param(struct fake *f, const char *param)
{
	ATF_REQUIRE(f->n < FAKE_PARAMS);
	f->params[f->n] = strdup(param);
	ATF_REQUIRE(f->params[f->n++] != NULL);
}

void
fake_body(struct fake *f, const char *json)
{
	f->body = slice_of(json);
	fake_param(f, "CONTENT_TYPE=application/json");
	fake_param(f, text_fmt(lasting(), "CONTENT_LENGTH=%zu", strlen(json)));
}

const char *
fake_ask(struct fake *f, const struct program *program)
{
	log_open(LOG_ERR, 2);
	call_answer(test_cx(), program, &f->source);
	ATF_REQUIRE(f->answer != NULL);
	return f->answer;
}

int
fake_status(const char *answer)
{
	return text_starts(answer, "Status: ")
		   ? (int)strtol(answer + 8, NULL, 10)
		   : 0;
}

const char *
fake_header(const char *answer, const char *name)
{
	struct slice rest = slice_of(answer), line;
	const char *head = text_fmt(lasting(), "%s: ", name);

	while (text_next(&rest, '\n', &line) && line.n > 1)
		if (line.n > strlen(head) &&
		    strncmp(line.p, head, strlen(head)) == 0)
			return text_of(
			    lasting(), (struct slice){ line.p + strlen(head),
					   line.n - strlen(head) - 1 });
	return NULL;
}

const char *
fake_text(const char *answer)
{
	const char *blank = strstr(answer, "\r\n\r\n");

	return blank == NULL ? NULL : blank + 4;
}

struct json
fake_json(const char *answer)
{
	return test_json(slice_of(fake_text(answer)));
}
