/* JSON trees: parsing and looking into one. The one file that knows json-c. */
#include <json.h>
#include <limits.h>
#include <string.h>

#include "base/json_node.h"
#include "base/mem.h"

/*
 * The next \u0000 at or behind `at`, or text.n. Backslashes go in pairs; in a
 * text that has one outside a string it does not matter what we find.
 */
static size_t
nul_escape(struct slice text, size_t at)
{
	const char *p;

	while (at < text.n) {
		p = memchr(text.p + at, '\\', text.n - at);
		if (p == NULL)
			break;
		at = (size_t)(p - text.p);
		if (text.n - at >= 6 && memcmp(p, "\\u0000", 6) == 0)
			return at;
		at += 2;
	}
	return text.n;
}

bool
json_nul(struct slice text)
{
	return nul_escape(text, 0) < text.n;
}

/*
 * Postgres refuses U+0000, and json-c ends a name at it. It becomes U+FFFD,
 * which has the same length, so every place in the text stays the same.
 */
static struct slice
without_nul(struct cx *cx, struct slice text)
{
	size_t at = nul_escape(text, 0);
	char *copy;

	if (at == text.n)
		return text;
	copy = arena_copy(cx->mem, text.p, text.n);
	for (; at < text.n; at = nul_escape(text, at + 6))
		memcpy(copy + at, "\\ufffd", 6);
	return (struct slice){ copy, text.n };
}

static void
node_end(void *node)
{
	(void)json_object_put(node);
}

/*
 * The tree of a text that passed the gate. json-c needs a NUL to know that a
 * bare number has ended; its depth counts scalars too, so the gate's rules.
 */
static enum rc
parse(struct cx *cx, struct slice text, void **out)
{
	struct json_tokener *tok = json_tokener_new_ex(JSON_DEPTH + 1);
	enum json_tokener_error said;

	if (tok == NULL)
		mem_none();
	json_tokener_set_flags(
	    tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*out = json_tokener_parse_ex(tok, text.p, (int)text.n);
	said = json_tokener_get_error(tok);
	if (said == json_tokener_continue) {
		*out = json_tokener_parse_ex(tok, "", 1);
		said = json_tokener_get_error(tok);
	}
	json_tokener_free(tok);
	if (said != json_tokener_success)
		return rc_fail(cx, RC_BUG, "json-c, past the gate: %s",
		    json_tokener_error_desc(said));
	if (*out != NULL)
		arena_tie(cx->mem, *out, node_end);
	return RC_OK;
}

enum rc
json_read(struct cx *cx, struct slice text, size_t max, enum rc blame,
    struct json *out)
{
	const char *wrong;
	size_t at;

	*out = (struct json){ .blame = blame };
	if (text.n > max || text.n >= INT_MAX)
		return rc_fail(cx, RC_TOO_BIG,
		    "JSON of %zu bytes, at most %zu are allowed", text.n, max);
	text = without_nul(cx, text);
	wrong = json_gate(text, &at);
	if (wrong != NULL)
		return rc_field(cx, blame, "JSON",
		    text_fmt(
			cx->mem, "well formed; at byte %zu: %s", at, wrong),
		    NULL);
	return parse(cx, text, &out->node);
}

enum json_kind
json_kind(struct json j)
{
	switch (json_object_get_type(j.node)) {
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
		return JSON_INT;
	case json_type_double:
		return JSON_REAL;
	case json_type_string:
		return JSON_TEXT;
	case json_type_array:
		return JSON_LIST;
	case json_type_object:
		return JSON_OBJECT;
	case json_type_null:
		break;
	}
	return JSON_NULL;
}

size_t
jlen(struct json list)
{
	return json_kind(list) == JSON_LIST
		   ? json_object_array_length(list.node)
		   : 0;
}

struct json
jitem(struct json list, size_t i)
{
	void *node =
	    i < jlen(list) ? json_object_array_get_idx(list.node, i) : NULL;

	return (struct json){ node, list.blame };
}

size_t
jmembers(struct arena *mem, struct json object, struct jmember **out)
{
	struct json_object_iter at;
	size_t n = 0;

	*out = NULL;
	if (json_kind(object) != JSON_OBJECT)
		return 0;
	*out = ARENA_ARRAY(
	    mem, struct jmember, json_object_object_length(object.node) + 1);
	json_object_object_foreachC((json_object *)object.node, at)(*out)[n++] =
	    (struct jmember){ at.key, { at.val, object.blame } };
	return n;
}

/* A path's last name has a NUL behind it and can be looked up by its hash. */
bool
node_member(struct json object, struct slice name, struct json *out)
{
	struct json_object_iter at;
	json_object *found;

	if (name.p[name.n] == '\0') {
		if (!json_object_object_get_ex(object.node, name.p, &found))
			return false;
		*out = (struct json){ found, object.blame };
		return true;
	}
	json_object_object_foreachC((json_object *)object.node,
	    at) if (strncmp(at.key, name.p, name.n) == 0 &&
		    at.key[name.n] == '\0')
	{
		*out = (struct json){ at.val, object.blame };
		return true;
	}
	return false;
}

const char *
node_text(struct json j)
{
	return json_object_get_string(j.node);
}

int64_t
node_int(struct json j)
{
	return json_object_get_int64(j.node);
}

double
node_real(struct json j)
{
	return json_object_get_double(j.node);
}

bool
node_bool(struct json j)
{
	return json_object_get_boolean(j.node);
}

const char *
node_json(struct json j)
{
	return json_object_to_json_string_ext(
	    j.node, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}
