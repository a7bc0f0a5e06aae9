/* The ledger. */
#include "ledger.h"

static struct tally *
tally_of(struct ledger *l, const char *name)
{
	struct tally **end = &l->tallies;

	while (*end != NULL && !text_same((*end)->name, name))
		end = &(*end)->next;
	if (*end == NULL) {
		*end = ARENA_NEW(l->mem, struct tally);
		(*end)->name = text_dup(l->mem, name);
	}
	return *end;
}

void
ledger_add(struct ledger *l, const char *name, int64_t n)
{
	tally_of(l, name)->n += n;
}

void
ledger_count(struct ledger *l, const char *name)
{
	ledger_add(l, name, 1);
}

void
ledger_call(struct ledger *l, const struct token_call *call)
{
	struct token_call *c;

	if (l->n_calls == LEDGER_CALLS_MAX)
		return;
	c = ARENA_NEW(l->mem, struct token_call);
	*c = *call;
	c->shop = text_dup(l->mem, call->shop);
	c->grant = text_dup(l->mem, call->grant);
	c->error = call->error ? text_dup(l->mem, call->error) : NULL;
	c->next = l->calls;
	l->calls = c;
	l->n_calls++;
}

void
ledger_clear(struct ledger *l)
{
	l->tallies = NULL;
	l->calls = NULL;
	l->n_calls = 0;
}

static void
write_calls(struct jw *w, const struct token_call *c)
{
	if (c == NULL)
		return;
	write_calls(w, c->next);
	jw_object(w, NULL);
	jw_int(w, "at_ms", c->at_ms);
	jw_text(w, "shop", c->shop);
	jw_text(w, "grant", c->grant);
	jw_int(w, "status", c->status);
	jw_text(w, "error", c->error);
	jw_close(w);
}

void
ledger_write(struct jw *w, const struct ledger *l)
{
	const struct tally *t;

	jw_object(w, "counts");
	for (t = l->tallies; t != NULL; t = t->next)
		jw_int(w, t->name, t->n);
	jw_close(w);
	jw_list(w, "tokens");
	write_calls(w, l->calls);
	jw_close(w);
}

void
ledger_read(struct ledger *l, struct json in)
{
	const struct json calls = jat(in, "tokens");
	struct jmember *m;
	const size_t n = jmembers(l->mem, jat(in, "counts"), &m);
	struct json c;
	size_t i;

	for (i = 0; i < n; i++)
		tally_of(l, m[i].name)->n = jint_or(m[i].value, "", 0);
	for (i = 0; i < jlen(calls); i++) {
		c = jitem(calls, i);
		ledger_call(
		    l, &(struct token_call){ .at_ms = jint_or(c, "at_ms", 0),
			   .shop = jtext_or(c, "shop", ""),
			   .grant = jtext_or(c, "grant", ""),
			   .status = jint_or(c, "status", 0),
			   .error = jtext_or(c, "error", NULL) });
	}
}
