/* Mutations of a shop's things. */
#include <string.h>

#include "base/log.h"
#include "change.h"
#include "mutation.h"
#include "schema.h"

/* Of a gid of a product, or 0. */
static int64_t
number_of(const char *gid)
{
	static const char head[] = "gid://shopify/Product/";
	int64_t id;

	if (gid == NULL || !text_starts(gid, head) ||
	    !text_int(gid + sizeof(head) - 1, 1, INT64_MAX, &id))
		return 0;
	return id;
}

static struct change
read_input(struct run *run, const struct literal *in)
{
	const struct literal *seo = value_member(in, "seo");
	struct change c = { .title = input_text(in, "title"),
		.html = input_text(in, "descriptionHtml"),
		.tags = input_texts(run->cx->mem, in, "tags", ", ") };

	if (seo != NULL && seo->kind == LIT_OBJECT) {
		c.seo_title = input_text(seo, "title");
		c.seo_description = input_text(seo, "description");
	}
	return c;
}

/* What cannot be told is logged: the change is made all the same. */
static void
update(struct cx *cx, struct shop *shop, int64_t id, const struct change *c)
{
	struct outbox o;

	if (outbox_begin(cx, &o) != RC_OK)
		log_fault(cx, "sandbox.webhook");
	rc_forget(cx);
	if (change_thing(cx, &o, shop, STOCK_PRODUCT, id, c) != RC_OK ||
	    outbox_end(cx, &o) != RC_OK)
		log_fault(cx, "sandbox.webhook");
	rc_forget(cx);
	outbox_forget(&o);
}

struct value
product_update(struct run *run, const void *object, const struct plan_field *f)
{
	const struct literal *in = plan_arg(f, "product");
	struct change c;
	int64_t id;

	(void)object;
	if (in == NULL || in->kind != LIT_OBJECT)
		return mutation_wrong(run, "product", "Product can't be blank");
	id = number_of(input_text(in, "id"));
	c = read_input(run, in);
	if (stock_find(run->shop, STOCK_PRODUCT, id) == NULL)
		return mutation_wrong(run, "id", "Product does not exist");
	if (c.title != NULL && *c.title == '\0')
		return mutation_wrong(run, "title", "Title can't be blank");
	update(run->cx, run->shop, id, &c);
	sandbox_keep(run->cx);
	return mutation_done(run, stock_find(run->shop, STOCK_PRODUCT, id));
}

static struct type_field updated_fields[] = {
	F_LINK("product", "Product", mutation, thing),
	F_LIST("userErrors", "[UserError!]!", mutation, errors),
	F_END,
};

static struct type_field seo_input[] = {
	F_IN("title", "String"),
	F_IN("description", "String"),
	F_END,
};

static struct type_field product_input[] = {
	F_IN("id", "ID"),
	F_IN("title", "String"),
	F_IN("descriptionHtml", "String"),
	F_IN("tags", "[String!]"),
	F_IN("seo", "SEOInput"),
	F_END,
};

struct type change_types[] = {
	T_OBJECT("ProductUpdatePayload", updated_fields, .free = true),
	T_INPUT("ProductUpdateInput", product_input),
	T_INPUT("SEOInput", seo_input),
	{ .name = NULL },
};
