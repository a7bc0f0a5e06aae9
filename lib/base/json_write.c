/* Writing JSON into a buffer; what comes out is JSON whatever went in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_node.h"
#include "base/utf8.h"

enum { DEEPEST = 63 };

struct jw
jw_new(struct buf *out)
{
	return (struct jw){ .out = out };
}

static uint64_t
level(const struct jw *w)
{
	return UINT64_C(1) << w->depth;
}

/* A character as it stands in a JSON text: what a terminal would obey, and
 * quotes, escaped. */
static void
put_character(struct buf *b, const char *p, size_t n, uint32_t code)
{
	static const char short_ones[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *hit =
	    code > 0 && code < 0x80 ? strchr(short_ones, (int)code) : NULL;

	if (hit != NULL && (hit - short_ones) % 2 == 0) {
		buf_addc(b, '\\');
		buf_addc(b, hit[1]);
	} else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		buf_addf(b, "\\u%04x", code);
	else
		buf_addn(b, p, n);
}

/* How many bytes from `p` on need no thought. */
static size_t
plain(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x7e || p[i] == '"' || p[i] == '\\')
			break;
	return i;
}

static void
put_string(struct buf *b, struct slice text)
{
	uint32_t code;
	size_t at, n;

	buf_addc(b, '"');
	for (at = 0; at < text.n; at += n) {
		n = plain(text.p + at, text.n - at);
		buf_addn(b, text.p + at, n);
		if (n > 0)
			continue;
		n = utf8_next(text.p + at, text.n - at, &code);
		if (n == 0) {
			buf_add(b, "\xef\xbf\xbd"); /* U+FFFD */
			n = 1;
		} else
			put_character(b, text.p + at, n, code);
	}
	buf_addc(b, '"');
}

/* The comma and the name, before a value. */
static void
begin(struct jw *w, const char *name)
{
	const bool in_object = w->depth > 0 && !(w->lists & level(w));

	if (in_object != (name != NULL) ||
	    (w->depth == 0 && (w->seen & level(w))))
		w->wrong = true;
	if (w->seen & level(w))
		buf_addc(w->out, ',');
	w->seen |= level(w);
	if (name == NULL)
		return;
	put_string(w->out, slice_of(name));
	buf_addc(w->out, ':');
}

static void
open_level(struct jw *w, bool list)
{
	buf_addc(w->out, list ? '[' : '{');
	if (w->depth == DEEPEST) {
		w->wrong = true;
		return;
	}
	w->depth++;
	w->seen &= ~level(w);
	w->lists &= ~level(w);
	if (list)
		w->lists |= level(w);
}

void
jw_object(struct jw *w, const char *name)
{
	begin(w, name);
	open_level(w, false);
}

void
jw_list(struct jw *w, const char *name)
{
	begin(w, name);
	open_level(w, true);
}

void
jw_close(struct jw *w)
{
	if (w->depth == 0) {
		w->wrong = true;
		return;
	}
	buf_addc(w->out, w->lists & level(w) ? ']' : '}');
	w->depth--;
}

void
jw_textn(struct jw *w, const char *name, struct slice text)
{
	begin(w, name);
	put_string(w->out, text);
}

void
jw_text(struct jw *w, const char *name, const char *text)
{
	if (text == NULL)
		jw_null(w, name);
	else
		jw_textn(w, name, slice_of(text));
}

void
jw_int(struct jw *w, const char *name, int64_t value)
{
	begin(w, name);
	buf_addf(w->out, "%lld", (long long)value);
}

void
jw_id(struct jw *w, const char *name, int64_t id)
{
	begin(w, name);
	buf_addf(w->out, "\"%lld\"", (long long)id);
}

/* The shortest of the forms that read back as the same number. JSON has no word
 * for infinity or NaN: null. */
void
jw_real(struct jw *w, const char *name, double value)
{
	int digits = 15;

	if (!isfinite(value)) {
		jw_null(w, name);
		return;
	}
	begin(w, name);
	while (
	    digits < 17 &&
	    strtod(text_fmt(w->out->mem, "%.*g", digits, value), NULL) != value)
		digits++;
	buf_addf(w->out, "%.*g", digits, value);
}

void
jw_time(struct jw *w, const char *name, int64_t epoch_s)
{
	const char *text = NULL;

	if (epoch_s != 0)
		text = clock_text(w->out->mem, epoch_s);
	jw_text(w, name, text);
}

void
jw_bool(struct jw *w, const char *name, bool value)
{
	begin(w, name);
	buf_add(w->out, value ? "true" : "false");
}

void
jw_null(struct jw *w, const char *name)
{
	begin(w, name);
	buf_add(w->out, "null");
}

void
jw_json(struct jw *w, const char *name, struct json value)
{
	begin(w, name);
	buf_add(w->out, node_json(value));
}

void
jw_raw(struct jw *w, const char *name, struct slice json)
{
	begin(w, name);
	buf_addn(w->out, json.p, json.n);
}

enum rc
jw_end(struct jw *w)
{
	if (w->wrong || w->depth != 0)
		return RC_BUG;
	return buf_full(w->out) ? RC_TOO_BIG : RC_OK;
}
