/* Webhook subscriptions in the schema; what is done with them is in
 * hook_calls.c. */
#include "base/conf.h"
#include "hook_topic.h"
#include "hooks.h"
#include "mutation.h"
#include "schema.h"
#include "version.h"

/* Texts that are kept as one, a blank between two. */
static struct value
texts_of(struct run *run, const char *text)
{
	struct gather g = { .mem = run->cx->mem };
	struct slice rest = slice_of(text ? text : ""), part;
	struct value v = { .kind = IS_TEXTS };

	while (text_next(&rest, ' ', &part))
		gather_add(&g, text_of(g.mem, part));
	v.texts.items = (const char *const *)(const void *)g.items;
	v.texts.n = g.n;
	return v;
}

static struct value
include(struct run *run, const void *object, const struct plan_field *f)
{
	(void)f;
	return texts_of(run, ((const struct hook *)object)->include);
}

static struct value
namespaces(struct run *run, const void *object, const struct plan_field *f)
{
	(void)f;
	return texts_of(run, ((const struct hook *)object)->namespaces);
}

static struct value
nothing(struct run *run, const void *object, const struct plan_field *f)
{
	(void)run;
	(void)object;
	(void)f;
	return value_list((struct list){ NULL, 0 });
}

/* The app's own version: a subscription cannot have another. */
static struct value
api_version(struct run *run, const void *object, const struct plan_field *f)
{
	const struct version *v;
	size_t i;

	(void)run;
	(void)object;
	(void)f;
	for (i = 0; (v = version_at(i)) != NULL; i++)
		if (text_same(v->handle, conf_text(C_API_VERSION)))
			return value_object(v);
	return value_object(version_at(0));
}

static struct value
endpoint(struct run *run, const void *object, const struct plan_field *f)
{
	struct value v = value_object(object);

	(void)run;
	(void)f;
	v.type = types_find("WebhookHttpEndpoint");
	return v;
}

static struct type_field hook_fields[] = {
	F_ID("id", hook, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", hook, thing.id),
	F_TEXT("topic", "WebhookSubscriptionTopic!", hook, topic),
	F_TEXT("uri", "String!", hook, uri),
	F_TEXT("callbackUrl", "URL!", hook, uri),
	F_CALL("endpoint", "WebhookSubscriptionEndpoint!", endpoint),
	F_TEXT("format", "WebhookSubscriptionFormat!", hook, format),
	F_TEXT("filter", "String", hook, filter),
	F_TEXT("name", "String", hook, name),
	F_CALL("includeFields", "[String!]!", include),
	F_CALL("metafieldNamespaces", "[String!]!", namespaces),
	F_CALL("metafields", "[WebhookSubscriptionMetafieldIdentifier!]!",
	    nothing),
	F_CALL("apiVersion", "ApiVersion!", api_version),
	F_TIME("createdAt", "DateTime!", hook, thing.created_at),
	F_TIME("updatedAt", "DateTime!", hook, thing.updated_at),
	F_END,
};

/* None is kept, so nothing of it is ever shown. */
static struct type_field metafield_fields[] = {
	F_FIXED("namespace", "String!", ""),
	F_FIXED("key", "String!", ""),
	F_END,
};

static struct type_field http_fields[] = {
	F_TEXT("callbackUrl", "URL!", hook, uri),
	F_END,
};

static struct type_field endpoint_fields[] = {
	F_END,
};

static struct type_field saved_fields[] = {
	F_LINK("webhookSubscription", "WebhookSubscription", mutation, thing),
	F_LIST("userErrors", "[UserError!]!", mutation, errors),
	F_END,
};

static struct type_field deleted_fields[] = {
	F_TEXT("deletedWebhookSubscriptionId", "ID", mutation, id),
	F_LIST("userErrors", "[UserError!]!", mutation, errors),
	F_END,
};

static struct type_field metafield_input[] = {
	F_IN("namespace", "String"),
	F_IN("key", "String!"),
	F_END,
};

static struct type_field input_fields[] = {
	F_IN("uri", "String"),
	F_IN("callbackUrl", "URL"),
	F_IN("format", "WebhookSubscriptionFormat"),
	F_IN("filter", "String"),
	F_IN("includeFields", "[String!]"),
	F_IN("metafieldNamespaces", "[String!]"),
	F_IN("metafields", "[HasMetafieldsMetafieldIdentifierInput!]"),
	F_IN("name", "String"),
	F_END,
};

struct type hook_types[] = {
	T_OBJECT("WebhookSubscription", hook_fields, .is = "Node"),
	T_OBJECT("WebhookSubscriptionMetafieldIdentifier", metafield_fields, ),
	T_OBJECT("WebhookHttpEndpoint", http_fields,
	    .is = "WebhookSubscriptionEndpoint"),
	{ .name = "WebhookSubscriptionEndpoint",
	    .kind = TYPE_INTERFACE,
	    .fields = endpoint_fields },
	T_OBJECT(
	    "WebhookSubscriptionCreatePayload", saved_fields, .free = true),
	T_OBJECT(
	    "WebhookSubscriptionUpdatePayload", saved_fields, .free = true),
	T_OBJECT(
	    "WebhookSubscriptionDeletePayload", deleted_fields, .free = true),
	T_INPUT("WebhookSubscriptionInput", input_fields),
	T_INPUT("HasMetafieldsMetafieldIdentifierInput", metafield_input),
	{ .name = "WebhookSubscriptionTopic",
	    .kind = TYPE_ENUM,
	    .words = hook_topic_words },
	{ .name = "WebhookSubscriptionFormat",
	    .kind = TYPE_ENUM,
	    .words = "JSON XML" },
	{ .name = "WebhookSubscriptionSortKeys",
	    .kind = TYPE_ENUM,
	    .words = "CREATED_AT ID" },
	{ .name = NULL },
};
