/* kyua: timeout=60 */
/* What handlers hear of, and what they are told of it: from the webhook or the
 * pull to the job, and from the job to JSON and environment. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "app/handler_event.h"
#include "app/handler_job.h"
#include "app/handler_sign.h"
#include "app/pulls.h"
#include "app/sealing.h"
#include "base/conf.h"
#include "base/log.h"
#include "delivery.h"
#include "handled.h"
#include "io/program.h"
#include "store/handler.h"

#define ORDER "{\"id\":11,\"customer\":{\"id\":12},\"note\":\"canary\"}"
#define REDACT                                                                 \
	"{\"shop_id\":9007199254740993,\"shop_domain\":"                       \
	"\"one.myshopify.com\",\"customer\":{\"id\":12,\"email\":\"canary\"}," \
	"\"orders_to_redact\":[11,13]}"

static void
bind(const char *text)
{
	FILE *f = fopen("handlers.conf", "w");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE(fputs(text, f) >= 0 && fclose(f) == 0);
	conf_set(C_HANDLERS_FILE, "handlers.conf");
	OK(handlers_load(test_cx()));
}

static void
begin(const char *text)
{
	(void)test_shop("jobd");
	log_open(LOG_ERR + 1, 2);
	bind(text);
}

/* The oldest handler's job there is, as its child would have it. */
static struct job
put(const char *kind)
{
	const char *line = test_answer("t",
	    text_fmt(test_arena(),
		"SELECT concat_ws($$ $$, id, shop_id, shop_epoch, "
		"max_attempts, args) FROM job WHERE kind = $$%s$$ ORDER BY id "
		"LIMIT 1",
		kind));
	struct job job = { .attempt = 1 };
	int args = 0;

	ATF_REQUIRE_EQ_MSG(4,
	    sscanf(line, "%ld %ld %d %d %n", &job.id, &job.shop_id,
		&job.shop_epoch, &job.max_attempts, &args),
	    "no job %s", kind);
	job.args = test_json(slice_of(line + args));
	return job;
}

static struct handler_event
event(const struct job *job)
{
	struct handler_event e;

	OK(handler_event_load(test_cx(), job, &e));
	return e;
}

static const char *
text_in(const struct handler_event *e, const char *path)
{
	return jtext(test_arena(), jat(test_json(e->json), path));
}

static const char *
name_in(const struct handler_event *e, const char *name)
{
	const size_t n = strlen(name);

	for (size_t i = 0; e->env[i]; i++)
		if (strncmp(e->env[i], name, n) == 0 && e->env[i][n] == '=')
			return e->env[i] + n + 1;
	return "(not there)";
}

static void
check_jobs(const char *want)
{
	test_answers(want, "t",
	    "SELECT string_agg(kind || $$ $$ || (args ->> $$handler$$), $$, $$ "
	    "ORDER BY id) FROM job WHERE kind IN ($$exec$$, $$forward$$)");
}

/* ---- webhooks */

SERVER_CASE(a_bound_topic_puts_a_job_with_its_webhook)
{
	struct handler_event e;
	struct job job;
	const char *id;

	begin("webhook orders/create,orders/paid exec /bin/sh attempts=3\n"
	      "webhook orders/create forward https://x/y name=out\n"
	      "webhook products/create exec /bin/sh name=other\n");
	id = test_delivered("orders/create", ORDER);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	check_jobs("exec sh, forward out");
	job = put("exec");
	ATF_CHECK_EQ(3, job.max_attempts);
	e = event(&job);
	ATF_CHECK_EQ('c', e.subject.kind);
	ATF_CHECK_EQ(12, e.subject.id);
	ATF_CHECK_STREQ(id, e.id);
	ATF_CHECK_STREQ("\"webhook\"", text_in(&e, "type"));
	ATF_CHECK_STREQ("\"sh\"", text_in(&e, "handler"));
	ATF_CHECK_STREQ("\"9007199254740993\"", text_in(&e, "shop.id"));
	ATF_CHECK_STREQ("\"orders/create\"", text_in(&e, "data.topic"));
	ATF_CHECK_STREQ(ORDER, text_in(&e, "data.body"));
	ATF_CHECK_STREQ("webhook", name_in(&e, "STOCKROOM_EVENT"));
	ATF_CHECK_STREQ(id, name_in(&e, "STOCKROOM_EVENT_ID"));
	ATF_CHECK_STREQ("orders/create", name_in(&e, "STOCKROOM_TOPIC"));
	ATF_CHECK_STREQ("9007199254740993", name_in(&e, "STOCKROOM_SHOP_ID"));
	ATF_CHECK_STREQ("1", name_in(&e, "STOCKROOM_ATTEMPT"));
	ATF_CHECK_STREQ("(not there)", name_in(&e, "STOCKROOM_PULL"));
}

SERVER_CASE(what_was_not_applied_is_told_to_nobody)
{
	begin("webhook orders/create,app/uninstalled exec /bin/sh\n");
	(void)test_delivered("orders/create", ORDER);
	(void)test_delivered("orders/create", ORDER);
	(void)test_delivered("orders/create", "{\"id\":\"x\"}");
	(void)test_delivered("app/uninstalled", "{\"id\":2}");
	for (int i = 0; i < 4; i++)
		handled_well(handled(JOB_WEBHOOK_APPLY));
	check_jobs("exec sh");
}

SERVER_CASE(an_order_from_before_a_reinstall_is_told_to_nobody_but_a_wish_is)
{
	struct handler_event e;
	struct job job;

	begin("webhook orders/create exec /bin/sh\n"
	      "webhook customers/redact forward https://x name=out\n");
	(void)test_delivered("orders/create", ORDER);
	(void)test_delivered("customers/redact", REDACT);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	handled_well(handled(JOB_WEBHOOK_APPLY));
	test_sql("t", "UPDATE shop SET epoch = epoch + 1");
	job = put("exec");
	CODE(RC_CONFLICT, handler_event_load(test_cx(), &job, &e));
	job = put("forward");
	e = event(&job);
	ATF_CHECK_STREQ(REDACT, text_in(&e, "data.body"));
}

SERVER_CASE(a_wish_that_was_obeyed_is_told_with_its_numbers)
{
	struct handler_event e;
	struct job job;

	begin("webhook customers/redact,customers/update exec /bin/sh\n");
	(void)test_delivered("customers/redact", REDACT);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	job = put("exec");
	test_sql("t_keys", "DELETE FROM subject_salt");
	e = event(&job);
	ATF_CHECK_STREQ("{\"shop_id\":9007199254740993,\"shop_domain\":"
			"\"a.myshopify.com\",\"customer\":{\"id\":12},"
			"\"orders_to_redact\":[11,13]}",
	    text_in(&e, "data.body"));
	test_sql("t", "DELETE FROM job");
	(void)test_delivered("customers/update", "{\"id\":12}");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	test_sql("t", "UPDATE webhook SET body = NULL");
	job = put("exec");
	e = event(&job);
	ATF_CHECK_STREQ("null", text_in(&e, "data.body"));
}

SERVER_CASE(of_a_shop_that_is_forgotten_the_wish_is_told_all_the_same)
{
	struct handler_event e;
	struct job job;

	begin("webhook shop/redact exec /bin/sh\n");
	(void)test_delivered("shop/redact",
	    "{\"shop_id\":9007199254740993,\"shop_domain\":"
	    "\"a.myshopify.com\"}");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	job = put("exec");
	ATF_CHECK_EQ(0, job.shop_id);
	test_sql("t", "DELETE FROM webhook");
	e = event(&job);
	ATF_CHECK_STREQ("{\"shop_id\":9007199254740993,\"shop_domain\":"
			"\"a.myshopify.com\"}",
	    text_in(&e, "data.body"));
	ATF_CHECK_STREQ("shop/redact", name_in(&e, "STOCKROOM_TOPIC"));
	ATF_CHECK_STREQ("a.myshopify.com", name_in(&e, "STOCKROOM_SHOP"));
}

SERVER_CASE(a_job_outlives_neither_its_handler_nor_its_webhook)
{
	struct handler_event e;
	struct job job;

	begin("webhook orders/create exec /bin/sh\n");
	(void)test_delivered("orders/create", ORDER);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	job = put("exec");
	bind("pull orders exec /bin/sh\n");
	CODE(RC_ABSENT, handler_event_load(test_cx(), &job, &e));
	bind("");
	CODE(RC_ABSENT, handler_event_load(test_cx(), &job, &e));
	bind("webhook orders/create exec /bin/sh\n");
	test_sql("t", "DELETE FROM webhook");
	CODE(RC_ABSENT, handler_event_load(test_cx(), &job, &e));
}

/* ---- pulls */

static const char *const both[] = { "orders", "products" };

static const char *
pulled(int parts)
{
	const struct pull_page last = { .cursor = "c",
		.page_size = 50,
		.objects = 7,
		.children = "{\"lines\":9}" };
	struct pull pull = { .mode = "paged", .shop_epoch = 1 };

	OK(db_begin(test_cx()));
	OK(pull_put(test_cx(), &pull, both, 2, "key 1"));
	for (int i = 0; i < parts; i++) {
		OK(pull_begin(test_cx(), pull.id, both[i], 7));
		OK(pull_advance(test_cx(), pull.id, both[i], &last));
		OK(handler_job_pull(test_cx(), 1, pull.id));
	}
	OK(db_commit(test_cx()));
	return pull.id;
}

SERVER_CASE(a_pull_is_told_once_all_of_it_is_there)
{
	struct handler_event e;
	struct job job;
	const char *id;

	begin("pull products exec /bin/sh name=products\n"
	      "pull customers exec /bin/sh name=customers\n"
	      "pull * forward https://x name=any\n");
	(void)pulled(1);
	check_jobs("");
	id = pulled(2);
	check_jobs("exec products, forward any");
	job = put("exec");
	e = event(&job);
	ATF_CHECK_STREQ(id, e.id);
	ATF_CHECK_EQ('s', e.subject.kind);
	ATF_CHECK_STREQ("\"completed\"", text_in(&e, "data.state"));
	ATF_CHECK_STREQ(
	    "[{\"resource\":\"products\",\"objects\":7,\"children\":"
	    "{\"lines\":9}},{\"resource\":\"orders\",\"objects\":7,"
	    "\"children\":{\"lines\":9}}]",
	    text_in(&e, "data.resources"));
	ATF_CHECK_STREQ("products,orders", name_in(&e, "STOCKROOM_RESOURCES"));
	ATF_CHECK_STREQ(id, name_in(&e, "STOCKROOM_PULL"));
	test_sql("t", "DELETE FROM pull_part; DELETE FROM pull");
	CODE(RC_ABSENT, handler_event_load(test_cx(), &job, &e));
}

/* ---- programs and addresses out of reach */

SERVER_CASE(without_execd_a_program_is_tried_again)
{
	begin("webhook orders/create exec /bin/sh\n");
	(void)test_delivered("orders/create", ORDER);
	handled_well(handled(JOB_WEBHOOK_APPLY));
	program_door(NULL);
	handled_said(JOB_FAILED, "no execd", handled(JOB_EXEC));
	test_sql("t", "UPDATE job SET state = $$available$$, run_at = now()");
	program_door("@nobody listens here");
	handled_said(JOB_FAILED, "execd cannot be reached", handled(JOB_EXEC));
}

SERVER_CASE(nothing_is_forwarded_unsigned_or_while_it_is_off)
{
	const struct handler_failure gone = { "out", 1, "gone", "it is gone",
		0 };
	bool off;

	begin("webhook orders/create forward https://x name=out\n");
	conf_set(C_FORWARD_SECRET_FILE, "");
	(void)test_delivered("orders/create", ORDER);
	(void)test_delivered("orders/create", "{\"id\":12}");
	handled_well(handled(JOB_WEBHOOK_APPLY));
	handled_well(handled(JOB_WEBHOOK_APPLY));
	handled_said(JOB_DEAD, "FORWARD_SECRET_FILE must name a file",
	    handled(JOB_FORWARD));
	OK(handler_fail(test_cx(), &gone, &off));
	ATF_CHECK(off);
	handled_said(JOB_DEAD, "handler out is switched off since 2",
	    handled(JOB_FORWARD));
}

/* ---- results */

SERVER_CASE(a_result_is_opened_until_its_subject_is_forgotten)
{
	const struct subject customer = { 'c', 12 };
	const struct blob_place place =
	    handler_result_place(test_cx(), SHOP, 5);
	struct handler_result put_in = {
		.job_id = 5, .handler = "x", .bytes = 6, .subject = { 'c', 12 }
	};
	struct handler_result got;
	const char *plain;

	begin("");
	OK(sealing_seal(test_cx(), customer, &place, SHOP, slice_of("canary"),
	    &put_in.sealed));
	OK(handler_result_put(test_cx(), SHOP, &put_in));
	OK(handler_result_put(test_cx(), SHOP, &put_in)); /* ran twice */
	OK(handler_result_load(test_cx(), SHOP, 5, &got));
	ATF_CHECK_EQ(12, got.subject.id);
	OK(sealing_open(
	    test_cx(), got.subject, &place, SHOP, got.sealed, &plain));
	ATF_CHECK_STREQ("canary", plain);
	test_answers("0", "t",
	    "SELECT count(*) FROM handler_result r WHERE position("
	    "convert_to($$canary$$, $$UTF8$$) IN sealed) > 0");
	CODE(RC_ABSENT, handler_result_load(test_cx(), OTHER, 5, &got));
	test_sql("t_keys", "DELETE FROM subject_salt");
	OK(sealing_open(
	    test_cx(), got.subject, &place, SHOP, got.sealed, &plain));
	ATF_CHECK(plain == NULL);
}

/* ---- signatures */

ATF_TC_WITHOUT_HEAD(a_signature_is_as_the_standards_own_example_has_it);
ATF_TC_BODY(a_signature_is_as_the_standards_own_example_has_it, tc)
{
	static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
	const struct secret list[] = { { secret, sizeof(secret) - 1 },
		{ secret, sizeof(secret) - 1 }, { "whsec_c2hvcnQ=", 14 },
		{ secret + 6, sizeof(secret) - 7 } };
	const struct slice body = slice_of("{\"test\": 2432232314}");
	const char *got;

	OK(handler_sign(test_cx(), list, 1, "msg_p5jXN8AQM9LWM0D4loKWxJek",
	    1614265330, body, &got));
	ATF_CHECK_STREQ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got);
	OK(handler_sign(test_cx(), list, 2, "msg_p5jXN8AQM9LWM0D4loKWxJek",
	    1614265330, body, &got));
	ATF_CHECK_STREQ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= "
			"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
	    got);
	CODE(
	    RC_INPUT, handler_sign(test_cx(), &list[2], 1, "m", 1, body, &got));
	CODE(
	    RC_INPUT, handler_sign(test_cx(), &list[3], 1, "m", 1, body, &got));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_bound_topic_puts_a_job_with_its_webhook);
	ATF_TP_ADD_TC(tp, what_was_not_applied_is_told_to_nobody);
	ATF_TP_ADD_TC(tp,
	    an_order_from_before_a_reinstall_is_told_to_nobody_but_a_wish_is);
	ATF_TP_ADD_TC(tp, a_wish_that_was_obeyed_is_told_with_its_numbers);
	ATF_TP_ADD_TC(
	    tp, of_a_shop_that_is_forgotten_the_wish_is_told_all_the_same);
	ATF_TP_ADD_TC(tp, a_job_outlives_neither_its_handler_nor_its_webhook);
	ATF_TP_ADD_TC(tp, a_pull_is_told_once_all_of_it_is_there);
	ATF_TP_ADD_TC(tp, without_execd_a_program_is_tried_again);
	ATF_TP_ADD_TC(tp, nothing_is_forwarded_unsigned_or_while_it_is_off);
	ATF_TP_ADD_TC(tp, a_result_is_opened_until_its_subject_is_forgotten);
	ATF_TP_ADD_TC(tp, a_signature_is_as_the_standards_own_example_has_it);
	return atf_no_error();
}
