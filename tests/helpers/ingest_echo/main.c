/*
 * A program of the ingest shape that keeps to a file: a line for each request
 * with its delivery and its body's length, synced before keep says so. Tests
 * talk to the shape through it. What it is to do stands in the headers:
 *	X-Shopify-Name		the delivery: its key, and the line
 *	X-Shopify-Hmac-Sha256	"good", or it is refused
 *	X-Do			"drop": answered at once; "fail": keep refuses
 *it and for all in files of the folder KEEP: "down" (the database is unwell),
 * "slow" (keep does not end, and "checked" grows a byte for each check).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/wait.h"
#include "web/guard.h"
#include "web/ingest.h"
#include "web/serve.h"

struct seen {
	const char *delivery;
	bool fails;
};

static int kept_fd = -1;
static unsigned int ticks;

static const char *
folder(void)
{
	const char *keep = getenv("KEEP");

	return keep == NULL ? "." : keep;
}

static bool
is_there(struct cx *cx, const char *name)
{
	return access(text_fmt(cx->mem, "%s/%s", folder(), name), F_OK) == 0;
}

static enum rc
start(struct cx *cx)
{
	kept_fd = open(text_fmt(cx->mem, "%s/kept", folder()),
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (kept_fd < 0)
		return rc_fail(cx, RC_BUSY, "kept: %s", strerror(errno));
	return RC_OK;
}

/* Sealed, so to speak: each byte of the body is turned over where it lies. */
static void
turn_over(struct ingest_item *item)
{
	for (size_t i = 0; i < item->n_body; i++)
		item->body[i] = (char)~item->body[i];
	memset(item->body - INGEST_BEFORE, 'b', INGEST_BEFORE);
	memset(item->body + item->n_body, 'a', INGEST_AFTER);
}

/* So that a test knows what has come so far. */
static void
mark_checked(struct cx *cx)
{
	const int fd = open(text_fmt(cx->mem, "%s/checked", folder()),
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	if (write(fd, "x", 1) < 0)
		(void)unlink("checked");
	(void)close(fd);
}

static void
be_slow(struct cx *cx)
{
	while (is_there(cx, "slow"))
		if (wait_until(cx, clock_ms() + 5) != RC_OK)
			return;
}

static bool
is_signed(const struct req *rq)
{
	const char *hmac = req_header(rq, "X-Shopify-Hmac-Sha256");

	return hmac != NULL && text_same(hmac, "good");
}

static enum rc
check(struct cx *cx, struct ingest_item *item)
{
	const char *what = req_header(item->rq, "X-Do");
	struct seen *seen = ARENA_NEW(item->mem, struct seen);

	if (item->shared == NULL)
		return rc_fail(cx, RC_BUG, "nothing is shared");
	if (what != NULL && text_same(what, "share"))
		reply_header(item->reply, "X-Shared", item->shared);
	if (item->route->method == OPTIONS) {
		item->status = 204;
		return RC_OK;
	}
	if (!is_signed(item->rq)) {
		item->reason = "hmac";
		return rc_fail(cx, RC_AUTH, "the signature is not good");
	}
	if (what != NULL && text_same(what, "drop")) {
		item->status = 204;
		item->reason = "dropped";
		return RC_OK;
	}
	if (what != NULL && text_same(what, "die"))
		_exit(9);
	if (is_there(cx, "slow"))
		mark_checked(cx);
	turn_over(item);
	seen->delivery = req_header(item->rq, "X-Shopify-Name");
	seen->fails = what != NULL && text_same(what, "fail");
	item->key = slice_of(seen->delivery);
	item->bytes = item->n_body + 1;
	item->record = seen;
	return RC_OK;
}

static enum rc
write_all(struct cx *cx, struct slice lines)
{
	while (lines.n > 0) {
		const ssize_t n = write(kept_fd, lines.p, lines.n);

		if (n < 0)
			return rc_fail(
			    cx, RC_BUSY, "kept: %s", strerror(errno));
		lines = (struct slice){ lines.p + n, lines.n - (size_t)n };
	}
	return RC_OK;
}

static void
add_line(struct buf *lines, const struct ingest_item *item)
{
	const struct seen *seen = item->record;
	unsigned int sum = 0;

	for (size_t i = 0; i < item->n_body; i++)
		sum = sum * 31 + (unsigned char)~item->body[i];
	buf_addf(lines, "%s %zu %u\n",
	    seen->delivery == NULL ? "-" : seen->delivery, item->n_body, sum);
}

static enum rc
keep(struct cx *cx, struct ingest_item **items, size_t n)
{
	struct buf lines = buf_new(cx->mem, 1 << 20);

	be_slow(cx);
	if (is_there(cx, "down")) {
		cx->retry_after_ms = 2000;
		return rc_fail(cx, RC_BUSY, "it is down");
	}
	for (size_t i = 0; i < n; i++) {
		const struct seen *seen = items[i]->record;

		if (seen->fails)
			return rc_fail(cx, RC_UNPROCESSABLE, "a bad row");
		add_line(&lines, items[i]);
	}
	TRY(write_all(cx, buf_slice(&lines)));
	return RC_OK;
}

static enum rc
probe(struct cx *cx)
{
	return is_there(cx, "down") || is_there(cx, "tick_down")
		   ? rc_fail(cx, RC_BUSY, "still down")
		   : RC_OK;
}

static enum rc
tick(struct cx *cx)
{
	if (is_there(cx, "tick_down"))
		return rc_fail(cx, RC_BUSY, "down for the tick");
	ingest_share(strdup(ticks++ == 0 ? "first" : "later"), free);
	return RC_OK;
}

/* ---- by serve */

static enum rc
answer(struct cx *cx, const struct req *rq, struct reply *rp)
{
	if (rq->method == OPTIONS)
		return reply_empty(rp, 204);
	if (!is_signed(rq))
		return rc_fail(cx, RC_AUTH, "the signature is not good");
	return reply_empty(rp, text_same(rq->path, "/events") ? 204 : 200);
}

static const char *const signs[] = { "HTTP_X_SHOPIFY_", NULL };

/* clang-format off */
static const struct route routes[] = {
	{ POST,    "/webhooks", BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 200, "Keep it.", answer },
	{ POST,    "/events",   BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 204, "Keep it.", answer },
	{ OPTIONS, "/events",   BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 204, "Ask first.", answer },
	{ 0 }
};
/* clang-format on */

int
main(int argc, char **argv)
{
	static const struct ingest program = {
		.name = "ingest_echo",
		.routes = routes,
		.max_body = GUARD_BODY_BYTES,
		.signs = signs,
		.start = start,
		.check = check,
		.keep = keep,
		.probe = probe,
		.tick = tick,
	};

	const struct program same = { "ingest_echo", routes, NULL };

	if (getenv("SERVE") != NULL)
		return serve(argc, argv, &same);
	return ingest_serve(argc, argv, &program);
}
