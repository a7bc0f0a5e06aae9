/* Any selection gives the projection of the full answer. */
#include <atf-c.h>
#include <stdio.h>

#include "../../sandbox/dice.h"
#include "ask.h"

enum { DEPTH = 6, ROUNDS = 50, BYTES = 16 << 20 };

/* A field asked for, under a name of its own or its own name. */
struct pick {
	const struct type_field *field;
	const char *args;
	const char *key;
	struct pick *inside;
	struct pick *next;
};

/* ---- the tree of everything, and random parts of it */

/* What a field must be given, so that lists are short; NULL: leave it out. */
static const char *
args_for(const struct shop *shop, const struct type_field *f)
{
	const struct thing *order = shop->all[STOCK_ORDER].items[3];
	const struct thing *product = shop->all[STOCK_PRODUCT].items[0];

	if (f->args_text == NULL)
		return "";
	if (text_same(f->args_text, "id: ID!")) {
		if (text_same(f->name, "order"))
			return text_fmt(test_arena(),
			    "(id: \"gid://shopify/Order/%lld\")",
			    (long long)order->id);
		if (text_same(f->name, "product"))
			return text_fmt(test_arena(),
			    "(id: \"gid://shopify/Product/%lld\")",
			    (long long)product->id);
		return NULL;
	}
	if (text_starts(f->args_text, "ids:"))
		return NULL;
	return text_ends(f->of->name, "Connection") ? "(first: 2)" : "";
}

static struct pick *
everything(const struct shop *shop, const struct type *t, int depth)
{
	struct pick *first = NULL, **end = &first;
	const struct type_field *f;
	const char *args;

	for (f = t->fields; f->name != NULL; f++) {
		args = args_for(shop, f);
		if (args == NULL || (type_composite(f->of) && depth == 0))
			continue;
		*end = ARENA_NEW(test_arena(), struct pick);
		(*end)->field = f;
		(*end)->args = args;
		(*end)->key = f->name;
		if (type_composite(f->of))
			(*end)->inside = everything(shop, f->of, depth - 1);
		if (!type_composite(f->of) || (*end)->inside != NULL)
			end = &(*end)->next;
	}
	*end = NULL;
	return first;
}

/* Some of the fields, in another order, some renamed; never none. */
static struct pick *
some(struct dice *d, const struct pick *all, int percent)
{
	struct pick *first = NULL, *p;
	const struct pick *from;
	int n = 0;

	for (from = all; from != NULL; from = from->next) {
		if (!dice_percent(d, percent) &&
		    !(from->next == NULL && first == NULL))
			continue;
		p = ARENA_NEW(test_arena(), struct pick);
		*p = *from;
		if (dice_percent(d, 20))
			p->key = text_fmt(test_arena(), "a%d", n++);
		if (from->inside != NULL)
			p->inside = some(d, from->inside, percent);
		if (first == NULL || dice_percent(d, 50)) {
			p->next = first;
			first = p;
		} else {
			p->next = first->next;
			first->next = p;
		}
	}
	return first;
}

/* ---- as a document; here and there inside a fragment of no effect */

static void
write_picks(struct buf *b, struct dice *d, const struct pick *p)
{
	for (; p != NULL; p = p->next) {
		const bool wrapped = d != NULL && dice_percent(d, 10);

		if (wrapped)
			buf_add(b, "... @include(if: true) { ");
		if (!text_same(p->key, p->field->name))
			buf_addf(b, "%s: ", p->key);
		buf_addf(b, "%s%s ", p->field->name, p->args);
		if (p->inside != NULL) {
			buf_add(b, "{ ");
			write_picks(b, d, p->inside);
			buf_add(b, "} ");
		}
		if (wrapped)
			buf_add(b, "} ");
	}
}

static struct json
data_of(struct shop *shop, struct dice *d, const struct pick *picks)
{
	struct buf b = buf_new(test_arena(), BYTES);
	struct question q;
	struct json a;

	buf_add(&b, "{ ");
	write_picks(&b, d, picks);
	buf_add(&b, "}");
	q = ask_of(shop, buf_text(&b));
	q.cost_max = INT64_MAX;
	q.bucket->available = q.bucket->size = 1e15;
	a = ask_question(&q);
	ATF_REQUIRE_MSG(jlen(jat(a, "errors")) == 0, "%s\n%s",
	    ask_text(a, "errors"), buf_text(&b));
	return jat(a, "data");
}

/* ---- what the full answer has for these fields */

static void
project(struct jw *w, const char *name, struct json full, const struct pick *p)
{
	size_t i;

	if (p == NULL || json_kind(full) == JSON_NULL) {
		jw_json(w, name, full);
		return;
	}
	if (json_kind(full) == JSON_LIST) {
		jw_list(w, name);
		for (i = 0; i < jlen(full); i++)
			project(w, NULL, jitem(full, i), p);
		jw_close(w);
		return;
	}
	jw_object(w, name);
	for (; p != NULL; p = p->next)
		project(w, p->key, jat(full, p->field->name), p->inside);
	jw_close(w);
}

ATF_TC_WITHOUT_HEAD(fifty_random_selections_are_parts_of_the_full_answer);
ATF_TC_BODY(fifty_random_selections_are_parts_of_the_full_answer, tc)
{
	struct shop *shop = ask_shop(7, 12, 12, 6);
	const struct pick *all =
	    everything(shop, types_find("QueryRoot"), DEPTH);
	const struct json full = data_of(shop, NULL, all);
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		struct dice d = dice_of(20261124, 1, i);
		struct pick *part = some(&d, all, 15 + (int)i);
		struct buf b = buf_new(test_arena(), BYTES);
		struct jw w = jw_new(&b);

		project(&w, NULL, full, part);
		OK(jw_end(&w));
		ATF_REQUIRE_STREQ(jtext(test_arena(), test_json(buf_slice(&b))),
		    jtext(test_arena(), data_of(shop, &d, part)));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, fifty_random_selections_are_parts_of_the_full_answer);
	return atf_no_error();
}
