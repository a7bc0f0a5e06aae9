/* Customers: some without an e-mail, a phone or an address. */
#include "made.h"

static const char *const firsts[] = { "Ada", "Zoë", "José", "Łukasz",
	"Mary Ann", "Søren", "陽子", "Nguyễn", "Олена", "D'Arcy", "Émile",
	"Aoife" };
static const char *const lasts[] = { "Müller", "O'Brien", "García", "Nowak",
	"Smith-Jones", "佐藤", "Шевченко", "Ångström", "de la Cruz", "Wu",
	"Þórsdóttir", "Null" };
static const char *const cities[] = { "Köln", "São Paulo", "Kraków", "Dublin",
	"Zürich", "Springfield" };
static const char *const countries[] = { "DE", "BR", "PL", "IE", "CH", "US" };
static const char *const locales[] = { "de", "pt-BR", "pl", "en", "de-CH",
	"en-US" };
static const char *const states[] = { "DISABLED", "ENABLED", "INVITED",
	"DECLINED" };
static const char *const tags[] = { "vip", "newsletter", "b2b \"gold\"" };

static const struct address *
made_address(struct make *m, struct dice *d, size_t i, size_t place)
{
	struct address *a = ARENA_NEW(m->mem, struct address);

	if (!dice_percent(d, 90))
		return NULL;
	a->id = made_id(m, MADE_ADDRESS, i);
	a->city = cities[place];
	a->country_code = countries[place];
	a->province_code = text_same(a->country_code, "US") ? "IL" : NULL;
	a->zip = text_fmt(m->mem, "%05lld", (long long)dice_in(d, 1000, 99999));
	return a;
}

static void
reach(struct make *m, struct customer *c, struct dice *d, size_t i)
{
	const bool subscribed = dice_percent(d, 40);

	if (i % 10 != 0) /* the first has no e-mail either */
		c->email = text_fmt(m->mem, "customer.%zu@example.com", i);
	c->email_state = subscribed ? "SUBSCRIBED" : "NOT_SUBSCRIBED";
	c->email_opt_in = subscribed ? "SINGLE_OPT_IN" : NULL;
	c->email_updated_at = subscribed ? c->thing.created_at : 0;
	if (i % 3 != 1)
		c->phone = text_fmt(m->mem, "+49221%07zu", i);
	c->sms_state = subscribed ? "SUBSCRIBED" : "NEVER_SUBSCRIBED";
	c->sms_opt_in = subscribed ? "CONFIRMED_OPT_IN" : NULL;
	c->sms_updated_at = c->email_updated_at;
	c->verified_email = c->email != NULL && dice_percent(d, 70);
}

struct customer *
made_customer(struct make *m, size_t i)
{
	struct customer *c = ARENA_NEW(m->mem, struct customer);
	struct dice d = dice_of(m->sizes->seed, MADE_CUSTOMER, i);
	const size_t place = (size_t)dice_in(&d, 0, 5);
	const int64_t day = 24 * 3600;

	c->thing.id = made_id(m, MADE_CUSTOMER, i);
	c->thing.created_at = m->now - dice_in(&d, 450 * day, 800 * day);
	c->thing.updated_at = c->thing.created_at + dice_in(&d, 0, 440 * day);
	c->first_name = i % 25 == 24 ? NULL : DICE_PICK(&d, firsts);
	c->last_name = DICE_PICK(&d, lasts);
	reach(m, c, &d, i);
	c->display_name = c->first_name ? text_fmt(m->mem, "%s %s",
					      c->first_name, c->last_name)
					: c->last_name;
	c->address = made_address(m, &d, i, place);
	c->locale = locales[place];
	c->state = DICE_PICK(&d, states);
	c->tags = made_texts(m, tags + i % 2, (size_t)dice_in(&d, 0, 2));
	c->note =
	    i % 9 == 3 ? "Calls before noon \xe2\x98\x8e\xef\xb8\x8f" : NULL;
	c->tax_exempt = dice_percent(&d, 5);
	c->data_sale_opt_out = dice_percent(&d, 8);
	c->spent.currency = m->shop->currency;
	return c;
}
