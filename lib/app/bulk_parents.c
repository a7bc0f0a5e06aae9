/* The parents of a chunk's lines. */
#include "app/bulk_parents.h"

#include <stdlib.h>
#include <string.h>

static bool
is_sealed(enum intake_table table)
{
	return table == IN_ORDER || table == IN_ORDER_STUB ||
	       table == IN_CUSTOMER || table == IN_LINE || table == IN_REFUND;
}

static int
by_id(const void *a, const void *b)
{
	const struct bulk_parent *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

struct bulk_parent *
bulk_parent_find(const struct bulk_chunk *c, int64_t id)
{
	const struct bulk_parent key = { .id = id };

	return c->n_parents == 0 ? NULL
				 : bsearch(&key, c->parents, c->n_parents,
				       sizeof(key), by_id);
}

/* ---- those in the chunk */

static enum rc
root_of(struct cx *cx, const struct resource *r, const struct bulk_line *line,
    struct bulk_parent *out)
{
	struct intake_order order;

	*out = (struct bulk_parent){ .id = line->id,
		.updated_at = jtext_or(line->object, "updatedAt", NULL),
		.wanted = r->wanted ? jint_or(line->object, r->wanted, 0) : 0 };
	if (r->table == IN_CUSTOMER)
		out->subject = (struct subject){ 'c', line->id };
	if (r->table != IN_ORDER && r->table != IN_ORDER_STUB)
		return RC_OK;
	TRY(intake_order_read(cx, line->object, &order));
	out->subject = order.subject;
	if (r->table == IN_ORDER_STUB)
		out->updated_at = NULL; /* whichever row there is */
	return RC_OK;
}

static enum rc
roots_of(struct cx *cx, struct bulk_chunk *c)
{
	struct bulk_parent *last = NULL;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (c->lines[i].parent != 0)
			continue;
		last = &c->parents[c->n_parents++];
		TRY(root_of(cx, c->source->resource, &c->lines[i], last));
	}
	if (last != NULL)
		last->last = true;
	return RC_OK;
}

/* ---- those of before */

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Numbers of parents that are not among those we have, each once. */
static size_t
missing(struct cx *cx, const struct bulk_chunk *c, int64_t **out)
{
	int64_t *ids = ARENA_ARRAY(cx->mem, int64_t, c->n + 1);
	size_t i, n = 0, kept = 0;

	for (i = 0; i < c->n; i++)
		if (c->lines[i].parent != 0 &&
		    bulk_parent_find(c, c->lines[i].parent) == NULL)
			ids[n++] = c->lines[i].parent;
	qsort(ids, n, sizeof(*ids), by_number);
	for (i = 0; i < n; i++)
		if (kept == 0 || ids[i] != ids[kept - 1])
			ids[kept++] = ids[i];
	*out = ids;
	return kept;
}

static void
sort(struct bulk_chunk *c)
{
	size_t i, kept = 0;

	qsort(c->parents, c->n_parents, sizeof(*c->parents), by_id);
	for (i = 0; i < c->n_parents; i++) {
		if (kept > 0 && c->parents[kept - 1].id == c->parents[i].id) {
			c->parents[kept - 1].last |= c->parents[i].last;
			continue;
		}
		c->parents[kept++] = c->parents[i];
	}
	c->n_parents = kept;
}

typedef enum rc load_fn(struct cx *cx, const struct bulk_part *part,
    const int64_t *ids, size_t n, struct bulk_parent **out, size_t *n_out);

static enum rc
load_missing(struct cx *cx, struct bulk_chunk *c, load_fn *load)
{
	struct bulk_parent *more;
	int64_t *ids;
	size_t n = missing(cx, c, &ids), i;

	if (n == 0)
		return RC_OK;
	TRY(load(cx, c->source->part, ids, n, &more, &n));
	for (i = 0; i < n; i++)
		c->parents[c->n_parents++] = more[i];
	sort(c);
	return RC_OK;
}

/* ---- their keys */

static enum rc
load_salts(struct cx *cx, struct bulk_chunk *c)
{
	struct subject *list =
	    ARENA_ARRAY(cx->mem, struct subject, c->n_parents + 1);
	size_t i, n = 0;

	for (i = 0; i < c->n_parents; i++)
		if (c->parents[i].subject.kind != '\0')
			list[n++] = c->parents[i].subject;
	return n == 0 ? RC_OK : keys_subjects(cx, &c->keys, KEYS_MAKE, list, n);
}

static enum rc
derive(struct cx *cx, const struct bulk_chunk *c, struct bulk_parent *p)
{
	struct blob_key *key;
	enum rc rc;

	if (p->subject.kind == '\0')
		return RC_OK;
	key = arena_alloc_secret(cx->mem, sizeof(*key));
	rc = keys_subject(cx, &c->keys, p->subject, 0, key);
	if (rc == RC_ABSENT) /* forgotten */
		return RC_OK;
	TRY(rc);
	p->key = key;
	return RC_OK;
}

enum rc
bulk_parents_join(struct cx *cx, struct bulk_chunk *c)
{
	size_t i;

	c->parents = ARENA_ARRAY(cx->mem, struct bulk_parent, 2 * c->n + 1);
	TRY(roots_of(cx, c));
	sort(c);
	TRY(load_missing(cx, c, bulk_parents_load));
	if (c->late)
		TRY(load_missing(cx, c, bulk_parents_saved));
	TRY(load_salts(cx, c));
	for (i = 0; i < c->n_parents; i++)
		TRY(derive(cx, c, &c->parents[i]));
	return RC_OK;
}

/* ---- what rows need of them */

struct map_owner
bulk_parent_owner(const struct bulk_chunk *c, const struct bulk_parent *parent,
    enum intake_table table)
{
	const bool orders =
	    table != IN_PRODUCT && table != IN_VARIANT && table != IN_CUSTOMER;

	return (struct map_owner){
		.keys = is_sealed(table) ? &c->keys : NULL,
		.subject = parent->subject,
		.key = is_sealed(table) ? parent->key : NULL,
		.subject_columns = orders,
		.parent_column = orders ? "order_id" : "product_id",
		.parent_id = parent->id,
		.parent_updated_at = parent->updated_at,
	};
}

void
bulk_refund_note(struct cx *cx, struct bulk_chunk *c, int64_t id)
{
	enum { STEP = 256 };
	int64_t *more;

	if (c->n_refunds % STEP == 0) {
		more = ARENA_ARRAY(cx->mem, int64_t, c->n_refunds + STEP);
		if (c->n_refunds > 0)
			memcpy(more, c->refunds, c->n_refunds * sizeof(*more));
		c->refunds = more;
	}
	c->refunds[c->n_refunds++] = id;
}

/* ---- afterwards */

/* The last one's children are in the next chunk, too, as a rule. */
static bool
is_open(const struct bulk_chunk *c, const struct bulk_parent *p)
{
	return c->source->resource->child != IN_TABLES &&
	       (p->got < p->wanted || p->last);
}

enum rc
bulk_parents_keep(struct cx *cx, const struct bulk_chunk *c)
{
	struct bulk_parent *open =
	    ARENA_ARRAY(cx->mem, struct bulk_parent, c->n_parents + 1);
	int64_t *whole = ARENA_ARRAY(cx->mem, int64_t, c->n_parents + 1);
	size_t n_open = 0, n_whole = 0, i;

	for (i = 0; i < c->n_parents; i++) {
		if (is_open(c, &c->parents[i]))
			open[n_open++] = c->parents[i];
		else if (c->parents[i].stored)
			whole[n_whole++] = c->parents[i].id;
	}
	TRY(bulk_parents_save(cx, c->source->part, open, n_open));
	return bulk_left_drop(cx, c->source->part, "parent", whole, n_whole);
}
