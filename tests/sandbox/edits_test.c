/* Things that change, come and go; and that a restart has them all. */
#include <atf-c.h>
#include <string.h>

#include "../../sandbox/change.h"
#include "../../sandbox/truth.h"
#include "ask.h"

static struct outbox outbox;
static const struct change usual = { .title = NULL };

static void
begin(void)
{
	struct sandbox *s = sandbox();

	s->hooks = (struct hooks){ .mem = test_arena() };
	s->edits = (struct edits){ .mem = test_arena() };
	OK(outbox_begin(test_cx(), &outbox)); /* there is no spool */
}

static const struct thing *
last(const struct shop *shop, enum stock stock)
{
	const struct list *all = &shop->all[stock];

	return all->items[all->n - 1];
}

static int64_t
made(struct shop *shop, enum stock stock)
{
	int64_t id;

	OK(change_make(test_cx(), &outbox, shop, stock, &usual, &id));
	return id;
}

static void
removed(struct shop *shop, enum stock stock, int64_t id)
{
	OK(change_remove(test_cx(), &outbox, shop, stock, id));
}

/* What a query gives, as text. */
static const char *
answer(struct shop *shop, const char *query)
{
	const struct json data = jat(ask(shop, query, NULL), "data");

	ATF_REQUIRE_EQ(JSON_OBJECT, json_kind(data));
	return jtext(test_arena(), data);
}

static const char *
catalogue(struct shop *shop)
{
	return answer(shop,
	    "{ products(first: 250) { nodes { id title handle tags updatedAt "
	    "descriptionHtml variants(first: 5) { nodes { id sku displayName "
	    "} } } } customers(first: 250) { nodes { id note tags "
	    "numberOfOrders amountSpent { amount } updatedAt } } }");
}

static const char *
orders(struct shop *shop)
{
	return answer(shop,
	    "{ orders(first: 100, sortKey: UPDATED_AT) { nodes { id name note "
	    "tags updatedAt customer { id } lineItems(first: 4) { nodes { id "
	    "product { id } } } transactions { id amountSet { shopMoney { "
	    "amount } } parentTransaction { id } } } } }");
}

ATF_TC_WITHOUT_HEAD(a_change_moves_the_time_on_and_counts);
ATF_TC_BODY(a_change_moves_the_time_on_and_counts, tc)
{
	struct shop *shop = ask_shop(1, 12, 20, 6);
	const struct product *p = (const void *)last(shop, STOCK_PRODUCT);
	const struct order *o = (const void *)last(shop, STOCK_ORDER);
	const struct variant *v = p->variants.items[0];
	const char *title = text_dup(test_arena(), p->title);
	int64_t before = p->thing.updated_at;
	int i;

	begin();
	for (i = 1; i <= 3; i++) {
		OK(change_thing(test_cx(), &outbox, shop, STOCK_PRODUCT,
		    p->thing.id, &usual));
		ATF_CHECK(p->thing.updated_at > before);
		before = p->thing.updated_at;
		ATF_CHECK_STREQ(
		    text_fmt(test_arena(), "%s (changed %d)", title, i),
		    p->title);
	}
	ATF_CHECK(text_starts(v->display_name, p->title));
	OK(change_thing(
	    test_cx(), &outbox, shop, STOCK_ORDER, o->thing.id, &usual));
	ATF_CHECK_STREQ("Changed 1 times", o->note);
	ATF_CHECK_EQ(RC_ABSENT,
	    change_thing(test_cx(), &outbox, shop, STOCK_ORDER, 17, &usual));
}

ATF_TC_WITHOUT_HEAD(what_changed_comes_last_by_time);
ATF_TC_BODY(what_changed_comes_last_by_time, tc)
{
	static const char query[] =
	    "{ products(first: 1, sortKey: UPDATED_AT, reverse: true) { nodes "
	    "{ id } } customers(first: 100, query: \"updated_at:>="
	    "'2026-11-24T13:00:00Z'\") { nodes { id } } }";
	struct shop *shop = ask_shop(1, 12, 20, 6);
	const struct thing *p = shop->all[STOCK_PRODUCT].items[3];
	const struct thing *c = shop->all[STOCK_CUSTOMER].items[2];
	const char *gid = text_fmt(
	    test_arena(), "\"gid://shopify/Product/%lld\"", (long long)p->id);

	begin();
	ATF_CHECK(!text_same(
	    gid, ask_text(ask(shop, query, NULL), "data.products.nodes")));
	OK(change_thing(
	    test_cx(), &outbox, shop, STOCK_PRODUCT, p->id, &usual));
	OK(change_thing(
	    test_cx(), &outbox, shop, STOCK_CUSTOMER, c->id, &usual));
	ATF_CHECK_STREQ(text_fmt(test_arena(), "[{\"id\":%s}]", gid),
	    ask_text(ask(shop, query, NULL), "data.products.nodes"));
	ATF_CHECK_STREQ(
	    text_fmt(test_arena(), "[{\"id\":\"gid://shopify/Customer/%lld\"}]",
		(long long)c->id),
	    ask_text(ask(shop, query, NULL), "data.customers.nodes"));
}

ATF_TC_WITHOUT_HEAD(what_is_made_has_children_of_its_own_and_counts);
ATF_TC_BODY(what_is_made_has_children_of_its_own_and_counts, tc)
{
	struct shop *shop = ask_shop(1, 12, 20, 6);
	const struct truth before = truth_of(shop);
	struct truth now;
	const struct order *o;
	int64_t id, product;

	begin();
	product = made(shop, STOCK_PRODUCT);
	(void)made(shop, STOCK_CUSTOMER);
	id = made(shop, STOCK_ORDER);
	o = stock_find(shop, STOCK_ORDER, id);
	now = truth_of(shop);
	ATF_CHECK_EQ(before.n[STOCK_ORDER] + 1, now.n[STOCK_ORDER]);
	ATF_CHECK_EQ(before.n[STOCK_PRODUCT] + 1, now.n[STOCK_PRODUCT]);
	ATF_CHECK_EQ(before.n[STOCK_CUSTOMER] + 1, now.n[STOCK_CUSTOMER]);
	ATF_CHECK_EQ(
	    before.n[STOCK_LINE] + (int64_t)o->lines.n, now.n[STOCK_LINE]);
	ATF_CHECK(stock_find(shop, STOCK_LINE,
		      ((const struct thing *)o->lines.items[0])->id) ==
		  o->lines.items[0]);
	ATF_CHECK(stock_find(shop, STOCK_TRANSACTION,
		      ((const struct thing *)o->transactions.items[0])->id) ==
		  o->transactions.items[0]);
	removed(shop, STOCK_ORDER, id);
	removed(shop, STOCK_PRODUCT, product);
	now = truth_of(shop);
	ATF_CHECK_EQ(before.n[STOCK_ORDER], now.n[STOCK_ORDER]);
	ATF_CHECK_EQ(before.n[STOCK_LINE], now.n[STOCK_LINE]);
	ATF_CHECK_EQ(before.n[STOCK_VARIANT], now.n[STOCK_VARIANT]);
	ATF_CHECK_EQ(before.net_cents, now.net_cents);
	ATF_CHECK(made(shop, STOCK_ORDER) > id); /* never the same again */
}

ATF_TC_WITHOUT_HEAD(what_is_gone_is_no_longer_spoken_of);
ATF_TC_BODY(what_is_gone_is_no_longer_spoken_of, tc)
{
	struct shop *shop = ask_shop(1, 12, 30, 6);
	const struct line *l = shop->all[STOCK_LINE].items[4];
	const struct order *o = shop->all[STOCK_ORDER].items[2];

	begin();
	ATF_REQUIRE(l->product != NULL && o->customer != NULL);
	removed(shop, STOCK_PRODUCT, l->product->thing.id);
	ATF_CHECK_EQ(NULL, l->product);
	ATF_CHECK_EQ(NULL, l->variant);
	removed(shop, STOCK_CUSTOMER, o->customer->thing.id);
	ATF_CHECK_EQ(NULL, o->customer);
	ATF_CHECK_EQ(RC_ABSENT,
	    change_remove(test_cx(), &outbox, shop, STOCK_ORDER, 17));
}

static void
change_much(struct shop *shop)
{
	const struct change c = { .note = "n", .tags = "a, b" };
	int64_t first, second;

	OK(change_thing(test_cx(), &outbox, shop, STOCK_ORDER,
	    last(shop, STOCK_ORDER)->id, &c));
	OK(change_thing(test_cx(), &outbox, shop, STOCK_PRODUCT,
	    last(shop, STOCK_PRODUCT)->id, &usual));
	first = made(shop, STOCK_ORDER);
	second = made(shop, STOCK_ORDER);
	(void)made(shop, STOCK_PRODUCT);
	removed(shop, STOCK_ORDER, first);
	OK(change_thing(test_cx(), &outbox, shop, STOCK_ORDER, second, &c));
	(void)made(shop, STOCK_ORDER);
	(void)made(shop, STOCK_CUSTOMER);
	/* What the copies were made of. */
	removed(shop, STOCK_PRODUCT,
	    ((const struct thing *)shop->all[STOCK_PRODUCT].items[0])->id);
	removed(shop, STOCK_CUSTOMER,
	    ((const struct thing *)shop->all[STOCK_CUSTOMER].items[0])->id);
}

ATF_TC_WITHOUT_HEAD(a_restart_has_all_that_was_changed);
ATF_TC_BODY(a_restart_has_all_that_was_changed, tc)
{
	struct shop *shop = ask_shop(1, 12, 30, 6), *again;
	struct edits kept = { .mem = test_arena() };
	struct buf b = buf_new(test_arena(), 1 << 20);
	struct jw w = jw_new(&b);
	struct truth a, c;

	begin();
	change_much(shop);
	jw_object(&w, NULL);
	edits_write(&w, "edits", &sandbox()->edits);
	jw_close(&w);
	OK(jw_end(&w));
	edits_read(&kept, jat(test_json(buf_slice(&b)), "edits"));
	again = ask_shop(1, 12, 30, 6);
	edits_replay(&kept, again);
	ATF_CHECK_STREQ(catalogue(shop), catalogue(again));
	ATF_CHECK_STREQ(orders(shop), orders(again));
	a = truth_of(shop);
	c = truth_of(again);
	ATF_CHECK_EQ(0, memcmp(&a, &c, sizeof(a)));
}

/* The id of a product's first variant. */
static int64_t
variant_of(const struct shop *shop, int64_t product)
{
	const struct product *p = stock_find(shop, STOCK_PRODUCT, product);
	const struct thing *v = p->variants.items[0];

	return v->id;
}

ATF_TC_WITHOUT_HEAD(children_go_too_and_their_ids_are_not_given_again);
ATF_TC_BODY(children_go_too_and_their_ids_are_not_given_again, tc)
{
	struct shop *shop = ask_shop(1, 12, 30, 6);
	const struct order *o;
	int64_t id, variant, line;

	begin();
	id = made(shop, STOCK_PRODUCT);
	variant = variant_of(shop, id);
	removed(shop, STOCK_PRODUCT, id);
	ATF_CHECK_EQ(NULL, stock_find(shop, STOCK_VARIANT, variant));
	ATF_CHECK(variant_of(shop, made(shop, STOCK_PRODUCT)) > variant);
	id = made(shop, STOCK_ORDER);
	o = stock_find(shop, STOCK_ORDER, id);
	line = ((const struct thing *)o->lines.items[0])->id;
	removed(shop, STOCK_ORDER, id);
	ATF_CHECK_EQ(NULL, stock_find(shop, STOCK_LINE, line));
	o = stock_find(shop, STOCK_ORDER, made(shop, STOCK_ORDER));
	ATF_CHECK(((const struct thing *)o->lines.items[0])->id > line);
}

ATF_TC_WITHOUT_HEAD(a_copy_outlasts_what_it_was_made_of);
ATF_TC_BODY(a_copy_outlasts_what_it_was_made_of, tc)
{
	struct shop *shop = ask_shop(1, 2, 0, 1), *again;
	int64_t first, second;

	begin();
	OK(change_thing(test_cx(), &outbox, shop, STOCK_CUSTOMER,
	    last(shop, STOCK_CUSTOMER)->id, &usual));
	first = made(shop, STOCK_CUSTOMER);
	removed(shop, STOCK_CUSTOMER,
	    ((const struct thing *)shop->all[STOCK_CUSTOMER].items[0])->id);
	second = made(shop, STOCK_CUSTOMER);
	removed(shop, STOCK_CUSTOMER, first);
	again = ask_shop(1, 2, 0, 1);
	edits_replay(&sandbox()->edits, again);
	ATF_CHECK_EQ(1, again->all[STOCK_CUSTOMER].n);
	ATF_CHECK(stock_find(again, STOCK_CUSTOMER, second) != NULL);
	ATF_CHECK_STREQ(catalogue(shop), catalogue(again));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_change_moves_the_time_on_and_counts);
	ATF_TP_ADD_TC(tp, what_changed_comes_last_by_time);
	ATF_TP_ADD_TC(tp, what_is_made_has_children_of_its_own_and_counts);
	ATF_TP_ADD_TC(tp, what_is_gone_is_no_longer_spoken_of);
	ATF_TP_ADD_TC(tp, a_restart_has_all_that_was_changed);
	ATF_TP_ADD_TC(tp, children_go_too_and_their_ids_are_not_given_again);
	ATF_TP_ADD_TC(tp, a_copy_outlasts_what_it_was_made_of);
	return atf_no_error();
}
