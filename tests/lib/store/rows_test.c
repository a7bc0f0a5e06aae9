/* Pulled rows, a page at a time: exact numbers, newest first, the shop's own.
 */
#include <atf-c.h>
#include <string.h>

#include "shop.h"
#include "store/rows.h"

/* A row of each table, and one product more; the other shop has some too. */
static void
begin(void)
{
	(void)test_shop("pulls");
	test_sql("t",
	    "INSERT INTO product (shop_id, id, title, price_min) VALUES "
	    "(9007199254740993, 9007199254740995, 'one', 180667.75),"
	    "(9007199254740993, 9007199254740997, 'two', 0.10),"
	    "(2, 9007199254740999, 'B', 1);"
	    "INSERT INTO variant (shop_id, id, product_id, price) VALUES "
	    "(9007199254740993, 1, 9007199254740995, 19.90);"
	    "INSERT INTO customer (shop_id, id, sealed) VALUES "
	    "(9007199254740993, 7, 'sealed');"
	    "INSERT INTO orders (shop_id, id, subject_kind, subject_id, "
	    "sealed) "
	    "VALUES (9007199254740993, 2, 'o', 2, 'sealed'), "
	    "(2, 2, NULL, NULL, NULL);"
	    "INSERT INTO order_line (shop_id, id, order_id, subject_kind, "
	    "subject_id, sealed) VALUES (9007199254740993, 3, 2, 'c', 7, 'x');"
	    "INSERT INTO order_transaction (shop_id, id, order_id, amount) "
	    "VALUES (9007199254740993, 4, 2, 180667.75);"
	    "INSERT INTO refund (shop_id, id, order_id) "
	    "VALUES (9007199254740993, 5, 2);"
	    "INSERT INTO refund_line (shop_id, id, refund_id, subtotal) "
	    "VALUES (9007199254740993, 6, 5, 1.50)");
}

static struct pulled_rows
loaded(const char *word, int64_t after, int64_t id, int limit)
{
	const struct rows_ask ask = { word, after, id, limit };
	struct pulled_rows rows;

	OK(pulled_rows_load(test_cx(), &ask, &rows));
	return rows;
}

static const char *
member(const struct pulled_row *row, const char *name)
{
	return jtext_or(test_json(slice_of(row->json)), name, "no text");
}

SERVER_CASE(every_word_has_its_table)
{
	static const char *const tables[] = { "product", "variant", "orders",
		"order_line", "order_transaction", "refund", "refund_line",
		"customer" };
	struct pulled_rows rows;
	int i;

	begin();
	for (i = 0; pulled_words[i]; i++) {
		rows = loaded(pulled_words[i], 0, 0, 10);
		ATF_CHECK_STREQ(tables[i], rows.table);
		ATF_CHECK_EQ(i == 0 ? 2 : 1, rows.n);
	}
	ATF_CHECK_EQ(8, i);
}

SERVER_CASE(numbers_come_as_exact_text_and_what_is_sealed_apart)
{
	struct pulled_rows rows;

	begin();
	rows = loaded("products", 0, 0, 10);
	ATF_CHECK_STREQ("9007199254740997", member(&rows.list[0], "id"));
	ATF_CHECK_STREQ("0.10", member(&rows.list[0], "price_min"));
	ATF_CHECK_STREQ("180667.75", member(&rows.list[1], "price_min"));
	ATF_CHECK_EQ(NULL, rows.list[0].sealed.p);
	ATF_CHECK_STREQ("180667.75",
	    member(loaded("transactions", 0, 0, 10).list, "amount"));
	rows = loaded("lines", 0, 0, 10);
	ATF_CHECK(slice_same(slice_of("x"), rows.list[0].sealed));
	ATF_CHECK_EQ('c', rows.list[0].subject.kind);
	ATF_CHECK_EQ(7, rows.list[0].subject.id);
	ATF_CHECK_EQ(NULL, strstr(rows.list[0].json, "sealed"));
	ATF_CHECK_EQ(NULL, strstr(rows.list[0].json, "subject"));
	ATF_CHECK_EQ(NULL, strstr(rows.list[0].json, "shop_id"));
	rows = loaded("customers", 0, 0, 10);
	ATF_CHECK_EQ('c', rows.list[0].subject.kind);
	ATF_CHECK_EQ(7, rows.list[0].subject.id);
	ATF_CHECK_EQ('o', loaded("orders", 0, 0, 10).list[0].subject.kind);
}

SERVER_CASE(a_page_goes_on_behind_a_number_from_the_newest)
{
	struct pulled_rows rows;

	begin();
	rows = loaded("products", 0, 0, 1);
	ATF_REQUIRE_EQ(1, rows.n);
	ATF_CHECK_EQ(INT64_C(9007199254740997), rows.list[0].id);
	rows = loaded("products", rows.list[0].id, 0, 10);
	ATF_REQUIRE_EQ(1, rows.n);
	ATF_CHECK_EQ(INT64_C(9007199254740995), rows.list[0].id);
	ATF_CHECK_EQ(0, loaded("products", rows.list[0].id, 0, 10).n);
}

SERVER_CASE(one_row_is_there_or_it_is_absent)
{
	struct rows_ask ask = { "products", 0, INT64_C(9007199254740999), 1 };
	struct pulled_rows rows;

	begin();
	ATF_CHECK_EQ(1, loaded("refund_lines", 0, 6, 1).n);
	CODE(RC_ABSENT, pulled_rows_load(test_cx(), &ask, &rows));
	ask.id = 5;
	CODE(RC_ABSENT, pulled_rows_load(test_cx(), &ask, &rows));
	ask.word = "shops";
	ATF_CHECK_EQ(RC_INPUT, pulled_rows_load(test_cx(), &ask, &rows));
	ATF_CHECK_STREQ("resource", test_cx()->fault.field);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_word_has_its_table);
	ATF_TP_ADD_TC(tp, numbers_come_as_exact_text_and_what_is_sealed_apart);
	ATF_TP_ADD_TC(tp, a_page_goes_on_behind_a_number_from_the_newest);
	ATF_TP_ADD_TC(tp, one_row_is_there_or_it_is_absent);
	return atf_no_error();
}
