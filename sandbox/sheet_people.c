/* Customers of a sheet, and where they live. */
#include "sheet_in.h"

static const struct {
	const char *name;
	const char *code;
} countries[] = {
	{ "United Kingdom", "GB" },
	{ "Germany", "DE" },
	{ "EIRE", "IE" },
	{ "France", "FR" },
	{ "Norway", "NO" },
	{ "Lithuania", "LT" },
	{ "Italy", "IT" },
	{ "Japan", "JP" },
	{ "Australia", "AU" },
	{ "Belgium", "BE" },
	{ "Poland", "PL" },
	{ "Portugal", "PT" },
	{ "Switzerland", "CH" },
	{ "Spain", "ES" },
	{ "Netherlands", "NL" },
	{ "Austria", "AT" },
	{ "Bahrain", "BH" },
	{ "Brazil", "BR" },
	{ "Canada", "CA" },
	{ "Channel Islands", "JE" },
	{ "Cyprus", "CY" },
	{ "Czech Republic", "CZ" },
	{ "Denmark", "DK" },
	{ "Finland", "FI" },
	{ "Greece", "GR" },
	{ "Hong Kong", "HK" },
	{ "Iceland", "IS" },
	{ "Israel", "IL" },
	{ "Lebanon", "LB" },
	{ "Malta", "MT" },
	{ "RSA", "ZA" },
	{ "Saudi Arabia", "SA" },
	{ "Singapore", "SG" },
	{ "Sweden", "SE" },
	{ "USA", "US" },
	{ "United Arab Emirates", "AE" },
};

const struct address *
sheet_address(struct sheet *s, const char *country, int64_t id)
{
	struct address *a;
	size_t i;

	for (i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		if (text_same(countries[i].name, country))
			break;
	if (i == sizeof(countries) / sizeof(countries[0]))
		return NULL; /* Unspecified, European Community */
	a = ARENA_NEW(s->mem, struct address);
	a->id = id;
	a->country_code = countries[i].code;
	return a;
}

/* Names and e-mails are made up. */
struct customer *
sheet_customer(struct sheet *s, const struct entry *e)
{
	const char *number = text_fmt(s->mem, "%lld", (long long)e->customer);
	struct customer *c;

	if (e->customer == 0)
		return NULL;
	c = sheet_index_find(&s->customers, number);
	if (c != NULL)
		return c;
	c = ARENA_NEW(s->mem, struct customer);
	c->thing =
	    (struct thing){ sheet_id(SHEET_CUSTOMER, number), e->at, e->at };
	c->first_name = "Customer";
	c->last_name = number;
	c->display_name = text_fmt(s->mem, "Customer %s", number);
	c->email = text_fmt(s->mem, "customer.%s@example.com", number);
	c->email_state = "NOT_SUBSCRIBED";
	c->sms_state = "NEVER_SUBSCRIBED";
	c->address =
	    sheet_address(s, e->country, sheet_id(SHEET_ADDRESS, number));
	c->state = "DISABLED";
	c->locale = "en";
	c->spent.currency = s->shop->currency;
	sheet_index_put(&s->customers, number, c);
	gather_add(&s->all[STOCK_CUSTOMER], c);
	return c;
}
