/* Reading JSON by path, and blaming the right side when it is not there. */
#include <math.h>

#include "base/json_node.h"

static const char *const kind_words[] = {
	[JSON_NULL] = "null",
	[JSON_BOOL] = "true or false",
	[JSON_INT] = "a whole number",
	[JSON_REAL] = "a number",
	[JSON_TEXT] = "a text",
	[JSON_LIST] = "a list",
	[JSON_OBJECT] = "an object",
};

/* Nine digits are more than any list has. */
static bool
read_index(struct slice name, size_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < name.n; i++) {
		if (name.p[i] < '0' || name.p[i] > '9')
			return false;
		*out = *out * 10 + (size_t)(name.p[i] - '0');
	}
	return name.n > 0 && name.n <= 9;
}

/* One step of a path: a name in an object, a number in a list. */
static bool
step(struct json j, struct slice name, struct json *out)
{
	size_t i;

	if (json_kind(j) == JSON_OBJECT)
		return node_member(j, name, out);
	if (!read_index(name, &i) || i >= jlen(j))
		return false;
	*out = jitem(j, i);
	return true;
}

static bool
walk(struct json j, const char *path, struct json *out)
{
	struct slice rest = slice_of(path);
	struct slice name;

	*out = j;
	while (text_next(&rest, '.', &name))
		if (!step(*out, name, out)) {
			*out = (struct json){ NULL, j.blame };
			return false;
		}
	return true;
}

enum rc
jget(struct cx *cx, struct json j, const char *path, struct json *out)
{
	if (walk(j, path, out))
		return RC_OK;
	return rc_field(cx, j.blame, path, "there", NULL);
}

/* What was got is named by its kind: its content may be personal. */
static enum rc
get(struct cx *cx, struct json j, const char *path, enum json_kind want,
    struct json *out)
{
	const bool there = walk(j, path, out);
	const enum json_kind is = json_kind(*out);

	if (is == want || (want == JSON_REAL && is == JSON_INT))
		return RC_OK;
	return rc_field(
	    cx, j.blame, path, kind_words[want], there ? kind_words[is] : NULL);
}

enum rc
jget_object(struct cx *cx, struct json j, const char *path, struct json *out)
{
	return get(cx, j, path, JSON_OBJECT, out);
}

enum rc
jget_list(struct cx *cx, struct json j, const char *path, struct json *out)
{
	return get(cx, j, path, JSON_LIST, out);
}

enum rc
jget_text(struct cx *cx, struct json j, const char *path, const char **out)
{
	struct json found;

	TRY(get(cx, j, path, JSON_TEXT, &found));
	*out = node_text(found);
	return RC_OK;
}

enum rc
jget_int(struct cx *cx, struct json j, const char *path, int64_t *out)
{
	struct json found;

	TRY(get(cx, j, path, JSON_INT, &found));
	*out = node_int(found);
	return RC_OK;
}

enum rc
jget_real(struct cx *cx, struct json j, const char *path, double *out)
{
	struct json found;

	TRY(get(cx, j, path, JSON_REAL, &found));
	*out = node_real(found);
	if (isfinite(*out))
		return RC_OK;
	return rc_field(
	    cx, j.blame, path, "a number below 1e308", "a larger one");
}

enum rc
jget_bool(struct cx *cx, struct json j, const char *path, bool *out)
{
	struct json found;

	TRY(get(cx, j, path, JSON_BOOL, &found));
	*out = node_bool(found);
	return RC_OK;
}

bool
jhas(struct json j, const char *path)
{
	struct slice rest = slice_of(path);
	struct slice name;

	while (text_next(&rest, '.', &name)) {
		if (json_kind(j) == JSON_NULL)
			return true;
		if (!step(j, name, &j))
			return false;
	}
	return true;
}

struct json
jat(struct json j, const char *path)
{
	struct json found;

	(void)walk(j, path, &found);
	return found;
}

const char *
jtext_or(struct json j, const char *path, const char *fallback)
{
	const struct json found = jat(j, path);

	return json_kind(found) == JSON_TEXT ? node_text(found) : fallback;
}

int64_t
jint_or(struct json j, const char *path, int64_t fallback)
{
	const struct json found = jat(j, path);

	return json_kind(found) == JSON_INT ? node_int(found) : fallback;
}

bool
jbool_or(struct json j, const char *path, bool fallback)
{
	const struct json found = jat(j, path);

	return json_kind(found) == JSON_BOOL ? node_bool(found) : fallback;
}

const char *
jtext(struct arena *mem, struct json j)
{
	return text_dup(mem, node_json(j));
}
