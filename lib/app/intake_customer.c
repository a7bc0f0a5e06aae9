/* Customers: each is its own data subject. */
#include "app/intake.h"
#include "shopify/name.h"

static enum rc
load_subjects(struct cx *cx, struct intake *in, struct json nodes)
{
	struct subject *list =
	    ARENA_ARRAY(cx->mem, struct subject, jlen(nodes) + 1);
	size_t i, n = 0;

	for (i = 0; i < jlen(nodes); i++) {
		const char *gid = jtext_or(jitem(nodes, i), "id", NULL);

		if (gid && gid_number(gid, &list[n].id))
			list[n++].kind = 'c';
	}
	return keys_subjects(cx, &in->keys, KEYS_MAKE, list, n);
}

static enum rc
take_customer(struct cx *cx, struct intake *in, struct json node)
{
	struct map_owner owner = {
		.keys = &in->keys,
		.subject = { .kind = 'c' },
	};
	int64_t id;

	if (!gid_number(jtext_or(node, "id", ""), &owner.subject.id))
		return rc_fail(cx, RC_REMOTE, "a customer without an id");
	return intake_record(cx, in, IN_CUSTOMER, node, &owner, &id);
}

enum rc
intake_customers(struct cx *cx, struct intake *in, struct json nodes)
{
	size_t i;

	TRY(load_subjects(cx, in, nodes));
	for (i = 0; i < jlen(nodes); i++)
		if (jitem(nodes, i).node)
			TRY(take_customer(cx, in, jitem(nodes, i)));
	return RC_OK;
}
