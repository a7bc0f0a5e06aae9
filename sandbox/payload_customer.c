/* Customers and the shop itself. */
#include "payload.h"

static void
write_consent(const struct payload *p, const char *name, const char *state,
    const char *level, int64_t at)
{
	if (state == NULL) {
		jw_null(p->w, name);
		return;
	}
	jw_object(p->w, name);
	payload_word(p, "state", state);
	payload_word(p, "opt_in_level", level);
	payload_time(p, "consent_updated_at", at);
	jw_close(p->w);
}

void
payload_customer(const struct payload *p, const void *thing)
{
	const struct customer *c = thing;
	struct jw *w = p->w;

	jw_int(w, "id", c->thing.id);
	payload_gid(p, "Customer", c->thing.id);
	payload_time(p, "created_at", c->thing.created_at);
	payload_time(p, "updated_at", c->thing.updated_at);
	payload_personal(p, "first_name", c->first_name);
	payload_personal(p, "last_name", c->last_name);
	payload_personal(p, "email", c->email);
	payload_personal(p, "phone", c->phone);
	payload_word(p, "state", c->state);
	jw_text(w, "note", c->note);
	jw_bool(w, "verified_email", c->verified_email);
	jw_bool(w, "tax_exempt", c->tax_exempt);
	payload_tags(p, c->tags);
	jw_text(w, "currency", c->spent.currency);
	jw_int(w, "orders_count", c->number_of_orders);
	payload_money(p, "total_spent", c->spent.cents);
	write_consent(p, "email_marketing_consent", c->email_state,
	    c->email_opt_in, c->email_updated_at);
	write_consent(p, "sms_marketing_consent",
	    c->phone != NULL ? c->sms_state : NULL, c->sms_opt_in,
	    c->sms_updated_at);
	payload_address(p, "default_address", c->address);
}

static void
write_place(const struct payload *p, const struct shop *s)
{
	struct jw *w = p->w;

	jw_text(w, "city", s->address.city);
	jw_text(w, "zip", s->address.zip);
	jw_null(w, "province");
	jw_text(w, "province_code", s->address.province_code);
	jw_text(w, "country", s->address.country_code);
	jw_text(w, "country_code", s->address.country_code);
	jw_null(w, "address1");
	jw_null(w, "address2");
	jw_null(w, "phone");
	jw_null(w, "latitude");
	jw_null(w, "longitude");
}

static void
write_plan(const struct payload *p)
{
	struct jw *w = p->w;

	jw_text(w, "plan_display_name", "Shopify Plus");
	jw_text(w, "plan_name", "shopify_plus");
	jw_bool(w, "has_discounts", true);
	jw_bool(w, "has_gift_cards", true);
	jw_bool(w, "has_storefront", true);
	jw_bool(w, "eligible_for_payments", true);
	jw_bool(w, "password_enabled", false);
	jw_bool(w, "multi_location_enabled", false);
	jw_bool(w, "setup_required", false);
	jw_bool(w, "taxes_included", false);
	jw_null(w, "primary_location_id");
}

/* `thing` is of no use: it is of the shop. */
void
payload_shop(const struct payload *p, const void *thing)
{
	const struct shop *s = p->shop;
	struct jw *w = p->w;

	(void)thing;
	jw_int(w, "id", s->thing.id);
	jw_text(w, "name", s->name);
	jw_text(w, "email", s->email);
	jw_text(w, "customer_email", s->email);
	jw_text(w, "domain", s->domain);
	jw_text(w, "myshopify_domain", s->domain);
	write_place(p, s);
	jw_text(w, "primary_locale", "en");
	payload_time(p, "created_at", s->thing.created_at);
	payload_time(p, "updated_at", s->thing.updated_at);
	jw_text(w, "currency", s->currency);
	jw_text(w, "timezone", s->timezone);
	jw_text(w, "iana_timezone", s->timezone);
	jw_text(w, "shop_owner", "Ada Owner");
	jw_text(w, "money_format", "{{amount}}");
	jw_text(w, "weight_unit", "kg");
	write_plan(p);
}
