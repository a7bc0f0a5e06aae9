/* Variables from JSON, against what the operation declares. */
#include "variables.h"
#include "fits.h"

/* [{"path":[],"explanation":"..."}] */
static const char *
why_as_json(struct cx *cx, const char *why)
{
	struct buf b = buf_new(cx->mem, 1 << 20);
	struct jw w = jw_new(&b);

	jw_list(&w, NULL);
	jw_object(&w, NULL);
	jw_list(&w, "path");
	jw_close(&w);
	jw_text(&w, "explanation", why);
	jw_close(&w);
	jw_close(&w);
	return buf_text(&b);
}

static void
say_invalid(struct cx *cx, const struct doc_variable *v,
    const struct literal *value, const char *why, struct problems *problems)
{
	problems_add(problems,
	    &(struct problem){
		.message = text_fmt(cx->mem,
		    "Variable $%s of type %s was provided invalid value",
		    v->name, typed_text(cx->mem, &v->type)),
		.at = v->at,
		.code = "INVALID_VARIABLE",
		.raw_name = "value",
		.raw = value_text(cx->mem, value, false),
		.raw2_name = "problems",
		.raw2 = why_as_json(cx, why),
	    });
}

static void
give(struct cx *cx, const char *name, const struct literal *value,
    const struct given **out)
{
	struct given *g = ARENA_NEW(cx->mem, struct given);

	g->name = name;
	g->value = *value;
	g->next = *out;
	*out = g;
}

/* Whether `in` has the member at all: null counts. */
static bool
member(struct cx *cx, struct json in, const char *name, struct literal *out)
{
	struct jmember *m;
	const size_t n = jmembers(cx->mem, in, &m);
	size_t i;

	for (i = 0; i < n; i++)
		if (text_same(m[i].name, name)) {
			*out = value_of_json(cx->mem, m[i].value);
			return true;
		}
	return false;
}

enum rc
variables_read(struct cx *cx, const struct doc_operation *op, struct json in,
    struct problems *problems, const struct given **out)
{
	const struct doc_variable *v;
	const size_t before = problems->n;
	struct literal value;
	const char *why;

	*out = NULL;
	for (v = op->variables; v != NULL; v = v->next) {
		if (!member(cx, in, v->name, &value)) {
			if (v->fallback != NULL)
				give(cx, v->name, v->fallback, out);
			if (v->fallback != NULL || !v->type.required)
				continue;
			value = (struct literal){ .kind = LIT_NULL };
		}
		why = fits(cx->mem, &v->type, &value, FROM_JSON);
		if (why != NULL)
			say_invalid(cx, v, &value, why, problems);
		else
			give(cx, v->name, &value, out);
	}
	return problems->n == before ? RC_OK : RC_INPUT;
}
