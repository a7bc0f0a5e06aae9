/* A record as a line of COPY's text form: the same fields by the same tables.
 */
#include <string.h>

#include "app/map.h"
#include "base/code.h"
#include "shopify/name.h"

enum { DOC_MAX_BYTES = 1 << 20 };

/* ---- COPY's escapes */

static const char *
escape_of(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void
add_escaped(struct buf *b, const char *text, size_t n)
{
	size_t from = 0, at;
	const char *escape;

	for (at = 0; at < n; at++) {
		escape = escape_of(text[at]);
		if (escape == NULL)
			continue;
		buf_addn(b, text + from, at - from);
		buf_addn(b, escape, 2);
		from = at + 1;
	}
	buf_addn(b, text + from, n - from);
}

static void
add_text(struct buf *b, const char *text)
{
	if (text == NULL)
		buf_addn(b, "\\N", 2);
	else
		add_escaped(b, text, strlen(text));
}

static void
add_number(struct buf *b, int64_t n)
{
	buf_addf(b, "%lld", (long long)n);
}

/* {"a","b"}: an element's quotes and backslashes are escaped for the array, and
 * then for COPY. */
static void
add_list(struct buf *b, struct arena *mem, struct json list)
{
	struct buf one = buf_new(mem, DOC_MAX_BYTES);
	size_t i;

	buf_addc(&one, '{');
	for (i = 0; i < jlen(list); i++) {
		const char *text = jtext_or(jitem(list, i), "", "");

		buf_add(&one, i > 0 ? ",\"" : "\"");
		for (; *text != '\0'; text++) {
			if (*text == '"' || *text == '\\')
				buf_addc(&one, '\\');
			buf_addc(&one, *text);
		}
		buf_addc(&one, '"');
	}
	buf_addc(&one, '}');
	add_escaped(b, one.p, one.n);
}

/* ---- columns */

static void
add_gid(struct buf *b, struct json value)
{
	const char *gid = jtext_or(value, "", NULL);
	int64_t id;

	if (gid != NULL && gid_number(gid, &id))
		add_number(b, id);
	else
		add_text(b, NULL);
}

static void
add_field(struct buf *b, struct arena *mem, const struct map_field *f,
    struct json object)
{
	const struct json value = jat(object, f->path);
	const enum json_kind kind = json_kind(value);

	if (f->how == MAP_GID)
		add_gid(b, value);
	else if (kind == JSON_LIST)
		add_list(b, mem, value);
	else if (kind == JSON_NULL)
		add_text(b, NULL);
	else
		add_text(b, kind == JSON_TEXT ? jtext_or(value, "", "")
					      : jtext(mem, value));
}

static enum rc
add_doc(
    struct buf *b, struct arena *mem, const struct map *map, struct json object)
{
	struct buf doc = buf_new(mem, DOC_MAX_BYTES);
	struct jw w = jw_new(&doc);

	jw_object(&w, NULL);
	map_doc(&w, map, object);
	jw_close(&w);
	TRY(jw_end(&w));
	buf_addc(b, '\t');
	add_escaped(b, doc.p, doc.n);
	return RC_OK;
}

static void
add_sealed(struct buf *b, const struct map_owner *owner, struct slice blob)
{
	if (owner->subject_columns && blob.p == NULL)
		buf_add(b, "\t\\N\t\\N");
	else if (owner->subject_columns)
		buf_addf(b, "\t%c\t%lld", owner->subject.kind,
		    (long long)owner->subject.id);
	buf_addc(b, '\t');
	add_text(b, blob.p ? base64_of(b->mem, blob.p, blob.n) : NULL);
}

enum rc
map_row(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, struct buf *out, int64_t *id)
{
	const struct map_field *f;
	struct slice blob;

	TRY(map_id(cx, map, object, id));
	add_number(out, *id);
	if (owner->parent_column != NULL)
		buf_addf(out, "\t%lld", (long long)owner->parent_id);
	for (f = map->fields; f->name != NULL; f++) {
		if (f->where != TO_COLUMN)
			continue;
		buf_addc(out, '\t');
		add_field(out, cx->mem, f, object);
	}
	TRY(add_doc(out, cx->mem, map, object));
	TRY(map_sealed(cx, map, object, owner, *id, &blob));
	if (owner->keys != NULL)
		add_sealed(out, owner, blob);
	if (owner->parent_column != NULL) {
		buf_addc(out, '\t');
		add_text(out, owner->parent_updated_at);
	}
	buf_addc(out, '\n');
	return buf_full(out) ? rc_fail(cx, RC_TOO_BIG,
				   "rows of more than their buffer holds")
			     : RC_OK;
}
