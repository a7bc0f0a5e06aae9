/* kyua: timeout=60 */
/* Lines of a bulk file: joined to their parents wherever these stand, sealed
 * before any table sees them, never over what is newer. */
#include <atf-c.h>
#include <string.h>

#include "app/bulk.h"
#include "app/bulk_chunk.h"
#include "shop.h"
#include "store/pull.h"

static struct shop shop;
static struct keys keys;
static struct bulk_part part;
static struct bulk_source source;

/* A pull of one resource, whose operation was begun. */
static void
begin(const char *resource)
{
	struct pull pull = { .mode = "bulk", .shop_epoch = 1 };
	struct row look;

	(void)test_shop("jobd");
	shop = test_shop_row();
	keys = test_keys();
	OK(db_one(test_cx(), Q_INTAKE_LOOK, NO_ARGS, &look));
	OK(db_begin(test_cx()));
	OK(pull_put(test_cx(), &pull, &resource, 1, "test"));
	OK(db_commit(test_cx()));
	OK(bulk_part_load(test_cx(), pull.id, resource, &part));
	OK(db_begin(test_cx()));
	OK(bulk_part_begin(test_cx(), &part, "gid://shopify/BulkOperation/1",
	    "CREATED", row_text(look, 0)));
	OK(db_commit(test_cx()));
	OK(bulk_part_load(test_cx(), pull.id, resource, &part));
	source = (struct bulk_source){ &shop, resource_find(resource), &part,
		&keys };
}

static void
save(const struct bulk_chunk *c)
{
	OK(db_begin(test_cx()));
	OK(bulk_chunk_save(test_cx(), c));
	OK(db_commit(test_cx()));
}

/* A chunk of its own. */
static void
take(const char *lines)
{
	struct bulk_chunk c;

	OK(bulk_chunk_read(test_cx(), &source, slice_of(lines), 0, &c));
	save(&c);
}

static void
take_late(void)
{
	struct bulk_left late;
	struct bulk_chunk c;

	OK(bulk_left_list(test_cx(), &part, "child", 100, &late));
	OK(bulk_chunk_late(test_cx(), &source, &late, &c));
	ATF_CHECK_EQ(0, c.n_orphans);
	OK(db_begin(test_cx()));
	OK(bulk_chunk_save(test_cx(), &c));
	OK(bulk_left_drop(test_cx(), &part, "child", late.ids, late.n));
	OK(db_commit(test_cx()));
}

static void
settle(void)
{
	OK(db_begin(test_cx()));
	OK(bulk_settle(test_cx(), &part));
	OK(db_commit(test_cx()));
}

#define PRODUCT(id, at, wanted)                                                \
	"{\"id\":\"gid://shopify/Product/" id                                  \
	"\",\"title\":\"Tab\\there \\\\ \\\"q\\\"\\n\",\"tags\":[\"a,b\","     \
	"\"c\\\"d\\\\\"],\"updatedAt\":\"" at                                  \
	"\",\"variantsCount\":{\"count\":" wanted "}}\n"
#define VARIANT(id, of)                                                        \
	"{\"id\":\"gid://shopify/ProductVariant/" id                           \
	"\",\"title\":\"S\",\"price\":\"1.50\",\"__parentId\":"                \
	"\"gid://shopify/Product/" of "\"}\n"
#define ORDER(id, quantity)                                                    \
	"{\"id\":\"gid://shopify/Order/" id                                    \
	"\",\"name\":\"#1\",\"email\":\"ada@example.com\",\"updatedAt\":"      \
	"\"2026-11-01T10:00:00Z\",\"customer\":{\"id\":"                       \
	"\"gid://shopify/Customer/"                                            \
	"5\"},\"subtotalLineItemsQuantity\":" quantity                         \
	",\"transactionsCount\":{\"count\":1},\"transactions\":[{\"id\":"      \
	"\"gid://shopify/OrderTransaction/" id                                 \
	"1\",\"kind\":\"SALE\"}],\"refunds\":[{\"id\":"                        \
	"\"gid://shopify/Refund/" id "2\",\"note\":\"Sorry, Ada\"}]}\n"
#define LINE(id, of)                                                           \
	"{\"id\":\"gid://shopify/LineItem/" id                                 \
	"\",\"title\":\"For Ada\",\"quantity\":2,\"__parentId\":"              \
	"\"gid://shopify/Order/" of "\"}\n"
#define AT "2026-11-01T10:00:00Z"

SERVER_CASE(texts_and_lists_arrive_as_they_were)
{
	begin("products");
	take(PRODUCT("9007199254740993", AT, "1")
		VARIANT("7", "9007199254740993"));
	test_answers("Tab\there \\ \"q\"", "t", "SELECT title FROM product");
	test_answers("2 a,b c\"d\\", "t",
	    "SELECT cardinality(tags) || $$ $$ || tags[1] || $$ $$ || tags[2] "
	    "FROM product WHERE id = 9007199254740993");
	test_answers("1.50 9007199254740993", "t",
	    "SELECT price || $$ $$ || product_id FROM variant");
}

SERVER_CASE(children_find_their_parent_in_a_chunk_before)
{
	begin("products");
	take(PRODUCT("1", AT, "2") VARIANT("11", "1"));
	test_answers("1 1 2", "t",
	    "SELECT id || $$ $$ || got || $$ $$ || wanted FROM bulk_left "
	    "WHERE kind = $$parent$$");
	take(VARIANT("12", "1") PRODUCT("2", AT, "0"));
	test_answers("2", "t",
	    "SELECT count(*) FROM variant "
	    "WHERE product_id = 1");
	test_answers("2", "t", /* the last one, whose children may come */
	    "SELECT string_agg(id::text, $$,$$) FROM bulk_left");
	settle();
	test_answers("0", "t", "SELECT count(*) FROM bulk_left");
}

SERVER_CASE(children_before_their_parent_wait_sealed)
{
	begin("orders");
	take(LINE("11", "1") LINE("12", "1"));
	test_answers("2 0", "t",
	    "SELECT count(*) || $$ $$ || count(*) FILTER (WHERE "
	    "position($$Ada$$::bytea in line) > 0) FROM bulk_left");
	test_answers("0", "t", "SELECT count(*) FROM order_line");
	take(ORDER("1", "4"));
	take_late();
	test_answers("2", "t",
	    "SELECT count(*) FROM order_line "
	    "WHERE order_id = 1 AND sealed IS NOT NULL");
	settle();
	test_answers("refund", "t",
	    "SELECT string_agg(kind, $$,$$ ORDER BY kind) FROM bulk_left");
}

SERVER_CASE(what_is_personal_is_sealed_in_every_table)
{
	begin("orders");
	take(ORDER("1", "2") LINE("11", "1"));
	test_answers("c5 c5 c5", "t",
	    "SELECT o.subject_kind || o.subject_id || $$ $$ || l.subject_kind "
	    "|| l.subject_id || $$ $$ || r.subject_kind || r.subject_id "
	    "FROM orders o, order_line l, refund r "
	    "WHERE o.sealed IS NOT NULL AND l.sealed IS NOT NULL "
	    "AND r.sealed IS NOT NULL");
	test_answers("0", "t",
	    "SELECT count(*) FROM (SELECT o::text FROM orders o UNION ALL "
	    "SELECT l::text FROM order_line l UNION ALL "
	    "SELECT r::text FROM refund r) a(row) WHERE row ~* "
	    "$$\\mada\\M|lovelace$$");
	test_answers("11 12", "t",
	    "SELECT t.id || $$ $$ || r.id FROM order_transaction t, refund r");
}

SERVER_CASE(one_that_falls_short_is_to_be_read_again)
{
	begin("orders");
	take(ORDER("1", "3") LINE("11", "1") ORDER("2", "2") LINE("21", "2"));
	settle();
	test_answers("1", "t",
	    "SELECT string_agg(id::text, $$,$$) "
	    "FROM bulk_left WHERE kind = $$short$$");
}

SERVER_CASE(what_is_newer_stays_and_so_do_its_children)
{
	begin("products");
	take(PRODUCT("1", "2026-11-02T00:00:00Z", "1") VARIANT("11", "1"));
	test_sql("t", "UPDATE variant SET price = 9");
	take(PRODUCT("1", AT, "1") VARIANT("11", "1"));
	test_answers("2026-11-02 9", "t",
	    "SELECT (p.updated_at AT TIME ZONE $$UTC$$)::date || $$ $$ || "
	    "v.price FROM product p, variant v");
}

SERVER_CASE(variants_that_a_file_no_longer_names_are_gone)
{
	begin("products");
	take(PRODUCT("1", AT, "2") VARIANT("11", "1") VARIANT("12", "1"));
	test_sql("t", "UPDATE variant SET seen_pull = NULL, "
		      "pulled_at = now() - interval $$1 hour$$ WHERE id = 12");
	settle();
	test_answers("12", "t",
	    "SELECT string_agg(id::text, $$,$$) "
	    "FROM variant WHERE deleted_at IS NOT NULL");
}

static void
check_refused(const char *lines, const char *words)
{
	struct bulk_chunk c;

	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_REMOTE,
	    bulk_chunk_read(test_cx(), &source, slice_of(lines), 1000, &c));
	ATF_CHECK_MSG(strstr(test_cx()->fault.sentence, words), "it says: %s",
	    test_cx()->fault.sentence);
}

SERVER_CASE(a_line_that_is_wrong_is_named_by_its_byte)
{
	begin("customers");
	check_refused("{\"id\":\"gid://shopify/Customer/1\"}\n{\"id\":\"g\n",
	    "at byte 1034: ");
	check_refused("<!DOCTYPE html>\n", "at byte 1000: ");
	check_refused("{\"title\":\"x\"}\n", "without an id");
	check_refused("{\"id\":\"gid://shopify/Customer/1\",\"__parentId\":"
		      "\"gid://shopify/Customer/2\"}\n",
	    "a child where none was asked for");
	take("\r\n{\"id\":\"gid://shopify/Customer/1\"}\r\n\n");
	test_answers("1", "t", "SELECT count(*) FROM customer");
}

SERVER_CASE(what_came_is_counted_by_kind)
{
	struct bulk_chunk c;
	const char *text;

	begin("orders");
	OK(bulk_chunk_read(test_cx(), &source,
	    slice_of(ORDER("1", "2") LINE("11", "1")), 0, &c));
	OK(bulk_chunk_children(test_cx(), &c, &text));
	ATF_CHECK_STREQ("{\"lines\":1,\"transactions\":1,\"refunds\":1}", text);
	ATF_CHECK_EQ(1, c.roots);
	ATF_CHECK_EQ(2, c.n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, texts_and_lists_arrive_as_they_were);
	ATF_TP_ADD_TC(tp, children_find_their_parent_in_a_chunk_before);
	ATF_TP_ADD_TC(tp, children_before_their_parent_wait_sealed);
	ATF_TP_ADD_TC(tp, what_is_personal_is_sealed_in_every_table);
	ATF_TP_ADD_TC(tp, one_that_falls_short_is_to_be_read_again);
	ATF_TP_ADD_TC(tp, what_is_newer_stays_and_so_do_its_children);
	ATF_TP_ADD_TC(tp, variants_that_a_file_no_longer_names_are_gone);
	ATF_TP_ADD_TC(tp, a_line_that_is_wrong_is_named_by_its_byte);
	ATF_TP_ADD_TC(tp, what_came_is_counted_by_kind);
	return atf_no_error();
}
