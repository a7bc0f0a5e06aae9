/* Webhook subscriptions: compared with what we need, and made where they are
 * missing (shopify.md 3.4). */
#include "app/subscriptions.h"
#include "app/scopes.h"
#include "app/shopcall.h"
#include "shopify/topic.h"
#include "store/job.h"
#include "store/subscription.h"

enum { VARIABLES_MAX_BYTES = 4096, THERE_MAX = 250 };

/* A topic's own, while it is compared. */
struct one {
	const struct topic *topic;
	const char *gid; /* NULL: there is none */
	struct subscriptions_found *out;
};

struct job_new
subscriptions_job(
    struct cx *cx, const struct shop *shop, enum job_priority priority)
{
	return (struct job_new){
		.kind = JOB_SUBSCRIPTIONS,
		.shop_id = shop->id,
		.shop_epoch = shop->epoch,
		.unique = text_fmt(cx->mem, "subscriptions:%lld:%d",
		    (long long)shop->id, (int)shop->epoch),
		.priority = (int)priority,
	};
}

enum rc
subscriptions_put(struct cx *cx, const struct shop *shop)
{
	const struct job_new job = subscriptions_job(cx, shop, JOB_WATCHED);

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

/* A topic may have several, one an address: ours, else any. */
static struct json
find(struct json nodes, const char *topic_name, const char *uri)
{
	const size_t n = jlen(nodes);
	size_t other = n;

	for (size_t i = 0; i < n; i++) {
		const struct json node = jitem(nodes, i);

		if (!text_same(jtext_or(node, "topic", ""), topic_name))
			continue;
		if (text_same(jtext_or(node, "uri", ""), uri))
			return node;
		if (other == n)
			other = i;
	}
	return jitem(nodes, other); /* past the end there is none */
}

/* A mutation's answer: its subscription, or none and Shopify's words for why
 * not. */
static enum rc
mutated(struct cx *cx, const struct gql_reply *reply, const char *path,
    struct one *one)
{
	const struct json payload = jat(reply->data, path);
	const struct json error = jitem(jat(payload, "userErrors"), 0);

	one->gid = NULL;
	if (!error.node)
		return jget_text(
		    cx, payload, "webhookSubscription.id", &one->gid);
	if (one->out->refused++ == 0)
		one->out->why = text_fmt(cx->mem, "%s: %s", one->topic->name,
		    text_cut(cx->mem, jtext_or(error, "message", ""), 200));
	return RC_OK;
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
make(struct cx *cx, const struct shop *shop, struct one *one)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(variables(cx, "topic", topic_enum(cx, one->topic), &vars));
	TRY(shop_call(cx, shop, GQL_WEBHOOK_CREATE, vars, &reply));
	TRY(mutated(cx, &reply, "webhookSubscriptionCreate", one));
	one->out->made += one->gid != NULL;
	return RC_OK;
}

static enum rc
move(struct cx *cx, const struct shop *shop, struct one *one)
{
	struct gql_reply reply;
	struct slice vars;

	TRY(variables(cx, "id", one->gid, &vars));
	TRY(shop_call(cx, shop, GQL_WEBHOOK_UPDATE, vars, &reply));
	TRY(mutated(cx, &reply, "webhookSubscriptionUpdate", one));
	one->out->moved += one->gid != NULL;
	return RC_OK;
}

static enum rc
compare_one(
    struct cx *cx, const struct shop *shop, struct json nodes, struct one *one)
{
	const char *uri = our_uri(cx);
	const struct json node = find(nodes, topic_enum(cx, one->topic), uri);

	one->gid = jtext_or(node, "id", NULL);
	if (!one->gid)
		TRY(make(cx, shop, one));
	else if (!text_same(jtext_or(node, "uri", ""), uri))
		TRY(move(cx, shop, one));
	else
		one->out->right++;
	return one->gid ? subscription_save(cx, one->topic->name, one->gid, uri)
			: RC_OK;
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
	struct one one = { .topic = topics, .out = out };
	struct json nodes;

	*out = (struct subscriptions_found){ .right = 0 };
	TRY(there(cx, shop, &nodes));
	for (; one.topic->name; one.topic++)
		if (wanted(cx, one.topic, granted))
			TRY(compare_one(cx, shop, nodes, &one));
	if (out->refused > 0)
		return rc_fail(cx, RC_REMOTE,
		    "Shopify refused the subscription to %s", out->why);
	return RC_OK;
}
