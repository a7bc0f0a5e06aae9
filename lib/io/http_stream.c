/* Answers that are read piece by piece. */
#include "io/http_in.h"

#include <assert.h>

struct http_stream {
	struct transfer *t;
	struct http_req req; /* the transfer looks into it as long as it goes */
	bool under_way;
};

static void
stream_end(void *thing)
{
	struct http_stream *s = thing;

	if (s->under_way)
		http_loop_leave(s->t);
	s->under_way = false;
}

/* Until something is there, or it is over. */
static enum rc
go_on(struct http_stream *s, const bool *enough, const size_t *got)
{
	struct transfer *t = s->t;

	while (!t->done && !*enough && (got == NULL || *got == 0))
		TRY(http_loop_turn(t));
	return RC_OK;
}

static enum rc
over(struct http_stream *s)
{
	stream_end(s);
	return s->t->result == CURLE_OK ? RC_OK : http_transfer_failed(s->t);
}

enum rc
http_open(struct cx *cx, const struct http_req *req,
    struct http_stream **stream, struct http_res *out)
{
	struct http_stream *s = ARENA_NEW(cx->mem, struct http_stream);

	assert(http_loop_started());
	wait_assert_allowed();
	s->req = *req;
	TRY(http_transfer_new(cx, &s->req, true, &s->t));
	TRY(http_loop_enter(s->t));
	s->under_way = true;
	arena_tie(cx->mem, s, stream_end);
	TRY(go_on(s, &s->t->headed, NULL));
	if (s->t->done)
		TRY(over(s));
	http_transfer_head(s->t, out);
	*stream = s;
	return RC_OK;
}

enum rc
http_read(struct cx *cx, struct http_stream *s, char *p, size_t n, size_t *got)
{
	struct transfer *t = s->t;
	static const bool never = false;
	enum rc rc;

	assert(n >= HTTP_PIECE_BYTES);
	t->cx = cx;
	t->room = p;
	t->room_n = n;
	t->got = 0;
	if (t->paused && !t->done) {
		t->paused = false;
		(void)curl_easy_pause(t->easy, CURLPAUSE_CONT);
	}
	rc = go_on(s, &never, &t->got);
	t->room = NULL;
	*got = t->got;
	if (rc == RC_OK && t->got == 0)
		rc = over(s);
	return rc;
}

const char *
http_redirect_of(struct cx *cx, const struct http_res *res)
{
	char *url = NULL;

	if (curl_easy_getinfo(res->transfer, CURLINFO_REDIRECT_URL, &url) !=
		CURLE_OK ||
	    url == NULL)
		return NULL;
	return text_dup(cx->mem, url);
}
