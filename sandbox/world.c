/* Shops by their domain. */
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "made.h"
#include "sheet.h"
#include "world.h"

#define SHOPIFY_DOMAIN ".myshopify.com"

static const char *const others[] = { "second-shop" SHOPIFY_DOMAIN,
	"third-shop" SHOPIFY_DOMAIN };

const char *
world_domain(const struct world *world, size_t i)
{
	if (i == 0)
		return world->settings->shop;
	return i <= 2 ? others[i - 1] : NULL;
}

const char *
world_title(struct arena *mem, const char *domain)
{
	char *title = text_dup(mem, domain), *p;

	for (p = title; *p != '\0' && *p != '.'; p++) {
		if (*p == '-')
			*p = ' ';
		if ((p == title || p[-1] == ' ') && *p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	}
	*p = '\0';
	return title;
}

/* What every shop has; its numbers come from its name. */
static void
describe(struct world *world, struct shop *s, const char *domain)
{
	const uint32_t number = crc32_of(domain, strlen(domain));

	s->mem = world->mem;
	s->domain = text_dup(world->mem, domain);
	s->name = world_title(world->mem, domain);
	s->email = "owner@example.com";
	s->thing.id = INT64_C(60000000000) + (int64_t)number;
	s->thing.created_at = world->now - INT64_C(1000) * 24 * 3600;
	s->thing.updated_at = world->now - INT64_C(3) * 24 * 3600;
	s->currency = "USD";
	s->timezone = "Europe/Berlin";
	s->offset_minutes = 60;
	s->address =
	    (struct address){ s->thing.id, "Köln", NULL, "DE", "50667" };
}

static enum rc
fill(struct cx *cx, struct world *world, struct shop *s, size_t which)
{
	const struct settings *set = world->settings;
	struct sizes sizes = { set->seed + which, 25, 40, 20,
		(size_t)set->big_lines };

	if (which == 0 && set->csv != NULL) {
		s->currency = "GBP";
		s->timezone = "Europe/London";
		s->offset_minutes = 0;
		s->address.country_code = "GB";
		return sheet_load(cx, s, set->csv);
	}
	if (which == 0) {
		sizes.products = (size_t)set->products;
		sizes.orders = (size_t)set->orders;
		sizes.customers = (size_t)set->customers;
	}
	if (which > 2) /* a test's: small, and its own */
		sizes = (struct sizes){ set->seed ^ (uint64_t)s->thing.id, 12,
			18, 8, (size_t)set->big_lines };
	return made_shop(cx, s, &sizes, world->now);
}

/* 0 for the main one, 1 and 2 for the others, 3 for a test's. */
static bool
which_is(const struct world *world, const char *domain, size_t *which)
{
	for (*which = 0; *which < 3; (*which)++)
		if (text_same(world_domain(world, *which), domain))
			return true;
	return text_starts(domain, "test-") &&
	       text_ends(domain, SHOPIFY_DOMAIN) &&
	       strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		   strlen(domain) - strlen(SHOPIFY_DOMAIN);
}

enum rc
world_find(struct cx *cx, struct world *world, const char *domain,
    struct world_shop **out)
{
	struct world_shop *ws;
	size_t which;

	for (ws = world->shops; ws != NULL; ws = ws->next)
		if (text_same(ws->shop.domain, domain)) {
			*out = ws;
			return RC_OK;
		}
	if (!which_is(world, domain, &which))
		return RC_ABSENT;
	ws = ARENA_NEW(world->mem, struct world_shop);
	describe(world, &ws->shop, domain);
	TRY(fill(cx, world, &ws->shop, which));
	if (world->edits != NULL)
		edits_replay(world->edits, &ws->shop);
	ws->next = world->shops;
	world->shops = *out = ws;
	return RC_OK;
}
