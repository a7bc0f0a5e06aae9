/* A program that says back what it was given: tests talk to serve through it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/serve.h"

/* ---- shapes */

static const char *const colours[] = { "red", "green", "blue", NULL };

struct thing {
	const char *label;
	int64_t days;
	bool loud;
	int64_t since;
	const char *colour;
	struct words colours;
	struct words tags;
	const struct place *place;
	struct json extra;
};

struct place {
	const char *city;
};

static const struct field place_fields[] = {
	FIELD_TEXT(place, city, .need = true, .max = 20),
	FIELD_END,
};
static const struct shape place = SHAPE(place, place_fields);

static const struct field thing_fields[] = {
	FIELD_TEXT(thing, label, .need = true, .max = 80,
	    .note = "What it is called."),
	FIELD_INT(thing, days, .min = 0, .max = 3650, .fallback = "30"),
	FIELD_BOOL(thing, loud, .fallback = "false"),
	FIELD_TIME(thing, since),
	FIELD_WORD(thing, colour, .words = colours, .fallback = "green"),
	FIELD_WORDS(thing, colours, .words = colours, .max = 3),
	FIELD_TEXTS(thing, tags, .max = 2),
	FIELD_OBJECT(thing, place, &place),
	FIELD_ANY(thing, extra),
	FIELD_END,
};
static const struct shape thing = SHAPE(thing, thing_fields);

struct page {
	int64_t limit;
	const char *after;
	struct words colours;
};

static const struct field page_fields[] = {
	FIELD_INT(page, limit, .min = 1, .max = 250, .fallback = "50",
	    .note = "Most items."),
	FIELD_TEXT(page, after, .max = 200),
	FIELD_WORDS(page, colours, .words = colours, .max = 3),
	FIELD_END,
};
static const struct shape page = SHAPE(page, page_fields);

static const struct field said_fields[] = {
	R_TEXT("label"),
	R_INT("days"),
	FIELD_END,
};
static const struct shape said = REPLY_SHAPE("said", said_fields);

/* ---- handlers */

static void
put_words(struct jw *w, const char *name, struct words words)
{
	jw_list(w, name);
	for (size_t i = 0; i < words.n; i++)
		jw_text(w, NULL, words.list[i]);
	jw_close(w);
}

static enum rc
hello(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	jw_text(w, "path", rq->path);
	jw_text(w, "id", rq->params[0]);
	jw_text(w, "address", rq->address);
	jw_bool(w, "https", rq->https);
	jw_text(w, "trace", cx->trace);
	jw_text(w, "agent", req_header(rq, "User-Agent"));
	jw_text(w, "cookie", req_cookie(cx, rq, "taste"));
	jw_text(w, "bearer", req_bearer(rq));
	return reply_end(rp);
}

static enum rc
list(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct page *in = rq->query;
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	jw_int(w, "limit", in->limit);
	jw_text(w, "after", in->after);
	put_words(w, "colours", in->colours);
	return reply_end(rp);
}

static enum rc
make(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const struct thing *in = rq->body;
	struct jw *w = reply_json(rp, 201);

	(void)cx;
	jw_text(w, "label", in->label);
	jw_int(w, "days", in->days);
	jw_bool(w, "loud", in->loud);
	jw_int(w, "since", in->since);
	jw_text(w, "colour", in->colour);
	put_words(w, "colours", in->colours);
	put_words(w, "tags", in->tags);
	jw_text(w, "city", in->place ? in->place->city : NULL);
	jw_json(w, "extra", in->extra);
	return reply_end(rp);
}

static enum rc
raw(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	return reply_bytes(rp, 200, "text/plain; charset=utf-8", rq->raw_body);
}

static enum rc
query(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	jw_textn(w, "raw", rq->raw_query);
	for (size_t i = 0; i < rq->query_pairs.n; i++)
		jw_text(w, rq->query_pairs.items[i].name,
		    rq->query_pairs.items[i].value);
	return reply_end(rp);
}

static enum rc
gone(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)rq;
	reply_cookie(cx, rp, "taste", "", 0);
	return reply_empty(rp, 204);
}

/* POST /fail/:code fails by the code's number, after half a reply. */
static enum rc
fail(struct cx *cx, const struct req *rq, struct reply *rp)
{
	int64_t code;

	jw_text(reply_json(rp, 200), "half", "a reply");
	reply_header(rp, "Location", "/nowhere");
	if (!text_int(rq->params[0], 1, RC_COUNT - 1, &code))
		return rc_fail(cx, RC_ABSENT, "no code of ours");
	cx->retry_after_ms = 1500;
	return rc_fail(cx, (enum rc)code, "select secret from keys");
}

static enum rc
die(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	(void)rq;
	(void)rp;
	_exit(9);
}

static enum rc
who_handled(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	jw_int(w, "by", rq->who.by);
	return reply_end(rp);
}

static enum rc
pid(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	(void)rq;
	jw_int(w, "pid", getpid());
	return reply_end(rp);
}

static enum rc
large(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct buf b = buf_new(cx->mem, REPLY_MAX_BYTES);

	(void)rq;
	while (b.n < 1000000)
		buf_add(&b, "0123456789");
	return reply_bytes(rp, 200, "text/plain; charset=utf-8", buf_slice(&b));
}

/* ---- doors: "key" is a shop's key, the cookie "session" a shop's session */

static enum rc
who(struct cx *cx, const struct route *route, struct req *rq)
{
	const char *key = req_bearer(rq);

	(void)route;
	if (key != NULL && text_same(key, "key"))
		rq->who.by = BY_SHOP_KEY;
	else if (req_cookie(cx, rq, "session") != NULL)
		rq->who.by = BY_SHOP_SESSION;
	else
		return rc_fail(cx, RC_AUTH, "no key and no session");
	return RC_OK;
}

/* The caller says itself when it has had enough. */
static enum rc
limit(struct cx *cx, const struct route *route, const struct req *rq,
    struct reply *rp)
{
	(void)route;
	reply_header(rp,
	    rq->who.by == 0 ? "RateLimit-Address" : "RateLimit-Caller", "1");
	if (req_header(rq, "X-Enough") == NULL)
		return RC_OK;
	cx->retry_after_ms = 200;
	return rc_fail(cx, RC_LIMITED, "enough");
}

static const struct doors doors = { .who = who, .limit = limit };

/* clang-format off */
static const struct route routes[] = {
	{ GET,    "/hello",       BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "Say hello.", hello },
	{ GET,    "/hello/:id",   BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "Say hello to one.", hello },
	{ GET,    "/hello/all",   BY_ANYONE, NULL, PER_NOBODY, &page, NULL, NULL, 200, "List.", list },
	{ POST,   "/things",      BY_ANYONE, NULL, PER_NOBODY, NULL, &thing, &said, 201, "Make a thing.", make },
	{ GET,    "/things",      BY_ANYONE, NULL, PER_NOBODY, &page, NULL, NULL, 200, "List things.", list },
	{ DELETE, "/things/:id",  BY_SHOP,   "things:write", PER_ADDRESS | PER_CALLER, NULL, NULL, NULL, 204, "Drop a thing.", gone },
	{ POST,   "/raw",         BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 200, "Say the body again.", raw },
	{ GET,    "/query",       BY_ANYONE, NULL, PER_NOBODY, &any_query, NULL, NULL, 200, "Say the query again.", query },
	{ POST,   "/fail/:code",  BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "Fail.", fail },
	{ GET,    "/die",         BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "End the process.", die },
	{ GET,    "/who",         BY_SHOP,   NULL, PER_ADDRESS | PER_CALLER, NULL, NULL, NULL, 200, "Who am I?", who_handled },
	{ POST,   "/who",         BY_SHOP,   NULL, PER_CALLER, NULL, NULL, NULL, 200, "Who am I?", who_handled },
	{ GET,    "/pid",         BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "Which process?", pid },
	{ GET,    "/large",       BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200, "A megabyte.", large },
	{ 0 }
};
/* clang-format on */

int
main(int argc, char **argv)
{
	const struct program program = { "echo", routes, &doors };

	return serve(argc, argv, &program);
}
