/* Any JSON against a shape of every type: taken whole or refused by name. */
#include <assert.h>

#include "web/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const words[] = { "a", "b", NULL };

struct inner {
	const char *text;
};

struct thing {
	const char *text;
	int64_t number;
	bool flag;
	int64_t at;
	const char *word;
	struct words words;
	struct words texts;
	const struct inner *inner;
	struct json any;
};

static const struct field inner_fields[] = {
	FIELD_TEXT(inner, text, .need = true, .max = 3),
	FIELD_END,
};
static const struct shape inner = SHAPE(inner, inner_fields);

static const struct field thing_fields[] = {
	FIELD_TEXT(thing, text, .max = 3, .hide = true),
	FIELD_INT(thing, number, .min = -1, .max = 9),
	FIELD_BOOL(thing, flag),
	FIELD_TIME(thing, at),
	FIELD_WORD(thing, word, .words = words),
	FIELD_WORDS(thing, words, .words = words, .max = 2),
	FIELD_TEXTS(thing, texts, .max = 2),
	FIELD_OBJECT(thing, inner, &inner),
	FIELD_ANY(thing, any),
	FIELD_END,
};
static const struct shape thing = SHAPE(thing, thing_fields);

static void
keeps_its_rules(const struct thing *t)
{
	assert(t->text == NULL || slice_of(t->text).n <= 3);
	assert(t->number >= -1 && t->number <= 9);
	assert(t->word == NULL || t->word == words[0] || t->word == words[1]);
	assert(t->words.n <= 2 && t->texts.n <= 2);
	assert(t->inner == NULL || slice_of(t->inner->text).n > 0);
}

static void
names_what_is_wrong(const struct fault *f)
{
	assert(f->rc == RC_INPUT && f->field != NULL && f->rule != NULL);
	assert(text_utf8(slice_of(f->field)));
	assert(f->got == NULL || text_utf8(slice_of(f->got)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cx cx = { .mem = arena_new(), .program = "fuzz" };
	struct slice text = { (const char *)p, n };
	struct json in;
	const void *out;

	if (json_read(&cx, text, 1 << 20, RC_INPUT, &in) == RC_OK) {
		if (shape_read(&cx, &thing, in, &out) == RC_OK)
			keeps_its_rules(out);
		else
			names_what_is_wrong(&cx.fault);
	}
	arena_free(cx.mem);
	return 0;
}
