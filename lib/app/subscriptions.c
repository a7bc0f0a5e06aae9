/* Webhook subscriptions: compared with what we need, and made where they are
 * missing (shopify.md 3.4). */
#include "app/subscriptions.h"
#include "app/scopes.h"
#include "app/shopcall.h"
#include "shopify/topic.h"
#include "store/job.h"
#include "store/subscription.h"

enum { VARIABLES_MAX_BYTES = 4096, THERE_MAX = 250 };

enum rc
subscriptions_put(struct cx *cx, const struct shop *shop)
{
	const struct job_new job = {
		.kind = JOB_SUBSCRIPTIONS,
		.shop_id = shop->id,
		.shop_epoch = shop->epoch,
		.unique = text_fmt(cx->mem, "subscriptions:%lld:%d",
		    (long long)shop->id, (int)shop->epoch),
		.priority = 3,
	};

	return job_put(cx, &job, NULL);
}

static const char *
our_uri(struct cx *cx)
{
	return text_fmt(cx->mem, "%s/webhooks", conf_text(C_APP_URL));
}

/* One page is enough: an app may have one a topic and address. */
static enum rc
there(struct cx *cx, const struct shop *shop, struct json *nodes)
{
	const struct slice vars =
	    slice_of(text_fmt(cx->mem, "{\"first\":%d}", THERE_MAX));
	struct gql_reply reply;

	TRY(shop_call(cx, shop, GQL_WEBHOOKS_LIST, vars, &reply));
	return jget_list(cx, reply.data, "webhookSubscriptions.nodes", nodes);
}

static struct json
find(struct json nodes, const char *topic_name)
{
	size_t i;

	for (i = 0; i < jlen(nodes); i++)
		if (text_same(
			jtext_or(jitem(nodes, i), "topic", ""), topic_name))
			return jitem(nodes, i);
	return (struct json){ .node = NULL };
}

/* A mutation's answer: its subscription, or Shopify's words for why not. */
static enum rc
mutated(struct cx *cx, const struct gql_reply *reply, const char *path,
    const char *topic, const char **gid)
{
	const struct json payload = jat(reply->data, path);
	const struct json error = jitem(jat(payload, "userErrors"), 0);

	if (error.node)
		return rc_fail(cx, RC_REMOTE,
		    "Shopify refused the subscription to %s: %s", topic,
		    text_cut(cx->mem, jtext_or(error, "message", ""), 200));
	return jget_text(cx, payload, "webhookSubscription.id", gid);
}

static enum rc
variables(struct cx *cx, const char *name, const char *value, struct slice *out)
{
	struct buf b = buf_new(cx->mem, VARIABLES_MAX_BYTES);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, name, value);
	jw_object(&w, "webhookSubscription");
	jw_text(&w, "uri", our_uri(cx));
	jw_text(&w, "format", "JSON");
	jw_close(&w);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

static enum rc
make(struct cx *cx, const struct shop *shop, const struct topic *topic,
    const char **gid)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(variables(cx, "topic", topic_enum(cx, topic), &vars));
	TRY(shop_call(cx, shop, GQL_WEBHOOK_CREATE, vars, &reply));
	return mutated(
	    cx, &reply, "webhookSubscriptionCreate", topic->name, gid);
}

static enum rc
move(struct cx *cx, const struct shop *shop, const struct topic *topic,
    const char *gid)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(variables(cx, "id", gid, &vars));
	TRY(shop_call(cx, shop, GQL_WEBHOOK_UPDATE, vars, &reply));
	return mutated(
	    cx, &reply, "webhookSubscriptionUpdate", topic->name, &gid);
}

static enum rc
compare_one(struct cx *cx, const struct shop *shop, struct json nodes,
    const struct topic *topic, struct subscriptions_found *out)
{
	const struct json node = find(nodes, topic_enum(cx, topic));
	const char *gid = jtext_or(node, "id", NULL);

	if (!gid) {
		TRY(make(cx, shop, topic, &gid));
		out->made++;
	} else if (!text_same(jtext_or(node, "uri", ""), our_uri(cx))) {
		TRY(move(cx, shop, topic, gid));
		out->moved++;
	} else {
		out->right++;
	}
	return subscription_save(cx, topic->name, gid, our_uri(cx));
}

/* A topic whose scope was not granted would be refused. */
static bool
wanted(struct cx *cx, const struct topic *topic, struct scopes granted)
{
	if (!topic->scope)
		return false;
	return topic->scope[0] == '\0' ||
	       scopes_missing(cx, scopes_of(cx, topic->scope), granted).n == 0;
}

enum rc
subscriptions_compare(
    struct cx *cx, const struct shop *shop, struct subscriptions_found *out)
{
	const struct scopes granted = scopes_of(cx, shop->scopes);
	const struct topic *topic;
	struct json nodes;

	*out = (struct subscriptions_found){ .right = 0 };
	TRY(there(cx, shop, &nodes));
	for (topic = topics; topic->name; topic++)
		if (wanted(cx, topic, granted))
			TRY(compare_one(cx, shop, nodes, topic, out));
	return RC_OK;
}
