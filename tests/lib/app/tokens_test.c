/* kyua: timeout=120 */
/* The token that works now: one refreshes, the others wait (D8, REL-2). */
#include <atf-c.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/tokens.h"
#include "base/conf.h"
#include "io/count.h"
#include "io/http.h"
#include "pretend.h"
#include "shop.h"

enum { MANY = 100 };

#define NEXT                                                                   \
	"{\"access_token\":\"shpat_2\",\"expires_in\":3600,"                   \
	"\"refresh_token\":\"shprt_2\","                                       \
	"\"refresh_token_expires_in\":7776000}"

static struct shop shop;

/* A token with so many seconds left, and Shopify within reach. */
static void
begin(int64_t seconds_left)
{
	(void)test_shop("jobd");
	pretend_start();
	test_token(seconds_left);
	shop = test_shop_row();
	OK(http_start(test_cx()));
}

static const char *
live(enum rc want)
{
	struct token token = { .kind = NULL };

	rc_forget(test_cx());
	ATF_REQUIRE_EQ(want, token_live(test_cx(), &shop, &token));
	return text_of(
	    test_arena(), (struct slice){ token.access.p, token.access.n });
}

static void
check_status(const char *want, const char *reason)
{
	struct shop now;

	OK(shop_load(test_cx(), SHOP, &now));
	ATF_CHECK_STREQ(want, now.status);
	if (reason)
		ATF_CHECK_STREQ(reason, now.status_reason);
}

SERVER_CASE(a_fresh_token_is_used_as_it_is)
{
	begin(310);
	ATF_CHECK_STREQ("shpat_1", live(RC_OK));
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
}

SERVER_CASE(with_five_minutes_left_it_is_refreshed_and_both_are_kept)
{
	begin(290);
	pretend_says("refresh_token", 200, NEXT);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	GOT("refresh_token", "\"refresh_token\":\"shprt_1\"");
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
	test_sql("t", "UPDATE token SET expires_at = now()");
	(void)live(RC_OK);
	GOT("refresh_token", "\"refresh_token\":\"shprt_2\"");
}

/* What /metrics says of refreshes. */
static void
check_figure(const char *want)
{
	struct buf text = buf_new(test_arena(), 1 << 20);

	OK(count_write(test_cx(), &text));
	ATF_CHECK_MSG(strstr(buf_text(&text), want), "no %s in: %s", want,
	    buf_text(&text));
}

SERVER_CASE(refreshes_are_counted_by_how_they_ended)
{
	begin(1);
	conf_set(C_RUN_DIR, ".");
	ATF_REQUIRE(mkdir("metrics", 0700) == 0);
	count_start(test_cx());
	pretend_says("refresh_token", 503, "");
	(void)live(RC_REMOTE);
	pretend_says("refresh_token", 200, NEXT);
	(void)live(RC_OK);
	check_figure("token_refreshes_total{outcome=\"ok\"} 1\n");
	check_figure("token_refreshes_total{outcome=\"remote\"} 1\n");
}

/* ---- many at once */

/* Its server takes them all. */
static void
make_room(void)
{
	test_server("echo 'max_connections = 260' >> "
		    "\"$PG_DIR/data/postgresql.conf\"; "
		    "pg_as \"$(pg_bin)/pg_ctl\" -w -m fast -D \"$PG_DIR/data\" "
		    "stop > pg.out; pg_up");
}

/* A job of its own process; 0 when it has the new token. */
static pid_t
job(void)
{
	const pid_t pid = fork();
	struct token token;
	struct cx *cx;

	if (pid != 0)
		return pid;
	cx = test_rival("jobd");
	if (http_start(cx) != RC_OK)
		_exit(100);
	if (token_live(cx, &shop, &token) != RC_OK)
		_exit(10 + (int)cx->fault.rc);
	_exit(memcmp(token.access.p, "shpat_2", 8) == 0 ? 0 : 1);
}

SERVER_CASE(a_hundred_jobs_at_expiry_make_one_call)
{
	pid_t pids[MANY];
	int i, status, failed = 0;

	(void)test_shop("jobd");
	pretend_start();
	test_token(1);
	make_room();
	test_sql("t", "UPDATE token SET expires_at = now()");
	pretend_says("refresh_token", 200, NEXT);
	pretend_slow(300);
	shop.id = SHOP;
	shop.domain = "a.myshopify.com";
	for (i = 0; i < MANY; i++)
		pids[i] = job();
	for (i = 0; i < MANY; i++) {
		ATF_REQUIRE_EQ(pids[i], waitpid(pids[i], &status, 0));
		failed += status != 0;
	}
	ATF_CHECK_EQ(0, failed);
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
}

SERVER_CASE(while_another_refreshes_a_token_that_is_still_good_is_used)
{
	begin(60);
	test_sql("t",
	    "UPDATE token SET refresh_until = now() + interval '30 s', "
	    "refresh_holder = 'another'");
	ATF_CHECK_STREQ("shpat_1", live(RC_OK));
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
}

/* The other one died: its lease ends in two seconds, with no new token. */
SERVER_CASE(who_waits_in_vain_is_told_to_come_back)
{
	begin(60);
	test_sql("t", "UPDATE token SET expires_at = now(), "
		      "refresh_until = now() + interval '2 s', "
		      "refresh_holder = 'another'");
	(void)live(RC_BUSY);
	ATF_CHECK_EQ(1000, test_cx()->retry_after_ms);
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
}

/* The lease ran out over the network and another one took it: its token is the
 * one that counts. */
static void
lose_the_lease(int said, const char *body)
{
	int status;
	pid_t pid;

	begin(1);
	pretend_says("refresh_token", said, body);
	pretend_slow(500);
	pid = job();
	test_sql("t",
	    "DO $$ BEGIN FOR i IN 1..500 LOOP "
	    "PERFORM 1 FROM token WHERE refresh_holder IS NOT NULL; "
	    "EXIT WHEN FOUND; PERFORM pg_sleep(0.01); END LOOP; END $$;"
	    "UPDATE token SET refresh_holder = NULL, refresh_until = NULL, "
	    "expires_at = now() + interval '1 h'");
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK(WIFEXITED(status));
	ATF_CHECK_EQ(1, WEXITSTATUS(status)); /* shpat_1, as it was kept */
}

SERVER_CASE(who_lost_the_lease_uses_what_the_other_one_kept)
{
	lose_the_lease(200, NEXT);
}

/* The merchant authorized us anew while the old token was refused. */
SERVER_CASE(what_is_said_of_a_token_that_was_replaced_marks_nobody)
{
	lose_the_lease(401, "{}");
	check_status("installed", NULL);
	test_answers("", "t", "SELECT failed FROM token");
}

/* ---- what goes wrong */

SERVER_CASE(a_lost_answer_is_asked_for_again_with_the_same_refresh_token)
{
	begin(1);
	pretend_says("refresh_token", 0, "");
	pretend_says("refresh_token", 500, "");
	pretend_says("refresh_token", 200, NEXT);
	(void)live(RC_REMOTE);
	check_status("installed", NULL);
	(void)live(RC_REMOTE);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	GOT("refresh_token", "\"refresh_token\":\"shprt_1\"");
	ATF_CHECK_EQ(3, pretend_calls("refresh_token"));
}

/* It has the lease and Shopify's answer under way: then it is no more. */
SERVER_CASE(who_dies_before_the_commit_leaves_the_token_that_can_be_sent_again)
{
	int i, status;
	pid_t pid;

	begin(1);
	pretend_says("refresh_token", 200, NEXT);
	pretend_slow(1000);
	pid = job();
	for (i = 0; i < 2000 && pretend_calls("refresh_token") == 0; i++)
		(void)usleep(5000);
	ATF_REQUIRE_EQ(1, pretend_calls("refresh_token"));
	ATF_REQUIRE_EQ(0, kill(pid, SIGKILL));
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_REQUIRE(WIFSIGNALED(status));
	pretend_slow(0);
	test_sql("t", "UPDATE token SET refresh_until = now()");
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	GOT("refresh_token", "\"refresh_token\":\"shprt_1\"");
	ATF_CHECK_EQ(2, pretend_calls("refresh_token"));
	check_status("installed", NULL);
}

static void
lapse(void)
{
	test_sql("t", "UPDATE token SET expires_at = now()");
}

/* Two asked with one refresh token, and what was kept is the dead pair. */
SERVER_CASE(a_pair_that_is_dead_is_asked_for_by_the_token_that_gave_it)
{
	begin(1);
	pretend_says("refresh_token", 200, NEXT);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	lapse();
	pretend_says("refresh_token", 401, "{}");
	pretend_says("refresh_token", 200,
	    "{\"access_token\":\"shpat_3\",\"expires_in\":3600,"
	    "\"refresh_token\":\"shprt_3\"}");
	ATF_CHECK_STREQ("shpat_3", live(RC_OK));
	GOT("refresh_token", "\"refresh_token\":\"shprt_1\"");
	check_status("installed", NULL);
	/* Which is kept for that still, and not the dead one. */
	lapse();
	pretend_says("refresh_token", 401, "{}");
	pretend_says("refresh_token", 200, NEXT);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	GOT("refresh_token", "\"refresh_token\":\"shprt_1\"");
	ATF_CHECK_EQ(5, pretend_calls("refresh_token"));
	/* Both are refused: that is the end. */
	lapse();
	pretend_says("refresh_token", 401, "{}");
	(void)live(RC_TOKEN);
	ATF_CHECK_EQ(7, pretend_calls("refresh_token"));
	check_status(
	    "needs_authorization", "Shopify refused the refresh token");
}

SERVER_CASE(a_refusal_of_us_is_not_the_shops_fault)
{
	begin(1);
	pretend_says("refresh_token", 400, "{}");
	(void)live(RC_INPUT);
	check_status("installed", NULL);
	pretend_says("refresh_token", 403, "{}");
	(void)live(RC_DENIED);
	check_status("installed", NULL);
	pretend_says("refresh_token", 200, NEXT);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
}

SERVER_CASE(a_dead_refresh_token_means_that_the_shop_must_authorize_again)
{
	begin(1);
	pretend_says("refresh_token", 401, "{}");
	(void)live(RC_TOKEN);
	check_status(
	    "needs_authorization", "Shopify refused the refresh token");
	(void)live(RC_TOKEN);
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
	test_answers("Shopify refused the refresh token|t", "t",
	    "SELECT failed, refresh_holder IS NULL FROM token");
}

SERVER_CASE(without_a_token_or_a_refresh_token_it_must_too)
{
	begin(1);
	test_sql("t", "UPDATE token SET refresh = NULL");
	(void)live(RC_TOKEN);
	check_status("needs_authorization", NULL);
	test_sql("t", "DELETE FROM token");
	(void)live(RC_TOKEN);
	check_status("needs_authorization", "there is no token");
	test_sql("t_keys", "DELETE FROM shop_key");
	(void)live(RC_TOKEN);
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
}

/* ---- kinds */

static struct oauth_grant
grant_of(enum token_kind kind, int64_t expires_in_s)
{
	return (struct oauth_grant){ .kind = kind,
		.access = { "shpat_9", 7 },
		.expires_in_s = expires_in_s };
}

static void
kept(const struct oauth_grant *grant)
{
	const struct keys keys = test_keys();

	OK(token_keep(test_cx(), &keys, grant));
}

SERVER_CASE(client_credentials_ask_anew)
{
	const struct oauth_grant grant = grant_of(TOKEN_CLIENT_CREDENTIALS, 1);

	begin(1);
	kept(&grant);
	pretend_says("client_credentials", 200,
	    "{\"access_token\":\"shpat_2\",\"expires_in\":86399}");
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	ATF_CHECK_EQ(0, pretend_calls("refresh_token"));
	test_answers("client_credentials|t", "t",
	    "SELECT kind, expires_at > now() + interval '23 h' FROM token");
}

/* shopify.md 9.1: never "does not expire". */
SERVER_CASE(a_life_that_was_not_said_is_an_hour)
{
	const struct oauth_grant grant = grant_of(TOKEN_EXPIRING, 0);

	begin(1);
	kept(&grant);
	test_answers("t", "t",
	    "SELECT expires_at BETWEEN now() + interval '59 min' "
	    "AND now() + interval '60 min' FROM token");
	test_sql("t", "UPDATE token SET expires_at = now()");
	test_token(1);
	pretend_says("refresh_token", 200, "{\"access_token\":\"shpat_2\"}");
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	test_answers("t", "t",
	    "SELECT expires_at BETWEEN now() + interval '59 min' "
	    "AND now() + interval '60 min' FROM token");
}

SERVER_CASE(a_token_without_an_end_is_never_refreshed)
{
	const struct oauth_grant grant = grant_of(TOKEN_NON_EXPIRING, 0);

	begin(1);
	kept(&grant);
	ATF_CHECK_STREQ("shpat_9", live(RC_OK));
	test_answers("t", "t", "SELECT expires_at IS NULL FROM token");
}

SERVER_CASE(a_grant_is_kept_for_its_own_shop_only)
{
	const struct oauth_grant grant = grant_of(TOKEN_NON_EXPIRING, 0);
	struct keys keys;

	(void)test_shop("auth");
	shop = test_shop_row();
	keys = test_keys();
	OK(token_keep(test_cx(), &keys, &grant));
	ATF_CHECK_STREQ("shpat_9", live(RC_OK));
	test_cx()->shop_id = OTHER; /* another's row is not to be written */
	ATF_CHECK(test_code(token_keep(test_cx(), &keys, &grant)) != RC_OK);
}

/* ---- refused before its time */

static struct token
loaded(void)
{
	struct token token;

	OK(token_live(test_cx(), &shop, &token));
	return token;
}

SERVER_CASE(a_refused_token_is_refreshed_by_the_next_who_asks)
{
	struct token token;

	begin(3600);
	pretend_says("refresh_token", 200, NEXT);
	token = loaded();
	OK(token_refused(test_cx(), &shop, &token));
	check_status("installed", NULL);
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	/* Said once more of the old one, it changes nothing. */
	OK(token_refused(test_cx(), &shop, &token));
	ATF_CHECK_STREQ("shpat_2", live(RC_OK));
	ATF_CHECK_EQ(1, pretend_calls("refresh_token"));
}

SERVER_CASE(a_refused_token_without_an_end_is_the_end)
{
	const struct oauth_grant grant = grant_of(TOKEN_NON_EXPIRING, 0);
	struct token token;

	begin(1);
	kept(&grant);
	token = loaded();
	CODE(RC_TOKEN, token_refused(test_cx(), &shop, &token));
	check_status("needs_authorization",
	    "Shopify refused a token that does not expire");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_fresh_token_is_used_as_it_is);
	ATF_TP_ADD_TC(
	    tp, with_five_minutes_left_it_is_refreshed_and_both_are_kept);
	ATF_TP_ADD_TC(tp, refreshes_are_counted_by_how_they_ended);
	ATF_TP_ADD_TC(tp, a_hundred_jobs_at_expiry_make_one_call);
	ATF_TP_ADD_TC(
	    tp, while_another_refreshes_a_token_that_is_still_good_is_used);
	ATF_TP_ADD_TC(tp, who_waits_in_vain_is_told_to_come_back);
	ATF_TP_ADD_TC(tp, who_lost_the_lease_uses_what_the_other_one_kept);
	ATF_TP_ADD_TC(
	    tp, what_is_said_of_a_token_that_was_replaced_marks_nobody);
	ATF_TP_ADD_TC(
	    tp, a_lost_answer_is_asked_for_again_with_the_same_refresh_token);
	ATF_TP_ADD_TC(tp,
	    who_dies_before_the_commit_leaves_the_token_that_can_be_sent_again);
	ATF_TP_ADD_TC(
	    tp, a_pair_that_is_dead_is_asked_for_by_the_token_that_gave_it);
	ATF_TP_ADD_TC(tp, a_refusal_of_us_is_not_the_shops_fault);
	ATF_TP_ADD_TC(
	    tp, a_dead_refresh_token_means_that_the_shop_must_authorize_again);
	ATF_TP_ADD_TC(tp, without_a_token_or_a_refresh_token_it_must_too);
	ATF_TP_ADD_TC(tp, client_credentials_ask_anew);
	ATF_TP_ADD_TC(tp, a_life_that_was_not_said_is_an_hour);
	ATF_TP_ADD_TC(tp, a_token_without_an_end_is_never_refreshed);
	ATF_TP_ADD_TC(tp, a_grant_is_kept_for_its_own_shop_only);
	ATF_TP_ADD_TC(tp, a_refused_token_is_refreshed_by_the_next_who_asks);
	ATF_TP_ADD_TC(tp, a_refused_token_without_an_end_is_the_end);
	return atf_no_error();
}
