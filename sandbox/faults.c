/* Fault switches. */
#include <string.h>

#include "faults.h"

/* Where one can be met: an or of these. */
enum {
	AT_GRAPHQL = 1 << FAULT_GRAPHQL,
	AT_TOKEN = 1 << FAULT_TOKEN,
	AT_BULK = 1 << FAULT_BULK,
	AT_FILE = 1 << FAULT_FILE
};

static const struct {
	const char *word;
	int where;
} whats[] = {
	[FAULT_THROTTLED] = { "throttled", AT_GRAPHQL },
	[FAULT_TOO_DEAR] = { "max_cost", AT_GRAPHQL },
	[FAULT_INTERNAL] = { "internal_error", AT_GRAPHQL | AT_BULK },
	[FAULT_DENIED] = { "access_denied", AT_GRAPHQL | AT_BULK },
	[FAULT_INACTIVE] = { "shop_inactive", AT_GRAPHQL },
	[FAULT_STATUS] = { "status", AT_GRAPHQL | AT_TOKEN | AT_FILE },
	[FAULT_DROP] = { "drop", AT_GRAPHQL | AT_TOKEN },
	[FAULT_CUT] = { "cut", AT_GRAPHQL | AT_TOKEN | AT_FILE },
	[FAULT_DELAY] = { "delay", AT_GRAPHQL | AT_TOKEN | AT_FILE },
	[FAULT_NO_EXPIRES_IN] = { "no_expires_in", AT_TOKEN },
	[FAULT_TIMEOUT] = { "timeout", AT_BULK },
	[FAULT_CANCELED] = { "canceled", AT_BULK },
	[FAULT_STALL] = { "stall", AT_BULK },
	[FAULT_HTML] = { "html", AT_FILE },
};

enum { WHATS = sizeof(whats) / sizeof(whats[0]) };

static const char *const wheres[] = { "graphql", "token", "bulk", "bulk_file" };

enum { WHERES = sizeof(wheres) / sizeof(wheres[0]) };

static const struct {
	int64_t status;
	const char *text;
} statuses[] = {
	{ 401, "[API] Invalid API key or access token (unrecognized login or "
	       "wrong password)" },
	{ 402, "This shop's plan does not have access to this feature" },
	{ 403, "Unavailable Shop" },
	{ 404, "Not Found" },
	{ 423, "This shop is unavailable" },
	{ 429,
	    "Exceeded 2 calls per second for api client. Reduce request rates "
	    "to resume uninterrupted service." },
	{ 0, "An unexpected error occurred" },
};

const char *
faults_status_text(int64_t status)
{
	size_t i = 0;

	while (statuses[i].status != 0 && statuses[i].status != status)
		i++;
	return statuses[i].text;
}

static enum rc
read_words(struct cx *cx, struct json in, struct fault_switch *f)
{
	const char *where = jtext_or(in, "where", ""),
		   *what = jtext_or(in, "what", "");
	size_t i;

	for (i = 0; i < WHERES && !text_same(wheres[i], where); i++)
		continue;
	if (i == WHERES)
		return rc_field(cx, RC_INPUT, "fault.where",
		    "graphql, token, bulk or bulk_file", where);
	f->where = (enum fault_where)i;
	for (i = 0; i < WHATS; i++)
		if (text_same(whats[i].word, what) &&
		    (whats[i].where & 1 << f->where) != 0)
			break;
	if (i == WHATS)
		return rc_field(cx, RC_INPUT, "fault.what",
		    "throttled, max_cost, internal_error, access_denied, "
		    "shop_inactive, no_expires_in, status, drop, cut, delay, "
		    "timeout, canceled, stall or html, where it can be",
		    what);
	f->what = (enum fault_what)i;
	return RC_OK;
}

static enum rc
read_number(struct cx *cx, struct json in, const char *name, int64_t fallback,
    int64_t max, int64_t *out)
{
	*out = jint_or(in, name, fallback);
	if (*out < 0 || *out > max)
		return rc_field(cx, RC_INPUT,
		    text_fmt(cx->mem, "fault.%s", name),
		    text_fmt(cx->mem, "0 to %lld", (long long)max),
		    jtext(cx->mem, jat(in, name)));
	return RC_OK;
}

static const char *
kept(struct arena *mem, struct json in, const char *name)
{
	const char *text = jtext_or(in, name, NULL);

	return text ? text_dup(mem, text) : NULL;
}

enum rc
faults_add(struct cx *cx, struct faults *f, struct json in)
{
	struct fault_switch *s = ARENA_NEW(f->mem, struct fault_switch);
	struct fault_switch **end = &f->first;

	TRY(read_words(cx, in, s));
	TRY(read_number(cx, in, "skip", 0, 1000000, &s->skip));
	TRY(read_number(cx, in, "times", 1, 1000000, &s->times));
	TRY(read_number(cx, in, "status", 503, 599, &s->status));
	TRY(read_number(cx, in, "delay_ms", 1000, 120000, &s->delay_ms));
	s->shop = kept(f->mem, in, "shop");
	s->match = kept(f->mem, in, "match");
	s->retry_after = kept(f->mem, in, "retry_after");
	while (*end != NULL)
		end = &(*end)->next;
	*end = s;
	return RC_OK;
}

const struct fault_switch *
faults_take(struct faults *f, enum fault_where where, const char *shop,
    const char *text)
{
	struct fault_switch *s;

	for (s = f->first; s != NULL; s = s->next) {
		if (s->where != where || s->times == 0 ||
		    (s->shop != NULL && !text_same(s->shop, shop)) ||
		    (s->match != NULL && strstr(text, s->match) == NULL))
			continue;
		if (s->skip > 0) {
			s->skip--;
			continue;
		}
		s->times--;
		return s;
	}
	return NULL;
}

void
faults_write(struct jw *w, const char *name, const struct faults *f)
{
	const struct fault_switch *s;

	jw_list(w, name);
	for (s = f->first; s != NULL; s = s->next) {
		if (s->times == 0)
			continue;
		jw_object(w, NULL);
		jw_text(w, "where", wheres[s->where]);
		jw_text(w, "what", whats[s->what].word);
		jw_text(w, "shop", s->shop);
		jw_text(w, "match", s->match);
		jw_int(w, "skip", s->skip);
		jw_int(w, "times", s->times);
		jw_int(w, "status", s->status);
		jw_int(w, "delay_ms", s->delay_ms);
		jw_text(w, "retry_after", s->retry_after);
		jw_close(w);
	}
	jw_close(w);
}
