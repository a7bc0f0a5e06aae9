/* Webhook subscriptions: asked for, made, changed and deleted by the app. */
#include <string.h>

#include "event.h"
#include "hook_topic.h"
#include "mutation.h"
#include "page.h"
#include "schema.h"

#define CALLBACK "webhookSubscription.callbackUrl"

static const char not_approved[] =
    "This app is not approved to subscribe to webhook topics containing "
    "protected customer data. See https://shopify.dev/docs/apps/launch/"
    "protected-customer-data for more details.";

/* ---- what there is */

static bool
asked_for(const struct literal *words, const char *word)
{
	size_t i;

	if (words == NULL || words->kind == LIT_NULL)
		return true;
	for (i = 0; i < words->n; i++)
		if (text_same(words->items[i].text, word))
			return true;
	return false;
}

static bool
is_asked(const struct hook *hook, const struct plan_field *f)
{
	const char *uri = plan_text(f, "uri"), *format = plan_text(f, "format");

	if (uri == NULL)
		uri = plan_text(f, "callbackUrl");
	return asked_for(plan_arg(f, "topics"), hook->topic) &&
	       (uri == NULL || text_same(uri, hook->uri)) &&
	       (format == NULL || text_same(format, hook->format));
}

static struct list
hooks_of(struct run *run, const struct plan_field *f)
{
	struct gather g = { .mem = run->cx->mem };
	const struct hook *hook;

	event_follow(run->cx);
	hook = sandbox()->hooks.first;
	for (; hook != NULL; hook = hook->next)
		if (text_same(hook->shop, run->shop->domain) &&
		    is_asked(hook, f))
			gather_add(&g, hook);
	return gather_list(&g);
}

struct value
hook_list(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return page_of(run, hooks_of(run, f), NULL, f);
}

struct value
hook_count(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return run_count(run, (int64_t)hooks_of(run, f).n);
}

/* By its gid, or NULL. */
static struct hook *
find(struct run *run, const char *gid)
{
	static const char head[] = "gid://shopify/WebhookSubscription/";
	int64_t id;

	event_follow(run->cx);
	if (!text_starts(gid, head) ||
	    !text_int(gid + sizeof(head) - 1, 1, INT64_MAX, &id))
		return NULL;
	return hooks_find(&sandbox()->hooks, run->shop->domain, id);
}

struct value
hook_one(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return value_object(find(run, plan_text(f, "id")));
}

/* ---- what is wrong with a new one */

static const char *
wrong_address(const char *uri)
{
	if (uri == NULL || *uri == '\0')
		return "Address can't be blank";
	if (hooks_address_ok(uri))
		return NULL;
	return text_starts(uri, "http://")
		   ? "Address protocol http:// is not supported"
		   : "Address is invalid";
}

static bool
name_ok(const char *name)
{
	const size_t n = strlen(name);

	return n > 0 && n <= 50 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

static const char *
wrong_topic(const struct run *run, const char *word)
{
	const struct hook_topic *t = hook_topic_word(word);

	if (run->app->approval == APPROVED_NOT && hook_topic_protected(t))
		return not_approved;
	return hook_topic_may(t, &run->app->scopes)
		   ? NULL
		   : "You cannot create a webhook subscription with the "
		     "specified topic";
}

/* The first thing wrong, as a payload; kind IS_NULL when nothing is. */
static struct value
wrong(struct run *run, const struct hook *like, const struct hook *but)
{
	const char *why = wrong_topic(run, like->topic);

	if (why != NULL)
		return mutation_wrong(run, "webhookSubscription", why);
	why = wrong_address(like->uri);
	if (why == NULL && hooks_taken(&sandbox()->hooks, like->shop,
			       like->topic, like->uri, but))
		why = "Address for this topic has already been taken";
	if (why != NULL)
		return mutation_wrong(run, CALLBACK, why);
	if (like->name != NULL && !name_ok(like->name))
		return mutation_wrong(run, "webhookSubscription.name",
		    "Name is invalid: letters, digits, - and _, at most 50");
	return value_null();
}

/* ---- the mutations */

static void
take(const char **to, const char *text)
{
	if (text != NULL)
		*to = text;
}

/* Over what `like` has, what the input has. */
static void
read_input(struct run *run, const struct plan_field *f, struct hook *like)
{
	const struct literal *in = plan_arg(f, "webhookSubscription");
	struct arena *mem = run->cx->mem;

	take(&like->uri, input_text(in, "callbackUrl"));
	take(&like->uri, input_text(in, "uri"));
	take(&like->format, input_text(in, "format"));
	take(&like->filter, input_text(in, "filter"));
	take(&like->name, input_text(in, "name"));
	take(&like->include, input_texts(mem, in, "includeFields", " "));
	take(&like->namespaces,
	    input_texts(mem, in, "metafieldNamespaces", " "));
	like->thing.updated_at = run->now;
}

/* It is there from now on, also for who starts the sandbox anew. */
static struct value
done(struct run *run, const struct hook *hook)
{
	sandbox_keep(run->cx);
	return mutation_done(run, hook);
}

struct value
hook_create(struct run *run, const void *object, const struct plan_field *f)
{
	struct hook like = { .shop = run->shop->domain,
		.topic = plan_text(f, "topic"),
		.format = "JSON" };
	struct value v;

	(void)object;
	event_follow(run->cx);
	read_input(run, f, &like);
	v = wrong(run, &like, NULL);
	if (v.kind != IS_NULL)
		return v;
	return done(run, hooks_add(&sandbox()->hooks, &like));
}

static struct value
not_there(struct run *run)
{
	return mutation_wrong(run, "id", "Webhook subscription does not exist");
}

struct value
hook_update(struct run *run, const void *object, const struct plan_field *f)
{
	struct hook *hook = find(run, plan_text(f, "id"));
	struct hook like;
	struct value v;

	(void)object;
	if (hook == NULL)
		return not_there(run);
	like = *hook;
	read_input(run, f, &like);
	v = wrong(run, &like, hook);
	if (v.kind != IS_NULL)
		return v;
	hooks_change(&sandbox()->hooks, hook, &like);
	return done(run, hook);
}

struct value
hook_delete(struct run *run, const void *object, const struct plan_field *f)
{
	const char *gid = plan_text(f, "id");
	const struct hook *hook = find(run, gid);

	(void)object;
	if (hook == NULL)
		return not_there(run);
	hooks_drop(&sandbox()->hooks, hook);
	sandbox_keep(run->cx);
	return mutation_deleted(run, gid);
}
