/* What happens to the app on a shop. */
#include <string.h>

#include "change.h"
#include "payload.h"
#include "scopes.h"

/* As the admin numbers it; the same in schema_shop.c. */
enum { INSTALLATION = 24682468 };

static enum rc
tell(struct cx *cx, struct outbox *o, const struct shop *shop,
    const char *topic, int64_t in_ms)
{
	const struct event e = { .shop = shop, .topic = topic, .in_ms = in_ms };

	return outbox_add(cx, o, &e);
}

enum rc
change_uninstall(struct cx *cx, struct outbox *o, struct shop *shop)
{
	struct sandbox *s = sandbox();
	const bool there = grants_install(&s->grants, shop->domain) != NULL;

	grants_uninstall(&s->grants, shop->domain);
	if (!there)
		return RC_OK;
	TRY(tell(cx, o, shop, "app/uninstalled", 0));
	hooks_drop_all(&s->hooks, shop->domain);
	return tell(cx, o, shop, "shop/redact", 1000 * s->rules.redact_s);
}

static void
write_scopes(struct cx *cx, struct jw *w, const char *name, const char *list)
{
	const struct texts scopes = scopes_read(cx->mem, list);
	size_t i;

	jw_list(w, name);
	for (i = 0; i < scopes.n; i++)
		jw_text(w, NULL, scopes.items[i]);
	jw_close(w);
}

static enum rc
scopes_body(struct cx *cx, const struct shop *shop, const char *before,
    const char *now, struct slice *out)
{
	struct buf b = buf_new(cx->mem, 64 << 10);
	struct jw w = jw_new(&b);
	const struct payload p = { .w = &w, .mem = cx->mem, .shop = shop };

	jw_object(&w, NULL);
	jw_int(&w, "id", INSTALLATION);
	jw_int(&w, "shop_id", shop->thing.id);
	write_scopes(cx, &w, "previous", before);
	write_scopes(cx, &w, "current", now);
	payload_time(&p, "updated_at", sandbox_now());
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

enum rc
change_scopes(
    struct cx *cx, struct outbox *o, struct shop *shop, const char *scopes)
{
	struct sandbox *s = sandbox();
	const struct install *i = grants_install(&s->grants, shop->domain);
	struct event e = { .shop = shop, .topic = "app/scopes_update" };
	const char *before;

	if (i == NULL)
		return rc_fail(cx, RC_CONFLICT,
		    "the app is not installed on %s", shop->domain);
	before = i->scope;
	scopes = scopes_grant(cx, scopes, s->rules.all_orders != 0);
	grants_rescope(&s->grants, shop->domain, scopes);
	TRY(scopes_body(cx, shop, before, scopes, &e.body));
	return outbox_add(cx, o, &e);
}
