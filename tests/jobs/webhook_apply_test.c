/* kyua: timeout=120 */
/* webhook_apply: what each topic does, once, and whose key its body is left
 * under (design.md 5, 6). */
#include <atf-c.h>
#include <string.h>

#include "base/log.h"
#include "delivery.h"
#include "handled.h"

#define ORDER "{\"id\":11,\"customer\":{\"id\":12},\"note\":\"canary\"}"
#define GUEST "{\"id\":11,\"customer\":null,\"note\":\"canary\"}"

static void
begin(void)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	test_token(3600);
}

static const char *
applied(const char *topic, const char *body)
{
	const char *id = test_delivered(topic, body);

	handled_well(handled(JOB_WEBHOOK_APPLY));
	return id;
}

static void
check_state(const char *want, const char *id)
{
	ATF_CHECK_STREQ(want,
	    test_answer("t", text_fmt(test_arena(),
				 "SELECT state || ': ' || reason FROM webhook "
				 "WHERE id = '%s'",
				 id)));
}

static void
check_changed(const char *want)
{
	test_answers(want, "t",
	    "SELECT string_agg(type || $$ $$ || id, $$,$$ ORDER BY type, id) "
	    "FROM changed");
}

static void
check_jobs(const char *kind, const char *want)
{
	test_answers(want, "t",
	    text_fmt(test_arena(),
		"SELECT count(*) FROM job WHERE kind = $$%s$$", kind));
}

/* ---- what changed */

SERVER_CASE(what_changed_is_noted_and_one_job_will_read_it)
{
	const char *id;

	begin();
	id = applied("orders/create", ORDER);
	check_state("applied: its object is read again", id);
	check_changed("orders 11");
	test_answers("2|9007199254740993|1|{\"type\": \"orders\"}|available",
	    "t", "SELECT queue_id, shop_id, shop_epoch, args, state FROM job");
	(void)applied("order_transactions/create",
	    "{\"id\":1,\"order_id\":13,\"status\":\"success\"}");
	(void)applied("orders/edited", "{\"order_edit\":{\"order_id\":14}}");
	(void)applied("products/update", "{\"id\":15,\"title\":\"x\"}");
	check_changed("orders 11,orders 13,orders 14,products 15");
	check_jobs("changed_refresh", "2");
	check_jobs("webhook_apply", "0");
}

#define FULL                                                                   \
	"{\"id\":15,\"title\":\"%s\",\"updated_at\":\"2026-11-24T10:30:%s\"}"

static const char *
product(const char *title, const char *at)
{
	return text_fmt(test_arena(), FULL, title, at);
}

static const char in_part[] =
    "applied: kept as its body has it, for its shop cannot be read now";

/* Without a live token nothing can be read: its body is all that there is. */
SERVER_CASE(what_cannot_be_read_is_kept_as_its_body_has_it)
{
	static const char *const ends[] = {
		"UPDATE shop SET status = 'needs_authorization'",
		"UPDATE token SET failed = 'refused'", "DELETE FROM token"
	};
	const char *at;
	size_t i;

	begin();
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		test_sql("t", "DELETE FROM changed; "
			      "UPDATE shop SET status = 'installed'");
		test_sql("t", ends[i]);
		at = text_fmt(test_arena(), "0%d+01:00", (int)i);
		check_state(in_part,
		    applied("products/update",
			product(text_fmt(test_arena(), "t%d", (int)i), at)));
		test_answers(text_fmt(test_arena(), "15|t%d|t", (int)i), "t",
		    "SELECT id, title, partial FROM product");
		/* To be read once it can be; a job would only die now. */
		check_changed("products 15");
		check_jobs("changed_refresh", "0");
	}
	check_state("applied: noted, for its shop cannot be read now",
	    applied("products/update", "{\"id\":16}"));
	check_state("duplicate: this body was applied before",
	    applied("products/update", product("t2", "02+01:00")));
	check_state("unreadable: it names no object",
	    applied("products/update", "{\"title\":\"x\",\"updated_at\":"
				       "\"2026-11-24T10:30:00Z\"}"));
	test_answers("1", "t", "SELECT count(*) FROM product");
}

/* Shopify could say anything: the webhook is not lost for it. */
SERVER_CASE(a_body_of_odd_shapes_is_noted_at_least)
{
	static const char *const bodies[] = {
		"{\"id\":15,\"updated_at\":\"2026-11-24T10:30:00Z\","
		"\"variants\":[{\"id\":\"x\"}]}",
		"{\"id\":15,\"updated_at\":\"2026-11-24T10:30:00Z\","
		"\"variants\":{\"id\":{}},\"tags\":7}",
		"{\"id\":15,\"updated_at\":7,\"options\":[7,null]}",
	};
	size_t i;

	begin();
	test_sql("t", "DELETE FROM token");
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		const char *id = applied("products/update", bodies[i]);

		test_answers("applied", "t",
		    text_fmt(test_arena(),
			"SELECT state FROM webhook WHERE id = $$%s$$", id));
	}
	check_changed("products 15");
}

SERVER_CASE(what_is_gone_is_marked_and_not_read_again)
{
	begin();
	test_sql("t", "INSERT INTO product (shop_id, id) VALUES "
		      "(9007199254740993, 11), (2, 11)");
	check_state("applied: its object is marked as gone",
	    applied("products/delete", "{\"id\":11}"));
	test_answers("9007199254740993", "t",
	    "SELECT shop_id FROM product WHERE deleted_at IS NOT NULL");
	check_changed("");
	check_jobs("changed_refresh", "0");
	/* One that we never had. */
	check_state("applied: its object is marked as gone",
	    applied("orders/delete", "{\"id\":11}"));
}

SERVER_CASE(a_topic_that_we_have_no_use_for_is_ignored)
{
	begin();
	check_state("ignored: we have no use for this topic",
	    applied("themes/publish", "{\"id\":11}"));
	check_changed("");
}

/* A signed body that cannot be read is no reason to lose a subscription. */
SERVER_CASE(what_cannot_be_read_is_unreadable_and_does_nothing)
{
	static const char *const none[] = { "", "{", "no json",
		"{\"id\":1,\"id\":1}", "{\"id\":NaN}", "{\"id\":1}{}" };
	static const char *const odd[] = { "{}", "{\"id\":null}",
		"{\"id\":\"11\"}", "{\"id\":99999999999999999999}", "[11]",
		"11", "null" };
	size_t i;

	begin();
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		check_state("unreadable: its body is no JSON that we take",
		    applied("orders/create", none[i]));
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		test_answers("unreadable", "t",
		    text_fmt(test_arena(),
			"SELECT state FROM webhook WHERE id = $$%s$$",
			applied("products/delete", odd[i])));
	check_state(
	    "unreadable: it names no object", applied("orders/create", "{}"));
	check_changed("");
}

/* ---- once */

SERVER_CASE(a_body_that_was_applied_before_is_a_duplicate)
{
	begin();
	(void)applied("orders/create", ORDER);
	test_sql("t", "DELETE FROM changed");
	check_state("duplicate: this body was applied before",
	    applied("orders/create", ORDER));
	check_changed("");
	check_state("applied: its object is read again",
	    applied("orders/updated", ORDER));
	check_changed("orders 11");
}

SERVER_CASE(a_second_run_of_the_same_job_does_nothing)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	test_sql("t", "INSERT INTO job (queue_id, shop_id, shop_epoch, kind, "
		      "args) SELECT queue_id, shop_id, shop_epoch, kind, args "
		      "FROM job");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	test_sql("t", "DELETE FROM changed");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_state("applied: its object is read again", id);
	check_changed("");
}

SERVER_CASE(a_run_that_lost_its_job_leaves_nothing)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	handled_said(
	    JOB_SNOOZED, "another worker", handled_late(JOB_WEBHOOK_APPLY));
	test_answers("kept|t", "t",
	    text_fmt(test_arena(),
		"SELECT state, inbox_id IS NOT NULL FROM webhook "
		"WHERE id = $$%s$$",
		id));
	check_changed("");
	check_jobs("changed_refresh", "0");
}

/* ---- whose key a body is left under */

static void
check_opens(const char *id, const char *body, struct subject subject)
{
	const struct webhook w = test_webhook(SHOP, id);
	const struct blob_place place = webhook_place(id);
	struct keys keys = test_keys();
	struct blob_key key = keys.list[0];
	struct slice plain;

	test_answers(text_fmt(test_arena(), "%c|%lld|t", subject.kind,
			 (long long)subject.id),
	    "t",
	    text_fmt(test_arena(),
		"SELECT subject_kind, subject_id, inbox_id IS NULL "
		"FROM webhook WHERE id = $$%s$$",
		id));
	if (subject.kind != 's') {
		OK(keys_subjects(
		    test_cx(), &keys, KEYS_AS_THEY_ARE, &subject, 1));
		OK(keys_subject(test_cx(), &keys, subject, 0, &key));
	}
	OK(blob_open(test_cx(), &key, &place, w.body, &plain));
	ATF_CHECK(slice_same(slice_of(body), plain));
}

static void
check_sealed(const char *topic, const char *body, struct subject subject)
{
	check_opens(applied(topic, body), body, subject);
}

SERVER_CASE(a_body_is_sealed_anew_by_whose_data_it_is)
{
	begin();
	check_sealed("orders/create", ORDER, (struct subject){ 'c', 12 });
	check_sealed("customers/update", "{\"id\":12,\"email\":\"canary\"}",
	    (struct subject){ 'c', 12 });
	check_sealed("customers/redact",
	    "{\"shop_id\":9007199254740993,\"customer\":{\"id\":12}}",
	    (struct subject){ 'c', 12 });
	check_sealed("products/update", "{\"id\":11,\"title\":\"x\"}",
	    (struct subject){ 's', SHOP });
	check_sealed(
	    "themes/publish", "{\"id\":11}", (struct subject){ 's', SHOP });
	check_sealed("orders/create", "no json", (struct subject){ 's', SHOP });
}

/* The order's own, as its row is. */
SERVER_CASE(what_names_no_customer_is_the_orders_own)
{
	const struct subject order = { 'o', 11 };

	begin();
	check_sealed("orders/create", GUEST, order);
	check_sealed("orders/delete", "{\"id\":11}", order);
	check_sealed("refunds/create",
	    "{\"id\":1,\"order_id\":11,\"note\":\"canary\"}", order);
	check_sealed("orders/edited",
	    "{\"order_edit\":{\"order_id\":11,\"staff_note\":\"canary\"}}",
	    order);
}

SERVER_CASE(of_who_was_forgotten_no_body_is_kept)
{
	const char *id;

	begin();
	test_sql("t_keys", "INSERT INTO tombstone (shop_id, kind, id, reason) "
			   "VALUES (9007199254740993, 'c', 12, 'redact')");
	id = applied("orders/create", ORDER);
	check_state("applied: its object is read again", id);
	test_answers("t|t|t", "t",
	    "SELECT body IS NULL, inbox_id IS NULL, subject_kind IS NULL "
	    "FROM webhook");
}

SERVER_CASE(what_its_key_no_longer_opens_is_said_in_words)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	test_sql("t_keys", "UPDATE inbox_key SET private_wrapped = NULL, "
			   "destroyed_at = now()");
	handled_said(
	    JOB_DEAD, "the inbox key is destroyed", handled(JOB_WEBHOOK_APPLY));
	check_state("failed: the inbox key is destroyed", id);
	test_answers(
	    "t|t", "t", "SELECT body IS NULL, inbox_id IS NULL FROM webhook");
	check_changed("");
	test_answers("dead|the inbox key is destroyed", "t",
	    "SELECT outcome, coalesce(error, $$the inbox key is destroyed$$) "
	    "FROM job_done");
}

SERVER_CASE(a_job_that_died_says_why_in_its_row)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	handled_said(JOB_DEAD, "its child crashed three times",
	    buried(JOB_WEBHOOK_APPLY, "its child crashed three times"));
	check_state("failed: its child crashed three times", id);
}

/* An hour's key is not kept for what will not be opened by it (design.md 6). */
SERVER_CASE(after_a_job_died_nothing_needs_the_inbox)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	(void)buried(JOB_WEBHOOK_APPLY, "its child crashed three times");
	check_opens(id, ORDER, (struct subject){ 'c', 12 });
	id = test_delivered("orders/create", "no json");
	(void)buried(JOB_WEBHOOK_APPLY, "its child crashed three times");
	check_opens(id, "no json", (struct subject){ 's', SHOP });
	test_answers("0", "t",
	    "SELECT count(*) FROM webhook WHERE inbox_id IS NOT NULL");
}

SERVER_CASE(a_job_without_a_row_ends)
{
	begin();
	(void)test_delivered("orders/create", ORDER);
	test_sql("t", "DELETE FROM webhook");
	handled_said(JOB_DEAD, "", handled(JOB_WEBHOOK_APPLY));
	(void)test_delivered("orders/create", ORDER);
	test_sql("t", "UPDATE job SET args = '{}'");
	handled_said(JOB_DEAD, "webhook", handled(JOB_WEBHOOK_APPLY));
}

/* ---- shops */

static const char *
applied_to(const char *domain, const char *topic, const char *body)
{
	struct webhook_new *w = test_delivery(topic, body);

	w->domain = domain;
	OK(webhook_keep(test_door(), &w, 1));
	handled_well(handled(JOB_WEBHOOK_APPLY));
	return w->id;
}

/* SEC-11: recorded, without effect and without its body. */
SERVER_CASE(of_a_shop_that_we_do_not_know_the_topic_alone_is_recorded)
{
	static const char nobody[] = "unknown.myshopify.com";

	begin();
	check_state("ignored: of a shop we do not know",
	    applied_to(nobody, "orders/create", ORDER));
	check_state("ignored: of a shop we do not know",
	    applied_to(nobody, "app/uninstalled", "{\"id\":2}"));
	check_state("kept: recorded, of a shop we do not know",
	    applied_to(nobody, "shop/redact", "{\"shop_id\":2}"));
	check_state("kept: recorded, of a shop we do not know",
	    applied_to(nobody, "customers/redact",
		"{\"shop_id\":9007199254740993,\"customer\":{\"id\":12}}"));
	check_changed("");
	test_answers(
	    "0|0", "t", "SELECT count(body), count(inbox_id) FROM webhook");
	test_answers("installed,installed", "t",
	    "SELECT string_agg(status, $$,$$) FROM shop");
}

#define RAISE "UPDATE shop SET epoch = epoch + 1 WHERE shop_id > 2"

SERVER_CASE(what_is_from_before_the_present_install_is_ignored)
{
	const char *id;

	begin();
	id = test_delivered("orders/create", ORDER);
	test_sql("t", RAISE);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_state("ignored: from before the shop's present install", id);
	check_changed("");
	test_answers("0", "t",
	    "SELECT count(*) FROM webhook WHERE inbox_id IS NOT NULL");
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	check_state("ignored: from before the shop's present install",
	    applied("orders/create", ORDER));
}

/* What the law asks for is asked of the shop, not of an installation. */
SERVER_CASE(a_privacy_request_outlives_the_installation)
{
	static const char body[] =
	    "{\"shop_id\":9007199254740993,\"customer\":{\"id\":12}}";
	const char *id;

	begin();
	id = test_delivered("customers/redact", body);
	test_sql("t", RAISE);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_state("applied: its job does what it asks", id);
	test_sql("t", "UPDATE shop SET status = 'uninstalled'");
	check_state("applied: its job does what it asks",
	    applied("shop/redact", "{\"shop_id\":9007199254740993}"));
	/* And twice is no duplicate. */
	check_state("applied: its job does what it asks",
	    applied("shop/redact", "{\"shop_id\":9007199254740993}"));
}

/* D9: the body is signed, the header's domain is not. */
SERVER_CASE(a_privacy_request_of_another_shops_body_does_nothing)
{
	begin();
	check_state("ignored: its body is of another shop",
	    applied("customers/redact",
		"{\"shop_id\":2,\"customer\":{\"id\":12}}"));
	check_state("ignored: its body is of another shop",
	    applied("shop/redact", "{\"shop_id\":2}"));
	check_state("ignored: its body is of another shop",
	    applied("customers/data_request", "{\"customer\":{\"id\":12}}"));
	/* A null domain in it is no difference. */
	check_state("applied: its job does what it asks",
	    applied("customers/data_request",
		"{\"shop_id\":9007199254740993,\"shop_domain\":null,"
		"\"customer\":{\"id\":12}}"));
}

/* Once for both, whichever comes first. */
SERVER_CASE(what_changed_of_the_shop_itself_is_read_again)
{
	begin();
	check_state("applied: its shop's own record is read again",
	    applied("shop/update", "{\"id\":9007199254740993}"));
	check_state("applied: its shop's own record is read again",
	    applied("app/scopes_update",
		"{\"id\":1,\"shop_id\":9007199254740993,"
		"\"current\":[\"read_products\"]}"));
	check_jobs("shop_refresh", "1");
	check_state("ignored: its body is of another shop",
	    applied("shop/update", "{\"id\":2}"));
	check_state("ignored: its body is of another shop",
	    applied("app/scopes_update", "{\"id\":9007199254740993}"));
	test_sql("t", "DELETE FROM token; DELETE FROM job");
	check_state("ignored: its shop cannot be read now",
	    applied("shop/update", "{\"id\":9007199254740993,\"name\":\"x\"}"));
	check_jobs("shop_refresh", "0");
}

#define MINE "{\"id\":9007199254740993,\"domain\":null}"

static void
check_shop(const char *want)
{
	test_answers(
	    want, "t", "SELECT status, epoch FROM shop WHERE shop_id > 2");
}

SERVER_CASE(an_uninstall_of_its_own_body_ends_the_installation_once)
{
	const char *late;

	begin();
	check_state("ignored: its body is of another shop",
	    applied("app/uninstalled", "{\"id\":2}"));
	check_state("ignored: its body is of another shop",
	    applied("app/uninstalled", "{}"));
	check_shop("installed|1");
	late = test_delivered("app/uninstalled", MINE);
	test_sql("t", "UPDATE job SET state = 'scheduled'");
	check_state("applied: the shop took the app off",
	    applied("app/uninstalled", MINE));
	check_shop("uninstalled|2");
	test_sql("t", "UPDATE job SET state = 'available'");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_state(
	    "ignored: the shop was installed again since, or is off already",
	    late);
	check_shop("uninstalled|2");
}

SERVER_CASE(a_late_uninstall_leaves_the_new_installation_alone)
{
	struct webhook_new *w;

	begin();
	w = test_delivery("app/uninstalled", MINE);
	w->triggered_at = "2026-01-01T00:00:00Z";
	OK(webhook_keep(test_door(), &w, 1));
	test_sql("t", RAISE);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_state(
	    "ignored: the shop was installed again since, or is off already",
	    w->id);
	check_shop("installed|2");
}

/* ---- what Shopify cuts short */

/* All that a large object's webhook says is which one changed: each of them is
 * the same body. */
SERVER_CASE(a_bare_id_is_read_again_each_time)
{
	begin();
	check_state("applied: its object is read again",
	    applied("products/update", "{\"id\":11}"));
	test_sql("t", "DELETE FROM changed");
	check_state("applied: its object is read again",
	    applied("products/update", "{\"id\":11}"));
	check_changed("products 11");
	test_sql("t", "DELETE FROM changed");
	check_state("applied: its object is read again",
	    applied("products/update", "{\"id\":11,\"admin_graphql_api_id\":"
				       "\"gid://shopify/Product/11\"}"));
	check_state("applied: its object is read again",
	    applied("products/update", "{\"id\":11,\"admin_graphql_api_id\":"
				       "\"gid://shopify/Product/11\"}"));
}

/* A body as large as the door takes it. */
SERVER_CASE(a_large_body_is_applied_by_what_names_its_object)
{
	const size_t n = 15 << 20;
	char *many = arena_alloc(test_arena(), n + 1);
	const char *id;

	begin();
	memset(many, 'x', n);
	id = applied("orders/create",
	    text_fmt(test_arena(),
		"{\"note\":\"a \\\"}]\\\\\", \"blob\" :\"%s\" ,"
		"\"lines\":[{\"id\":1},[\"]\"]],\"id\": 11 ,"
		"\"customer\":{\"id\":12,\"x\":[{}]}}",
		many));
	check_state("applied: its object is read again", id);
	check_changed("orders 11");
	test_answers("c|12|t", "t",
	    "SELECT subject_kind, subject_id, length(body) > 15000000 "
	    "FROM webhook");
	check_state("unreadable: its body is no JSON that we take",
	    applied("orders/create",
		text_fmt(test_arena(), "{\"id\":11,\"blob\":\"%s\"", many)));
}

/* ---- the end of a bulk operation */

#define PULL "01a210c4-d8ce-7d59-ab59-2088202fb367"
#define FINISHED(id)                                                           \
	"{\"admin_graphql_api_id\":\"gid:\\/\\/shopify\\/BulkOperation\\/" id  \
	"\",\"status\":\"completed\",\"type\":\"query\"}"

/* A pull that looks again in an hour. */
static void
waiting_pull(void)
{
	const struct job_new job = {
		.kind = JOB_BULK_POLL,
		.shop_id = SHOP,
		.shop_epoch = 1,
		.unique = "bulk_poll:" PULL ":products",
		.delay_s = 3600,
	};

	test_sql("t",
	    "INSERT INTO pull (shop_id, id, mode, resources, shop_epoch, state)"
	    " VALUES (9007199254740993, '" PULL "', 'bulk', '{products}', 1, "
	    "'running'); INSERT INTO pull_part (shop_id, pull_id, resource, "
	    "state, bulk_id) VALUES (9007199254740993, '" PULL "', 'products', "
	    "'running', 'gid://shopify/BulkOperation/7')");
	OK(job_put(test_cx(), &job, NULL));
}

SERVER_CASE(the_end_of_a_bulk_operation_wakes_the_pull_that_waits)
{
	begin();
	waiting_pull();
	check_state("ignored: no pull waits for this operation",
	    applied("bulk_operations/finish", FINISHED("8")));
	test_answers("scheduled", "t", "SELECT state FROM job");
	check_state("applied: the pull that waits for it looks at once",
	    applied("bulk_operations/finish", FINISHED("7")));
	test_answers(
	    "available|t", "t", "SELECT state, run_at <= now() FROM job");
	check_state("duplicate: this body was applied before",
	    applied("bulk_operations/finish", FINISHED("7")));
	test_sql("t", "UPDATE pull_part SET state = 'completed'");
	check_state("ignored: no pull waits for this operation",
	    applied("bulk_operations/finish", FINISHED("7") " "));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, the_end_of_a_bulk_operation_wakes_the_pull_that_waits);
	ATF_TP_ADD_TC(tp, what_changed_is_noted_and_one_job_will_read_it);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_is_kept_as_its_body_has_it);
	ATF_TP_ADD_TC(tp, a_body_of_odd_shapes_is_noted_at_least);
	ATF_TP_ADD_TC(tp, what_is_gone_is_marked_and_not_read_again);
	ATF_TP_ADD_TC(tp, a_topic_that_we_have_no_use_for_is_ignored);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_is_unreadable_and_does_nothing);
	ATF_TP_ADD_TC(tp, a_body_that_was_applied_before_is_a_duplicate);
	ATF_TP_ADD_TC(tp, a_second_run_of_the_same_job_does_nothing);
	ATF_TP_ADD_TC(tp, a_run_that_lost_its_job_leaves_nothing);
	ATF_TP_ADD_TC(tp, a_body_is_sealed_anew_by_whose_data_it_is);
	ATF_TP_ADD_TC(tp, what_names_no_customer_is_the_orders_own);
	ATF_TP_ADD_TC(tp, of_who_was_forgotten_no_body_is_kept);
	ATF_TP_ADD_TC(tp, what_its_key_no_longer_opens_is_said_in_words);
	ATF_TP_ADD_TC(tp, a_job_that_died_says_why_in_its_row);
	ATF_TP_ADD_TC(tp, after_a_job_died_nothing_needs_the_inbox);
	ATF_TP_ADD_TC(tp, a_job_without_a_row_ends);
	ATF_TP_ADD_TC(
	    tp, of_a_shop_that_we_do_not_know_the_topic_alone_is_recorded);
	ATF_TP_ADD_TC(tp, what_is_from_before_the_present_install_is_ignored);
	ATF_TP_ADD_TC(tp, a_privacy_request_outlives_the_installation);
	ATF_TP_ADD_TC(tp, a_privacy_request_of_another_shops_body_does_nothing);
	ATF_TP_ADD_TC(tp, what_changed_of_the_shop_itself_is_read_again);
	ATF_TP_ADD_TC(
	    tp, an_uninstall_of_its_own_body_ends_the_installation_once);
	ATF_TP_ADD_TC(tp, a_late_uninstall_leaves_the_new_installation_alone);
	ATF_TP_ADD_TC(tp, a_bare_id_is_read_again_each_time);
	ATF_TP_ADD_TC(tp, a_large_body_is_applied_by_what_names_its_object);
	return atf_no_error();
}
