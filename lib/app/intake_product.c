/* Products and their variants, read whole. */
#include <string.h>

#include "app/intake.h"
#include "app/reread.h"

struct product {
	int64_t id;
	const char *updated_at;
};

/* The list, with room for one more. */
static void *
grown(struct cx *cx, void *list, size_t n, size_t size)
{
	enum { STEP = 64 };
	void *longer;

	if (n % STEP != 0)
		return list;
	longer = arena_array(cx->mem, size, n + STEP);
	if (n > 0)
		memcpy(longer, list, n * size);
	return longer;
}

static void
note_variant(struct cx *cx, struct intake *in, int64_t id)
{
	in->variants =
	    grown(cx, in->variants, in->n_variants, sizeof(*in->variants));
	in->variants[in->n_variants++] = id;
}

static void
note_product(struct cx *cx, struct intake *in, const struct product *p)
{
	const size_t n = in->n_products++;

	in->products = grown(cx, in->products, n, sizeof(*in->products));
	in->products_at =
	    grown(cx, in->products_at, n, sizeof(*in->products_at));
	in->products[n] = p->id;
	in->products_at[n] = p->updated_at;
}

static enum rc
take_variants(struct cx *cx, struct intake *in, struct json nodes, void *arg)
{
	const struct product *product = arg;
	const struct map_owner owner = {
		.parent_column = "product_id",
		.parent_id = product->id,
		.parent_updated_at = product->updated_at,
	};
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(nodes); i++) {
		TRY(intake_record(
		    cx, in, IN_VARIANT, jitem(nodes, i), &owner, &id));
		note_variant(cx, in, id);
	}
	return RC_OK;
}

static enum rc
take_product(struct cx *cx, struct intake *in, struct json node)
{
	const struct map_owner owner = { .keys = NULL };
	struct product product;
	const char *gid = jtext_or(node, "id", "");

	product.updated_at = jtext_or(node, "updatedAt", NULL);
	TRY(intake_record(cx, in, IN_PRODUCT, node, &owner, &product.id));
	if (!in->partial) /* REST gives a hundred variants at most */
		note_product(cx, in, &product);
	TRY(take_variants(cx, in, jat(node, "variants.nodes"), &product));
	if (!jbool_or(node, "variants.pageInfo.hasNextPage", false))
		return RC_OK;
	return reread_connection(cx, in, GQL_PRODUCT_VARIANTS, gid,
	    "product.variants",
	    jtext_or(node, "variants.pageInfo.endCursor", NULL), take_variants,
	    &product);
}

enum rc
intake_products(struct cx *cx, struct intake *in, struct json nodes)
{
	size_t i;

	for (i = 0; i < jlen(nodes); i++)
		if (jitem(nodes, i).node)
			TRY(take_product(cx, in, jitem(nodes, i)));
	return RC_OK;
}
