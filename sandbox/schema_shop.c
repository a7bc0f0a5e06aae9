/* The shop, the app that is installed on it, and the versions served. */
#include "page.h"
#include "run.h"
#include "schema.h"
#include "version.h"

struct scope {
	const char *handle;
	const char *description;
};

/* An app-data metafield; the app has none yet. */
struct metafield {
	struct thing thing;
	const char *namespace;
	const char *key;
	const char *type;
	const char *value;
};

struct value
shop_itself(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	(void)f;
	return value_object(run->shop);
}

/* The app and its installation have no struct: struct app says it all. */
struct value
installation(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	(void)f;
	return value_object(run->app);
}

struct value
api_versions(struct run *run, const void *object, const struct plan_field *f)
{
	struct gather g = { .mem = run->cx->mem };
	size_t i;

	(void)object;
	(void)f;
	for (i = 0; version_at(i) != NULL; i++)
		gather_add(&g, version_at(i));
	return value_list(gather_list(&g));
}

static struct value
shop_url(struct run *run, const void *object, const struct plan_field *f)
{
	const struct shop *s = object;

	(void)f;
	return value_words(text_fmt(run->cx->mem, "https://%s", s->domain));
}

static struct value
access_scopes(struct run *run, const void *object, const struct plan_field *f)
{
	const struct app *app = object;
	struct gather g = { .mem = run->cx->mem };
	struct scope *s;
	size_t i;

	(void)f;
	for (i = 0; i < app->scopes.n; i++) {
		s = ARENA_NEW(run->cx->mem, struct scope);
		s->handle = app->scopes.items[i];
		s->description =
		    text_fmt(run->cx->mem, "Access scope %s", s->handle);
		gather_add(&g, s);
	}
	return value_list(gather_list(&g));
}

static struct value
uninstall_url(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	(void)f;
	return value_words(text_fmt(
	    run->cx->mem, "https://%s/admin/settings/apps", run->shop->domain));
}

static struct value
no_metafields(struct run *run, const void *object, const struct plan_field *f)
{
	(void)object;
	return page_of(run, (struct list){ NULL, 0 }, NULL, f);
}

static struct type_field plan_fields[] = {
	F_FIXED("publicDisplayName", "String!", "Shopify Plus"),
	F_NO("partnerDevelopment"),
	F_YES("shopifyPlus"),
	F_END,
};

static struct type_field domain_fields[] = {
	F_ID("id", shop, thing.id),
	F_TEXT("host", "String!", shop, domain),
	F_CALL("url", "URL!", shop_url),
	F_YES("sslEnabled"),
	F_END,
};

static struct type_field shop_address_fields[] = {
	F_ID("id", address, id),
	F_TEXT("city", "String", address, city),
	F_TEXT("provinceCode", "String", address, province_code),
	F_TEXT("countryCodeV2", "CountryCode", address, country_code),
	F_TEXT("zip", "String", address, zip),
	F_END,
};

static struct type_field shop_fields[] = {
	F_ID("id", shop, thing.id),
	F_TEXT("name", "String!", shop, name),
	F_TEXT("email", "String!", shop, email),
	F_TEXT("contactEmail", "String!", shop, email),
	F_TEXT("myshopifyDomain", "String!", shop, domain),
	F_CALL("url", "URL!", shop_url),
	F_SELF("primaryDomain", "Domain!"),
	F_TEXT("currencyCode", "CurrencyCode!", shop, currency),
	F_TEXT("ianaTimezone", "String!", shop, timezone),
	F_INT("timezoneOffsetMinutes", "Int!", shop, offset_minutes),
	F_NO("taxesIncluded"),
	F_FIXED("unitSystem", "UnitSystem!", "METRIC_SYSTEM"),
	F_FIXED("weightUnit", "WeightUnit!", "KILOGRAMS"),
	F_PART("shopAddress", "ShopAddress!", shop, address),
	F_SELF("plan", "ShopPlan!"),
	F_TIME("createdAt", "DateTime!", shop, thing.created_at),
	F_TIME("updatedAt", "DateTime!", shop, thing.updated_at),
	F_END,
};

static struct type_field scope_fields[] = {
	F_TEXT("handle", "String!", scope, handle),
	F_TEXT("description", "String!", scope, description),
	F_END,
};

static struct type_field app_fields[] = {
	F_FIXED("id", "ID!", "gid://shopify/App/1357913579"),
	F_FIXED("handle", "String", "stockroom"),
	F_TEXT("apiKey", "String!", app, client_id),
	F_YES("embedded"),
	F_END,
};

static struct type_field metafield_fields[] = {
	F_ID("id", metafield, thing.id),
	F_TEXT("namespace", "String!", metafield, namespace),
	F_TEXT("key", "String!", metafield, key),
	F_TEXT("type", "String!", metafield, type),
	F_TEXT("value", "String!", metafield, value),
	F_TIME("createdAt", "DateTime!", metafield, thing.created_at),
	F_TIME("updatedAt", "DateTime!", metafield, thing.updated_at),
	F_END,
};

static struct type_field installation_fields[] = {
	F_FIXED("id", "ID!", "gid://shopify/AppInstallation/24682468"),
	F_TEXT("launchUrl", "URL!", app, app_url),
	F_CALL("uninstallUrl", "URL", uninstall_url),
	F_CALL("accessScopes", "[AccessScope!]!", access_scopes),
	F_SELF("app", "App!"),
	F_CALL("metafields", "MetafieldConnection!", no_metafields,
	    .args_text = "after: String, before: String, first: Int, "
			 "keys: [String!], last: Int, namespace: String, "
			 "reverse: Boolean = false"),
	F_END,
};

static struct type_field version_fields[] = {
	F_TEXT("handle", "String!", version, handle),
	F_TEXT("displayName", "String!", version, display_name),
	F_BOOL("supported", "Boolean!", version, supported),
	F_END,
};

struct type shop_types[] = {
	T_OBJECT("Shop", shop_fields, .is = "Node"),
	T_OBJECT("ShopAddress", shop_address_fields, .is = "Node"),
	T_OBJECT("ShopPlan", plan_fields, ),
	T_OBJECT("Domain", domain_fields, .is = "Node"),
	T_OBJECT("AppInstallation", installation_fields, .is = "Node"),
	T_OBJECT("App", app_fields, .is = "Node"),
	T_OBJECT("AccessScope", scope_fields, ),
	T_OBJECT("Metafield", metafield_fields, .is = "Node"),
	T_OBJECT("ApiVersion", version_fields, ),
	{ .name = NULL },
};
