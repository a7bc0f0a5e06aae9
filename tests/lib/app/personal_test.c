/* kyua: timeout=60 */
/* Personal data: opened for who may see it, in plain nowhere (SEC-15). */
#include <atf-c.h>
#include <string.h>

#include "app/intake.h"
#include "app/personal.h"
#include "io/http.h"
#include "made.h"
#include "pretend.h"
#include "shop.h"
#include "store/kek.h"

static struct shop shop;

/* The fixtures' customer and order are kept, by a pull's job. */
static void
begin(void)
{
	struct intake in;

	(void)test_shop("jobd");
	pretend_start();
	OK(http_start(test_cx()));
	test_token(3600);
	shop = test_shop_row();
	pretend_data("RefundLines", made("refund_lines", NULL));
	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(intake_customers(test_cx(), &in, made_list(made("customer", NULL))));
	OK(intake_orders(test_cx(), &in, made_list(made("order", NULL))));
	OK(db_begin(test_cx()));
	OK(intake_save(test_cx(), &in));
	OK(db_commit(test_cx()));
	test_sql("t", "GRANT EXECUTE ON FUNCTION row_json TO stockroom_jobd");
}

static struct pulled_rows
loaded(const char *word)
{
	const struct rows_ask ask = { .word = word, .limit = 10 };
	struct pulled_rows rows;

	OK(pulled_rows_load(test_cx(), &ask, &rows));
	return rows;
}

/* What is opened in the one row of a table; NULL when nothing is. */
static const char *
opened(const char *word)
{
	const struct pulled_rows rows = loaded(word);
	const char *const *texts;

	ATF_REQUIRE_EQ(1, rows.n);
	OK(personal_open(test_cx(), &rows, &texts));
	return texts[0];
}

SERVER_CASE(what_was_sealed_is_opened_for_a_page)
{
	struct json j;

	begin();
	j = test_json(slice_of(opened("customers")));
	ATF_CHECK_STREQ("canary-first", jtext_or(j, "firstName", ""));
	j = test_json(slice_of(opened("orders")));
	ATF_CHECK_STREQ("CANARY-CODE", jtext_or(j, "discountCodes.0", ""));
	j = test_json(slice_of(opened("lines")));
	ATF_CHECK_STREQ("canary-line-name", jtext_or(j, "name", ""));
	j = test_json(slice_of(opened("refunds")));
	ATF_CHECK_STREQ("canary-refund-note", jtext_or(j, "note", ""));
	ATF_CHECK_EQ(NULL, opened("transactions"));
}

SERVER_CASE(of_nothing_nothing_is_opened_and_no_key_is_needed)
{
	struct pulled_rows none;
	const char *const *texts;

	begin();
	none = loaded("products");
	ATF_CHECK_EQ(0, none.n);
	kek_stop();
	OK(personal_open(test_cx(), &none, &texts));
}

/* design.md 6: dark for good, and no failure. */
SERVER_CASE(without_salt_or_shop_key_a_row_stays_dark)
{
	begin();
	test_sql("t_keys", "DELETE FROM subject_salt");
	ATF_CHECK_EQ(NULL, opened("customers"));
	ATF_CHECK_EQ(NULL, opened("orders"));
	test_sql("t_keys", "DELETE FROM shop_key");
	ATF_CHECK_EQ(NULL, opened("customers"));
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

static void
stays_shut(const char *sql)
{
	const char *const *texts;
	struct pulled_rows rows;

	test_sql("t", sql);
	rows = loaded("customers");
	ATF_CHECK_EQ_MSG(RC_BUG,
	    test_code(personal_open(test_cx(), &rows, &texts)), "%s", sql);
}

SERVER_CASE(a_changed_cut_or_moved_blob_opens_nowhere)
{
	begin();
	test_sql("t", "CREATE TABLE kept AS TABLE customer");
	stays_shut("UPDATE customer SET sealed = set_byte(sealed, 50, "
		   "get_byte(sealed, 50) # 1)");
	stays_shut("UPDATE customer c SET sealed = "
		   "substr(k.sealed, 1, length(k.sealed) - 1) FROM kept k");
	stays_shut("UPDATE customer SET sealed = 'short'");
	stays_shut("UPDATE customer c SET sealed = o.sealed FROM orders o");
	test_sql("t", "UPDATE customer c SET sealed = k.sealed FROM kept k");
	ATF_CHECK(opened("customers") != NULL);
	/* In another customer's row it is under another key and place. */
	test_sql("t_keys",
	    "INSERT INTO subject_salt SELECT shop_id, kind, 7, salt "
	    "FROM subject_salt WHERE kind = 'c'");
	stays_shut("UPDATE customer SET id = 7");
}

/* A save that fails: what it was given is not logged. */
static void
fail_to_save(void)
{
	struct intake in;

	test_sql("t",
	    "ALTER TABLE customer ADD CHECK (state <> 'ENABLED') NOT VALID");
	OK(intake_begin(test_cx(), &in, &shop, NULL));
	OK(intake_customers(test_cx(), &in, made_list(made("customer", NULL))));
	CODE(RC_BUG, intake_save(test_cx(), &in));
}

/* SEC-15, SEC-31: in a dump, the server's log and ours there is no trace, in
 * any spelling. */
SERVER_CASE(no_dump_and_no_log_holds_what_is_personal)
{
	static const char *const spellings[] = { "canary", "CANARY",
		"63616e617279", "43414e415259", "Y2FuYXJ5", "NhbmFye",
		"jYW5hcn", "%63anary" };
	size_t i;

	begin();
	fail_to_save();
	test_server("for db in t t_keys; do pg_as \"$(pg_bin)/pg_dump\" "
		    "-h \"$PG_DIR\" -U postgres $db; done > dump.out;"
		    "cat \"$PG_DIR/log\" > log.out");
	ATF_REQUIRE(atf_utils_grep_file("9007199254741101", "dump.out"));
	ATF_REQUIRE(atf_utils_grep_file("violates", "log.out"));
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		ATF_CHECK_MSG(
		    !atf_utils_grep_file("%s", "dump.out", spellings[i]),
		    "%s in a dump", spellings[i]);
		ATF_CHECK_MSG(
		    !atf_utils_grep_file("%s", "log.out", spellings[i]),
		    "%s in the server's log", spellings[i]);
	}
	ATF_CHECK(opened("customers") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_sealed_is_opened_for_a_page);
	ATF_TP_ADD_TC(tp, of_nothing_nothing_is_opened_and_no_key_is_needed);
	ATF_TP_ADD_TC(tp, without_salt_or_shop_key_a_row_stays_dark);
	ATF_TP_ADD_TC(tp, a_changed_cut_or_moved_blob_opens_nowhere);
	ATF_TP_ADD_TC(tp, no_dump_and_no_log_holds_what_is_personal);
	return atf_no_error();
}
