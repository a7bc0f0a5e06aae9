/* The requested cost, from the plan alone. */
#include "cost.h"
#include "page.h"

/* The logarithm is drawn straight between powers of two. */
double
cost_weight(int64_t n)
{
	double log2 = 0, left = (double)n;

	if (n < 1)
		return 0;
	for (; left >= 2; left /= 2)
		log2++;
	return 1 + 1.38 * (log2 + left - 1);
}

int64_t
cost_round(double points)
{
	return (int64_t)(points + 0.5);
}

static double of_plan(const struct plan *plan, int64_t size);

/* The dearest of the types an object may have. */
static double
of_object(const struct plan *plan, int64_t size)
{
	double most = 0, points;

	for (; plan != NULL; plan = plan->other) {
		points = of_plan(plan, size);
		if (points > most)
			most = points;
	}
	return most;
}

/* How many objects a list is asked for: ids given, else its `first`, else one.
 * The nodes and edges of a connection take the connection's own. */
static int64_t
list_size(const struct plan_field *f, int64_t page)
{
	const struct literal *ids = plan_arg(f, "ids");

	if (page > 0)
		return page;
	if (ids != NULL && ids->kind == LIT_LIST)
		return (int64_t)ids->n;
	return plan_int(f, "first", 1);
}

static bool
is_list(const struct type_field *f)
{
	return f->type.of != NULL;
}

static double
of_field(const struct plan_field *f, int64_t page)
{
	const struct type *of = f->field->of;

	if (f->inside == NULL)
		return 0;
	if (of->node != NULL && !is_list(f->field) && of->free)
		return of_object(f->inside, page_size(f));
	if (is_list(f->field))
		return cost_weight(list_size(f, page)) *
		       of_object(f->inside, 0);
	return of_object(f->inside, 0);
}

static double
of_plan(const struct plan *plan, int64_t page)
{
	double points = plan->type->free ? 0 : 1;
	const struct plan_field *f;

	for (f = plan->fields; f != NULL; f = f->next)
		points += of_field(f, page);
	return points;
}

/* A mutation has one price, whatever is asked of what it gives. */
int64_t
cost_asked(const struct plan *plan)
{
	const bool mutates = text_same(plan->type->name, "Mutation");
	double points = 0;
	const struct plan_field *f;

	for (f = plan->fields; f != NULL; f = f->next)
		points += mutates ? COST_MUTATION : of_field(f, 0);
	return cost_round(points);
}
