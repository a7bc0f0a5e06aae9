/*
 * handlers.conf as text: a line a handler, its words parted by blanks.
 *
 *	webhook TOPIC[,TOPIC...]	exec PATH	[NAME=VALUE...]
 *	pull RESOURCE[,RESOURCE...]|*	forward URL
 *	schedule SPEC [ZONE]
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/handlers.h"
#include "app/resources.h"
#include "base/cron.h"
#include "shopify/topic.h"

enum {
	WORDS_MAX = 64,
	NAME_MAX_BYTES = 60,
	SECONDS_MAX = 3600,
	ATTEMPTS_MAX = 1000,
	GOT_BYTES = 120
};

/* A line being taken apart. */
struct line {
	struct cx *cx;
	int number;
	const char *words[WORDS_MAX];
	size_t n;
	size_t at; /* the next one */
};

const char *
handler_on_word(enum handler_on on)
{
	static const char *const words[] = { "webhook", "pull", "schedule" };

	return words[on];
}

const char *
handler_does_word(enum handler_does does)
{
	return does == DOES_EXEC ? "exec" : "forward";
}

static enum rc
wrong(
    const struct line *l, const char *field, const char *rule, const char *got)
{
	return rc_fail(l->cx, RC_INPUT,
	    "handlers.conf, line %d: %s must be %s, not \"%s\"", l->number,
	    field, rule, got ? text_cut(l->cx->mem, got, GOT_BYTES) : "");
}

/* NULL at the end. */
static const char *
next(struct line *l)
{
	return l->at < l->n ? l->words[l->at++] : NULL;
}

static bool
next_is(const struct line *l, const char *word)
{
	return l->at < l->n && text_same(l->words[l->at], word);
}

static bool
is_action(const struct line *l)
{
	return l->at >= l->n || next_is(l, "exec") || next_is(l, "forward");
}

/* ---- when */

typedef bool known_fn(const char *word);

static bool
is_topic(const char *word)
{
	return topic_find(word) != NULL;
}

static bool
is_resource(const char *word)
{
	return text_same(word, "*") || resource_find(word) != NULL;
}

static enum rc
take_list(struct line *l, known_fn *known, const char *field, const char *rule,
    struct handler *h)
{
	const char *text = next(l);
	const char **words = ARENA_ARRAY(l->cx->mem, const char *, WORDS_MAX);
	struct slice rest = slice_of(text ? text : ""), part;

	while (text_next(&rest, ',', &part)) {
		words[h->n] = text_of(l->cx->mem, part);
		if (!known(words[h->n]))
			return wrong(l, field, rule, words[h->n]);
		if (++h->n == WORDS_MAX)
			return wrong(l, field, "63 at most", text);
	}
	if (h->n == 0)
		return wrong(l, field, rule, text);
	h->words = words;
	return RC_OK;
}

/* How many words a spec has: "@daily", "every 15m", or five fields. */
static size_t
spec_words(const char *first)
{
	if (text_starts(first, "@"))
		return 1;
	return text_same(first, "every") ? 2 : 5;
}

/* What was noted of it, with its line. */
static enum rc
check_spec(struct line *l, const struct handler *h)
{
	const enum rc rc = cron_check(l->cx, h->words[0], h->tz);
	const struct fault f = l->cx->fault;
	struct arena *mem = l->cx->mem;
	const char *field, *rule;

	if (rc == RC_OK)
		return RC_OK;
	field = text_fmt(mem, "the schedule's %s", f.field ? f.field : "text");
	rule = text_dup(mem, f.rule ? f.rule : "one of crontab(5)");
	rc_forget(l->cx);
	return wrong(l, field, rule, f.got ? f.got : h->words[0]);
}

static enum rc
take_spec(struct line *l, struct handler *h)
{
	const char **words = ARENA_ARRAY(l->cx->mem, const char *, 1);
	size_t left = l->at < l->n ? spec_words(l->words[l->at]) : 0;
	const char *spec = NULL;

	for (; left > 0 && !is_action(l); left--)
		spec = spec ? text_fmt(l->cx->mem, "%s %s", spec, next(l))
			    : next(l);
	words[0] = spec ? spec : "";
	h->words = words;
	h->n = 1;
	h->tz = is_action(l) ? "UTC" : next(l);
	return check_spec(l, h);
}

static enum rc
take_when(struct line *l, struct handler *h)
{
	const char *word = next(l);

	for (h->on = ON_WEBHOOK; h->on <= ON_SCHEDULE; h->on++)
		if (text_same(word, handler_on_word(h->on)))
			break;
	switch (h->on) {
	case ON_WEBHOOK:
		return take_list(l, is_topic, "the topic",
		    "one that handlers.conf(5) lists", h);
	case ON_PULL:
		return take_list(l, is_resource, "the resource",
		    "products, customers, orders, transactions or *", h);
	case ON_SCHEDULE:
		return take_spec(l, h);
	}
	return wrong(l, "its first word", "webhook, pull or schedule", word);
}

/* ---- what */

static enum rc
check_program(struct line *l, const char *path)
{
	struct stat st;

	if (path[0] != '/')
		return wrong(l, "the program", "an absolute path", path);
	if (stat(path, &st) < 0)
		return wrong(l, "the program", "there", path);
	if (!S_ISREG(st.st_mode) || access(path, X_OK) < 0)
		return wrong(l, "the program", "an executable file", path);
	return RC_OK;
}

/* https://HOST...: nothing that could mean two things. */
static enum rc
check_url(struct line *l, const char *url)
{
	const size_t head = strlen("https://");

	if (!text_starts(url, "https://") || strcspn(url + head, "/?#@") == 0 ||
	    strpbrk(url + head, "@#\\\"<>^`{|}"))
		return wrong(l, "the address",
		    "https:// and a host, without a name before it or a # "
		    "behind",
		    url);
	return RC_OK;
}

static enum rc
take_what(struct line *l, struct handler *h)
{
	const char *word = next(l);
	const char *target = next(l);

	if (text_same(word ? word : "", "exec"))
		h->does = DOES_EXEC;
	else if (text_same(word ? word : "", "forward"))
		h->does = DOES_FORWARD;
	else
		return wrong(l, "what is done", "exec or forward", word);
	if (!target)
		return wrong(l, "what is done", "followed by whom", word);
	h->target = target;
	return h->does == DOES_EXEC ? check_program(l, h->target)
				    : check_url(l, h->target);
}

/* ---- within which limits */

static bool
is_name(const char *text)
{
	const size_t n = strlen(text);

	return n > 0 && n <= NAME_MAX_BYTES &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static enum rc
take_number(
    struct line *l, const char *word, const char *value, int most, int *out)
{
	int64_t n;

	if (!text_int(value, 1, most, &n))
		return wrong(l, word,
		    text_fmt(l->cx->mem, "a number from 1 to %d", most), value);
	*out = (int)n;
	return RC_OK;
}

static enum rc
take_option(struct line *l, const char *word, struct handler *h)
{
	const char *equals = strchr(word, '=');
	const char *value = equals ? equals + 1 : "";

	if (text_starts(word, "hard="))
		return take_number(l, "hard", value, SECONDS_MAX, &h->hard_s);
	if (text_starts(word, "attempts="))
		return take_number(
		    l, "attempts", value, ATTEMPTS_MAX, &h->attempts);
	if (text_starts(word, "soft=") && h->does == DOES_EXEC)
		return take_number(l, "soft", value, SECONDS_MAX, &h->soft_s);
	if (text_starts(word, "secret=") && h->does == DOES_FORWARD &&
	    value[0] == '/') {
		h->secret_file = value;
		return RC_OK;
	}
	if (text_starts(word, "name=") && is_name(value)) {
		h->name = value;
		return RC_OK;
	}
	if (text_starts(word, "name="))
		return wrong(l, "name", "a-z, 0-9, _ and -, 60 at most", value);
	return wrong(l, "what comes last",
	    h->does == DOES_EXEC
		? "name=, soft=, hard= or attempts="
		: "name=, hard=, attempts= or secret= with a path",
	    word);
}

static enum rc
take_options(struct line *l, struct handler *h)
{
	const char *word;

	while ((word = next(l)) != NULL)
		TRY(take_option(l, word, h));
	if (h->hard_s == 0)
		h->hard_s = h->does == DOES_FORWARD ? 30
			    : h->soft_s             ? h->soft_s + 30
						    : 90;
	if (h->hard_s > SECONDS_MAX)
		h->hard_s = SECONDS_MAX;
	if (h->does == DOES_EXEC && h->soft_s == 0)
		h->soft_s = h->hard_s > 30 ? h->hard_s - 30 : h->hard_s;
	if (h->soft_s > h->hard_s)
		return wrong(l, "soft", "no more than hard",
		    text_fmt(l->cx->mem, "%d", h->soft_s));
	if (h->attempts == 0)
		h->attempts = h->does == DOES_EXEC ? 10 : 60;
	return RC_OK;
}

/* A name of its own: the program's, or the address's host. */
static const char *
name_of(struct line *l, const struct handler *h)
{
	const char *from = h->does == DOES_EXEC
			       ? strrchr(h->target, '/') + 1
			       : h->target + strlen("https://");
	char *name = text_lower(l->cx->mem,
	    text_of(l->cx->mem, (struct slice){ from, strcspn(from, "/?:") }));
	char *end;

	if (h->does == DOES_EXEC && (end = strrchr(name, '.')) && end > name)
		*end = '\0';
	for (char *c = name; *c; c++)
		if (!is_name((const char[]){ *c, '\0' }))
			*c = '-';
	if (strlen(name) > NAME_MAX_BYTES)
		name[NAME_MAX_BYTES] = '\0';
	return name;
}

/* ---- lines */

static enum rc
split(struct line *l, struct slice text)
{
	const char *const end = text.p + text.n;

	while (text.p < end) {
		const char *from = text.p;

		while (text.p < end && !strchr(" \t\r", *text.p))
			text.p++;
		if (text.p > from && l->n == WORDS_MAX)
			return wrong(l, "a line", "64 words at most", "more");
		if (text.p > from)
			l->words[l->n++] = text_of(l->cx->mem,
			    (struct slice){ from, (size_t)(text.p - from) });
		text.p++;
	}
	return RC_OK;
}

static enum rc
take_line(struct line *l, const struct handlers *before, struct handler *h)
{
	*h = (struct handler){ .line = l->number };
	TRY(take_when(l, h));
	TRY(take_what(l, h));
	TRY(take_options(l, h));
	if (!h->name)
		h->name = name_of(l, h);
	for (size_t i = 0; i < before->n; i++)
		if (text_same(before->list[i].name, h->name))
			return wrong(l, "its name",
			    text_fmt(l->cx->mem,
				"another than line %d's (say name=)",
				before->list[i].line),
			    h->name);
	return RC_OK;
}

static size_t
lines_of(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

enum rc
handlers_parse(struct cx *cx, const char *text, struct handlers *out)
{
	struct handler *list =
	    ARENA_ARRAY(cx->mem, struct handler, lines_of(text));
	struct slice rest = slice_of(text), part;
	struct line l = { .cx = cx };

	*out = (struct handlers){ list, 0 };
	while (text_next(&rest, '\n', &part)) {
		l = (struct line){ .cx = cx, .number = l.number + 1 };
		TRY(split(&l, part));
		if (l.n == 0 || l.words[0][0] == '#')
			continue;
		TRY(take_line(&l, out, &list[out->n]));
		out->n++;
	}
	return RC_OK;
}
