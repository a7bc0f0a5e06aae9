/* A shop's own record, as Shopify gives it. */
#include "app/record.h"
#include "app/shopcall.h"
#include "shopify/name.h"

enum { SCOPES_MAX_BYTES = 16 << 10 };

static const struct slice none = { "{}", 2 };

enum rc
record_read(
    struct cx *cx, struct json data, struct shop *out, const char **time_zone)
{
	const char *gid;

	TRY(jget_text(cx, data, "shop.id", &gid));
	*out = (struct shop){
		.name = jtext_or(data, "shop.name", NULL),
		.currency = jtext_or(data, "shop.currencyCode", NULL),
		.country =
		    jtext_or(data, "shop.shopAddress.countryCodeV2", NULL),
		.plan = jtext_or(data, "shop.plan.publicDisplayName", NULL),
	};
	*time_zone = jtext_or(data, "shop.ianaTimezone", NULL);
	if (!gid_number(gid, &out->id))
		return rc_fail(cx, RC_REMOTE, "the shop has no number");
	return RC_OK;
}

/* A comma list, as a shop's row has it. */
static enum rc
scopes_call(struct cx *cx, const struct shop *shop, const char **out)
{
	struct buf text = buf_new(cx->mem, SCOPES_MAX_BYTES);
	struct gql_reply reply;
	struct json list;
	size_t i;

	TRY(shop_call(cx, shop, GQL_APP_INSTALLATION, none, &reply));
	TRY(jget_list(
	    cx, reply.data, "currentAppInstallation.accessScopes", &list));
	for (i = 0; i < jlen(list); i++)
		buf_addf(&text, "%s%s", i ? "," : "",
		    jtext_or(jitem(list, i), "handle", ""));
	if (buf_full(&text))
		return rc_fail(cx, RC_REMOTE, "more scopes than there are");
	*out = buf_text(&text);
	return RC_OK;
}

enum rc
record_call(struct cx *cx, const struct shop *shop, struct shop *out,
    const char **time_zone)
{
	struct gql_reply reply;

	TRY(shop_call(cx, shop, GQL_SHOP, none, &reply));
	TRY(record_read(cx, reply.data, out, time_zone));
	if (out->id != shop->id)
		return rc_fail(
		    cx, RC_REMOTE, "%s is another shop now", shop->domain);
	out->domain = shop->domain;
	out->epoch = shop->epoch;
	return scopes_call(cx, shop, &out->scopes);
}
