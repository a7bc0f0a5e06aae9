/* Products and their variants, read whole. */
#include "app/intake.h"
#include "app/reread.h"

struct product {
	int64_t id;
	const char *updated_at;
};

static void
note_id(struct cx *cx, int64_t **list, size_t *n, int64_t id)
{
	enum { STEP = 64 };

	if (*n % STEP == 0) {
		int64_t *grown = ARENA_ARRAY(cx->mem, int64_t, *n + STEP);
		size_t i;

		for (i = 0; i < *n; i++)
			grown[i] = (*list)[i];
		*list = grown;
	}
	(*list)[(*n)++] = id;
}

static enum rc
take_variants(
    struct cx *cx, struct intake *in, struct json nodes, void *arg)
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
		note_id(cx, &in->variants, &in->n_variants, id);
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
	note_id(cx, &in->products, &in->n_products, product.id);
	TRY(take_variants(cx, in, jat(node, "variants.nodes"), &product));
	if (!jbool_or(node, "variants.pageInfo.hasNextPage", false))
		return RC_OK;
	return reread_connection(cx, in, GQL_PRODUCT_VARIANTS, gid,
	    "product.variants",
	    jtext_or(node, "variants.pageInfo.endCursor", NULL),
	    take_variants, &product);
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
