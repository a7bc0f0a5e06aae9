/* Subscriptions: a chain, oldest first. */
#include <string.h>

#include "chain.h"
#include "hooks.h"

enum { FIRST_ID = 1409286046 }; /* as long as Shopify's are */

static const struct member members[] = {
	{ "id", MEMBER_INT, offsetof(struct hook, thing.id) },
	{ "created_at", MEMBER_INT, offsetof(struct hook, thing.created_at) },
	{ "updated_at", MEMBER_INT, offsetof(struct hook, thing.updated_at) },
	ROW_TEXT(hook, shop),
	ROW_TEXT(hook, topic),
	ROW_TEXT(hook, uri),
	ROW_TEXT(hook, format),
	ROW_TEXT(hook, filter),
	ROW_TEXT(hook, name),
	ROW_TEXT(hook, include),
	ROW_TEXT(hook, namespaces),
	ROW_INT(hook, ok_at_ms),
	ROW_END,
};
static const struct chain chain = CHAIN("rows", hook, hooks, first, members);

static const char *
kept(struct hooks *h, const char *text)
{
	return text != NULL ? text_dup(h->mem, text) : NULL;
}

void
hooks_change(struct hooks *h, struct hook *hook, const struct hook *like)
{
	hook->thing.updated_at = like->thing.updated_at;
	hook->topic = kept(h, like->topic);
	hook->uri = kept(h, like->uri);
	hook->format = kept(h, like->format);
	hook->filter = kept(h, like->filter);
	hook->name = kept(h, like->name);
	hook->include = kept(h, like->include);
	hook->namespaces = kept(h, like->namespaces);
}

struct hook *
hooks_add(struct hooks *h, const struct hook *like)
{
	struct hook *hook = ARENA_NEW(h->mem, struct hook);
	struct hook **end = &h->first;

	while (*end != NULL)
		end = &(*end)->next;
	*end = hook;
	if (h->last_id < FIRST_ID)
		h->last_id = FIRST_ID;
	hooks_change(h, hook, like);
	hook->thing.id = ++h->last_id;
	hook->thing.created_at = like->thing.updated_at;
	hook->shop = kept(h, like->shop);
	return hook;
}

struct hook *
hooks_find(const struct hooks *h, const char *shop, int64_t id)
{
	struct hook *hook = h->first;

	while (hook != NULL &&
	       (hook->thing.id != id || !text_same(hook->shop, shop)))
		hook = hook->next;
	return hook;
}

bool
hooks_taken(const struct hooks *h, const char *shop, const char *topic,
    const char *uri, const struct hook *but)
{
	const struct hook *hook;

	for (hook = h->first; hook != NULL; hook = hook->next)
		if (hook != but && text_same(hook->shop, shop) &&
		    text_same(hook->topic, topic) && text_same(hook->uri, uri))
			return true;
	return false;
}

void
hooks_drop(struct hooks *h, const struct hook *hook)
{
	struct hook **at = &h->first;

	while (*at != NULL && *at != hook)
		at = &(*at)->next;
	if (*at != NULL)
		*at = hook->next;
}

void
hooks_drop_all(struct hooks *h, const char *shop)
{
	struct hook **at = &h->first;

	while (*at != NULL)
		if (text_same((*at)->shop, shop))
			*at = (*at)->next;
		else
			at = &(*at)->next;
}

/* What stands behind http:// is this machine, as a name or a number. */
static bool
is_loopback(const char *rest)
{
	const size_t n = strcspn(rest, ":/?#");

	if (text_starts(rest, "[::1]"))
		return true;
	if (n == 9 && strncmp(rest, "localhost", 9) == 0)
		return true;
	return text_starts(rest, "127.") && n >= 9 && n <= 15 &&
	       strspn(rest, "0123456789.") == n;
}

bool
hooks_address_ok(const char *uri)
{
	const char *p;

	for (p = uri; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '@')
			return false;
	if (text_starts(uri, "https://"))
		return strcspn(uri + 8, "/?#:") > 0;
	return text_starts(uri, "http://") && is_loopback(uri + 7);
}

void
hooks_write(struct jw *w, const char *name, const struct hooks *h)
{
	jw_object(w, name);
	jw_int(w, "last_id", h->last_id);
	chain_write(w, &chain, h);
	jw_close(w);
}

void
hooks_read(struct hooks *h, struct json in)
{
	h->last_id = jint_or(in, "last_id", 0);
	chain_read(h->mem, &chain, jat(in, "rows"), h);
}
