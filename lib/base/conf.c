/* Settings: a file in the form of systemd's EnvironmentFile, the environment.
 */
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/text.h"

#define DEFAULT_FILE "/etc/stockroom/stockroom.conf"
enum { FILE_BYTES = 64 * 1024 };

static const struct conf_row rows[C_COUNT] = {
#define CONF(name, type, fallback, sentence)                                   \
	{ #name, type, fallback, sentence },
#include "base/conf.def"
#undef CONF
};

/* Values stay when they are replaced: somebody may hold the old ones. */
static struct arena *kept;
static const char *values[C_COUNT];

const struct conf_row *
conf_row(enum conf c)
{
	return &rows[c];
}

static const char *
keep(const char *value)
{
	if (kept == NULL)
		kept = arena_new();
	return text_dup(kept, value);
}

static bool
find(const char *name, enum conf *out)
{
	int c;

	for (c = 0; c < C_COUNT; c++)
		if (text_same(rows[c].name, name)) {
			*out = (enum conf)c;
			return true;
		}
	return false;
}

static bool
read_bool(const char *value, bool *out)
{
	*out = text_same(value, "yes") || text_same(value, "true") ||
	       text_same(value, "on") || text_same(value, "1");
	return *out || text_same(value, "no") || text_same(value, "false") ||
	       text_same(value, "off") || text_same(value, "0");
}

/* `where` is "FILE line 3" or "the environment". */
static enum rc
check(struct cx *cx, enum conf c, const char *value, const char *where)
{
	int64_t number;
	bool truth;

	if (rows[c].type == CONF_INT &&
	    !text_int(value, INT64_MIN, INT64_MAX, &number))
		return rc_field(cx, RC_INPUT, rows[c].name,
		    text_fmt(cx->mem, "a whole number in %s", where), value);
	if (rows[c].type == CONF_BOOL && !read_bool(value, &truth))
		return rc_field(cx, RC_INPUT, rows[c].name,
		    text_fmt(cx->mem, "yes or no in %s", where), value);
	return RC_OK;
}

static struct slice
trim(struct slice s)
{
	while (s.n > 0 && strchr(" \t\r", s.p[0]) != NULL)
		s.p++, s.n--;
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

/*
 * The value within its quotes, if it has some. What systemd would read in
 * another way than we do (escapes, quotes inside) is refused.
 */
static bool
unquote(struct slice *value)
{
	const char quote = value->n > 0 ? value->p[0] : '\0';

	if (quote == '"' || quote == '\'') {
		if (value->n < 2 || value->p[value->n - 1] != quote)
			return false;
		value->p++;
		value->n -= 2;
		return memchr(value->p, quote, value->n) == NULL &&
		       memchr(value->p, '\\', value->n) == NULL;
	}
	return memchr(value->p, '"', value->n) == NULL &&
	       memchr(value->p, '\'', value->n) == NULL &&
	       memchr(value->p, '\\', value->n) == NULL;
}

static enum rc
take_line(
    struct cx *cx, struct slice line, const char *where, const char **into)
{
	struct slice name;
	const char *text;
	enum conf c;

	line = trim(line);
	if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
		return RC_OK;
	if (memchr(line.p, '=', line.n) == NULL)
		return rc_fail(cx, RC_INPUT, "%s must be NAME=value", where);
	(void)text_next(&line, '=', &name);
	text = text_of(cx->mem, trim(name));
	if (!find(text, &c))
		return rc_fail(cx, RC_INPUT,
		    "%s names %s, and there is no such setting", where, text);
	line = trim(line);
	if (!unquote(&line))
		return rc_fail(cx, RC_INPUT,
		    "%s: the value of %s must be plain or in one pair of "
		    "quotes, without backslashes",
		    where, text);
	text = text_of(cx->mem, line);
	into[c] = text;
	return check(cx, c, text, where);
}

static enum rc
take_text(struct cx *cx, struct slice text, const char *path, const char **into)
{
	struct slice line;
	int number = 0;

	if (memchr(text.p, '\0', text.n) != NULL || !text_utf8(text))
		return rc_fail(cx, RC_INPUT, "%s is not UTF-8 text", path);
	while (text_next(&text, '\n', &line))
		TRY(take_line(cx, line,
		    text_fmt(cx->mem, "%s line %d", path, ++number), into));
	return RC_OK;
}

static enum rc
take_file(struct cx *cx, const char *path, const char **into)
{
	const char *named = getenv("STOCKROOM_CONF");
	struct slice text;
	enum rc rc;

	if (path == NULL)
		path = named;
	rc = file_read(
	    cx, path ? path : DEFAULT_FILE, FILE_BYTES, FILE_ANY, &text);
	if (rc == RC_ABSENT && path == NULL) {
		rc_forget(cx);
		return RC_OK;
	}
	if (rc != RC_OK)
		return RC_INPUT;
	return take_text(cx, text, path ? path : DEFAULT_FILE, into);
}

static enum rc
take_environment(struct cx *cx, const char **into)
{
	const char *value;
	int c;

	for (c = 0; c < C_COUNT; c++) {
		value = getenv(rows[c].name);
		if (value == NULL)
			continue;
		into[c] = value;
		TRY(check(cx, (enum conf)c, value, "the environment"));
	}
	return RC_OK;
}

enum rc
conf_load(struct cx *cx, const char *path)
{
	const char *read[C_COUNT] = { NULL };
	int c;

	TRY(take_file(cx, path, read));
	TRY(take_environment(cx, read));
	for (c = 0; c < C_COUNT; c++)
		values[c] = read[c] ? keep(read[c]) : NULL;
	return RC_OK;
}

const char *
conf_text(enum conf c)
{
	return values[c] ? values[c] : rows[c].fallback;
}

int64_t
conf_int(enum conf c)
{
	int64_t number = 0;

	/* conf_load has checked it; a bad fallback shows in the tests. */
	if (!text_int(conf_text(c), INT64_MIN, INT64_MAX, &number))
		number = 0;
	return number;
}

bool
conf_bool(enum conf c)
{
	bool truth;

	return read_bool(conf_text(c), &truth) && truth;
}

void
conf_set(enum conf c, const char *value)
{
	(void)setenv(rows[c].name, value, 1);
	values[c] = keep(value);
}
