/* The answer: every field asked for, of every object. */
#include <string.h>

#include "base/clock.h"
#include "cost.h"
#include "money.h"
#include "page.h"
#include "run.h"
#include "scopes.h"

/* ---- what a token may see */

bool
run_may(const struct run *run, const char *scope)
{
	return scopes_have(&run->app->scopes, scope);
}

bool
run_sees(const struct run *run, const struct order *order)
{
	return run->app->all_orders ||
	       order->thing.created_at >= run->now - ORDERS_SEEN_S;
}

struct value
run_refuse(struct run *run, const char *code, const char *message)
{
	problems_add(run->problems, &(struct problem){
					.message = message,
					.at = run->field->at,
					.path = run->path,
					.code = code,
				    });
	return value_null();
}

struct value
run_count(struct run *run, int64_t n)
{
	struct count *c = ARENA_NEW(run->cx->mem, struct count);

	c->count = n;
	c->precision = "EXACT";
	return value_object(c);
}

static void
say_denied(struct run *run, const char *scope)
{
	const char *needed =
	    text_fmt(run->cx->mem, "`%s` access scope.", scope);

	problems_add(run->problems,
	    &(struct problem){
		.message = text_fmt(run->cx->mem,
		    "Access denied for %s field. Required access: %s",
		    run->field->field->name, needed),
		.at = run->field->at,
		.path = run->path,
		.code = "ACCESS_DENIED",
		.more = { { "documentation",
			      "https://shopify.dev/api/usage/access-scopes" },
		    { "requiredAccess", needed } },
	    });
}

static void
say_not_approved(struct run *run, const char *type)
{
	problems_add(run->problems,
	    &(struct problem){
		.message = text_fmt(run->cx->mem,
		    "This app is not approved to access the %s object. See "
		    "https://shopify.dev/docs/apps/launch/"
		    "protected-customer-data for more details.",
		    type),
		.at = run->field->at,
		.path = run->path,
		.code = "ACCESS_DENIED",
		.more = { { "documentation",
		    "https://shopify.dev/docs/apps/launch/"
		    "protected-customer-data" } },
	    });
}

/* Whether objects of this type may be shown; says so where not. */
static bool
may_see(struct run *run, const struct type *t)
{
	const struct type *node = t->node ? t->node : t;

	if (node->scope != NULL && !run_may(run, node->scope)) {
		say_denied(run, node->scope);
		return false;
	}
	if (run->app->approval == APPROVED_NOT &&
	    (text_same(node->name, "Customer") ||
		text_same(node->name, "Order"))) {
		say_not_approved(run, node->name);
		return false;
	}
	return true;
}

static bool
may_answer(struct run *run, const struct type_field *f)
{
	if (f->scope != NULL && !run_may(run, f->scope)) {
		say_denied(run, f->scope);
		return false;
	}
	if (f->personal && run->app->approval != APPROVED_FULL)
		return false;
	return may_see(run, f->of);
}

/* ---- a field's value out of its object */

static const char *
gid_of(struct run *run, const char *type, int64_t id)
{
	return text_fmt(
	    run->cx->mem, "gid://shopify/%s/%lld", type, (long long)id);
}

static struct value
number_at(
    struct run *run, const struct type_field *f, const char *type, int64_t n)
{
	struct arena *mem = run->cx->mem;

	switch (f->how) {
	case HOW_ID:
		return value_words(gid_of(run, type, n));
	case HOW_NUMBER:
		return value_words(text_fmt(mem, "%lld", (long long)n));
	case HOW_TIME:
		return value_words(n ? clock_text(mem, n) : NULL);
	case HOW_MONEY:
		return value_words(n == NO_MONEY ? NULL : money_text(mem, n));
	case HOW_DECIMAL:
		return value_words(money_decimal(mem, n));
	default:
		return value_int(n);
	}
}

static struct list
cut_list(struct list list, const struct plan_field *f)
{
	const int64_t first = plan_int(f, "first", INT64_MAX);

	if (first < (int64_t)list.n)
		list.n = first < 0 ? 0 : (size_t)first;
	return list;
}

static struct value
value_of(struct run *run, const void *object, const struct type *type,
    const struct plan_field *f)
{
	const struct type_field *field = f->field;
	const char *at = (const char *)object + field->offset;

	switch (field->how) {
	case HOW_CALL:
		if (field->call == NULL)
			return value_words(type->name);
		return field->call(run, object, f);
	case HOW_FIXED:
		return value_words(field->fixed);
	case HOW_YES:
	case HOW_NO:
		return value_bool(field->how == HOW_YES);
	case HOW_TEXT:
		return value_words(*(const char *const *)(const void *)at);
	case HOW_TEXTS:
		return (struct value){ .kind = IS_TEXTS,
			.texts = *(const struct texts *)(const void *)at };
	case HOW_BOOL:
		return value_bool(*(const bool *)(const void *)at);
	case HOW_LINK:
		return value_object(*(const void *const *)(const void *)at);
	case HOW_PART:
		return value_object(at);
	case HOW_LIST:
		return value_list(
		    cut_list(*(const struct list *)(const void *)at, f));
	case HOW_PAGE:
		return page_of(
		    run, *(const struct list *)(const void *)at, NULL, f);
	default:
		return number_at(
		    run, field, type->name, *(const int64_t *)(const void *)at);
	}
}

/* ---- writing */

static double write_object(struct run *run, const struct plan *plan,
    const void *object, const char *key);

/* One object, of the type given or (NULL) of the field's own. */
static double
write_one(struct run *run, const struct plan_field *f, const void *object,
    const struct type *type, const char *key)
{
	const struct plan *plan = plan_for(f, type);

	if (object == NULL || plan == NULL ||
	    (type != NULL && !may_see(run, type))) {
		jw_null(run->w, key);
		return 0;
	}
	return write_object(run, plan, object, key);
}

static double
write_list(struct run *run, const struct plan_field *f, const struct value *v)
{
	const struct list *list = &v->list;
	const struct crumb *up = run->path;
	double points = 0;
	int64_t n = 0;
	size_t i;

	jw_list(run->w, f->key);
	for (i = 0; i < list->n; i++) {
		const struct crumb here = { .up = up, .index = i };

		run->path = &here;
		points += write_one(run, f, list->items[i],
		    v->types ? v->types[i] : NULL, NULL);
		n += list->items[i] != NULL;
	}
	run->path = up;
	jw_close(run->w);
	return n == 0 ? 0 : cost_weight(n) * points / (double)n;
}

static void
write_texts(struct jw *w, const char *key, struct texts texts)
{
	size_t i;

	jw_list(w, key);
	for (i = 0; i < texts.n; i++)
		jw_text(w, NULL, texts.items[i]);
	jw_close(w);
}

static double
write_value(struct run *run, const struct plan_field *f, const struct value *v)
{
	switch (v->kind) {
	case IS_NULL:
		jw_null(run->w, f->key);
		break;
	case IS_TEXT:
		jw_text(run->w, f->key, v->text);
		break;
	case IS_INT:
		jw_int(run->w, f->key, v->number);
		break;
	case IS_BOOL:
		jw_bool(run->w, f->key, v->number != 0);
		break;
	case IS_TEXTS:
		write_texts(run->w, f->key, v->texts);
		break;
	case IS_OBJECT:
		return write_one(run, f, v->object, v->type, f->key);
	case IS_LIST:
		return write_list(run, f, v);
	}
	return 0;
}

struct value
run_value(struct run *run, const struct type *type, const void *object,
    const struct plan_field *f)
{
	const struct plan_field *before = run->field;
	struct value v = value_null();

	run->field = f;
	if (may_answer(run, f->field))
		v = value_of(run, object, type, f);
	run->field = before;
	return v;
}

static double
write_field(struct run *run, const struct type *type, const void *object,
    const struct plan_field *f)
{
	const struct crumb *up = run->path;
	const struct crumb here = { .up = up, .name = f->key };
	const struct plan_field *before = run->field;
	struct value v = value_null();
	double points;

	run->path = &here;
	run->field = f;
	if (may_answer(run, f->field))
		v = value_of(run, object, type, f);
	points = write_value(run, f, &v);
	run->path = up;
	run->field = before;
	return points;
}

static double
write_object(struct run *run, const struct plan *plan, const void *object,
    const char *key)
{
	const struct plan_field *f;
	double points = plan->type->free ? 0 : 1;

	jw_object(run->w, key);
	for (f = plan->fields; f != NULL; f = f->next)
		points += write_field(run, plan->type, object, f);
	jw_close(run->w);
	return points;
}

/* In a bulk file children stand on lines of their own. */
static bool
is_apart(const struct run *run, const struct plan_field *f)
{
	return run->bulk && f->field->of->node != NULL;
}

void
run_line(struct run *run, const struct plan *plan, const void *object,
    const char *parent)
{
	const struct plan_field *f;

	jw_object(run->w, NULL);
	for (f = plan->fields; f != NULL; f = f->next)
		if (!is_apart(run, f))
			(void)write_field(run, plan->type, object, f);
	if (parent != NULL)
		jw_text(run->w, "__parentId", parent);
	jw_close(run->w);
}

double
run_plan(struct run *run, const struct plan *plan)
{
	const bool mutates = text_same(plan->type->name, "Mutation");
	const struct plan_field *f;
	double points = 0, asked;

	for (f = plan->fields; f != NULL; f = f->next) {
		asked = write_field(run, plan->type, NULL, f);
		points += mutates ? COST_MUTATION : asked;
	}
	return points;
}
