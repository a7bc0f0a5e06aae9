/* One question to one shop. */
#include "ask.h"

#include <atf-c.h>

#include "../../sandbox/made.h"

static const char *const scopes[] = { "read_products", "read_orders",
	"read_customers", "read_all_orders" };
struct app ask_app = { "client", "https://app.example.com", { scopes, 4 },
	APPROVED_FULL, true };
static struct bucket bucket;

struct shop *
ask_empty(void)
{
	struct shop *shop = ARENA_NEW(test_arena(), struct shop);

	OK(types_start(test_cx()));
	shop->mem = test_arena();
	shop->domain = "demo-shop.myshopify.com";
	shop->name = "Demo";
	shop->email = "owner@example.com";
	shop->timezone = "Europe/Berlin";
	shop->offset_minutes = 60;
	shop->currency = "USD";
	shop->thing.id = 77;
	shop->thing.created_at = shop->thing.updated_at = ASK_NOW - 1000000;
	return shop;
}

struct shop *
ask_shop(uint64_t seed, size_t products, size_t orders, size_t customers)
{
	const struct sizes sizes = { seed, products, orders, customers, 263 };
	struct shop *shop = ask_empty();

	OK(made_shop(test_cx(), shop, &sizes, ASK_NOW));
	return shop;
}

struct question
ask_of(struct shop *shop, const char *query)
{
	bucket = bucket_new(20000, 1000, 0);
	return (struct question){ .query = slice_of(query),
		.variables = { NULL, RC_INPUT },
		.version = "2026-10",
		.shop = shop,
		.app = &ask_app,
		.bucket = &bucket,
		.now = ASK_NOW,
		.cost_max = 1000,
		.page_objects_max = 25000 };
}

struct json
ask_question(struct question *q)
{
	struct buf b = buf_new(test_arena(), 64 << 20);
	struct jw w = jw_new(&b);
	struct outcome_row row;
	struct json j;

	jw_object(&w, NULL);
	OK(answer_write(test_cx(), q, &w, &row));
	jw_close(&w);
	OK(jw_end(&w));
	OK(json_read(test_cx(), buf_slice(&b), 64 << 20, RC_REMOTE, &j));
	return j;
}

struct json
ask(struct shop *shop, const char *query, const char *variables)
{
	struct question q = ask_of(shop, query);

	if (variables != NULL)
		q.variables = test_json(slice_of(variables));
	return ask_question(&q);
}

const char *
ask_code(struct json answer)
{
	return jtext_or(jitem(jat(answer, "errors"), 0), "extensions.code", "");
}

const char *
ask_text(struct json answer, const char *path)
{
	return jtext(test_arena(), jat(answer, path));
}
