/* What a program opens: as its own role, with its own secrets and no more. */
#include <atf-c.h>
#include <string.h>
#include <sys/stat.h>

#include "app/start.h"
#include "base/conf.h"
#include "io/db.h"
#include "io/http.h"
#include "shop.h"
#include "store/kek.h"

/* The settings alone; nothing is open. */
static void
begin(void)
{
	struct cx *cx = test_shop("auth");

	db_close(cx->db);
	db_close(cx->keyring);
	cx->db = cx->keyring = NULL;
	kek_stop();
	conf_set(C_DATABASE_URL,
	    text_fmt(test_arena(), "host=%s dbname=t", test_server_dir()));
	conf_set(C_KEYRING_URL,
	    text_fmt(test_arena(), "host=%s dbname=t_keys", test_server_dir()));
}

static enum rc
started(const char *program)
{
	test_cx()->program = program;
	return app_start(test_cx());
}

SERVER_CASE(a_program_connects_as_its_own_role)
{
	struct shop shop;

	begin();
	OK(started("auth"));
	ATF_CHECK_STREQ("t", db_name(test_cx()->db));
	ATF_CHECK_STREQ("t_keys", db_name(test_cx()->keyring));
	ATF_CHECK(kek_newest() != NULL);
	OK(shop_load(test_cx(), SHOP, &shop));
	(void)test_keys();
	test_answers("stockroom_auth", "t",
	    "SELECT DISTINCT usename FROM pg_stat_activity "
	    "WHERE application_name LIKE '%auth%'");
	http_stop();
}

/* design.md 4: the doors have no key that opens anything. */
SERVER_CASE(the_doors_get_no_keyring)
{
	begin();
	OK(started("webhooks"));
	ATF_CHECK_EQ(NULL, test_cx()->keyring);
	ATF_CHECK_EQ(NULL, kek_newest());
	db_close(test_cx()->db);
	OK(started("events"));
	ATF_CHECK_EQ(NULL, test_cx()->keyring);
}

SERVER_CASE(without_its_keys_it_does_not_start)
{
	begin();
	conf_set(C_KEK_DIR, "no-such-folder");
	ATF_CHECK_EQ(RC_INPUT, started("pulls"));
	ATF_CHECK(strstr(test_cx()->fault.sentence, "no-such-folder") != NULL);
}

SERVER_CASE(a_password_file_must_be_its_owners_alone)
{
	begin();
	atf_utils_create_file("password", "x\n");
	ATF_REQUIRE(chmod("password", 0644) == 0);
	conf_set(C_DB_PASSWORD_FILE, "password");
	ATF_CHECK_EQ(RC_INPUT, started("auth"));
	rc_forget(test_cx());
	db_close(test_cx()->db);
	ATF_REQUIRE(chmod("password", 0600) == 0);
	OK(started("auth"));
	OK(db_ping(test_cx()));
	http_stop();
}

SERVER_CASE(where_the_server_asks_for_a_password_it_is_given)
{
	begin();
	test_sql("t", "ALTER ROLE stockroom_auth PASSWORD 'good'");
	test_server("cd \"$PG_DIR/data\"; "
		    "{ echo 'local all stockroom_auth scram-sha-256'; "
		    "cat pg_hba.conf; } > new; cat new > pg_hba.conf");
	test_sql("t", "SELECT pg_reload_conf()");
	atf_utils_create_file("password", "good\n");
	ATF_REQUIRE(chmod("password", 0600) == 0);
	conf_set(C_DB_PASSWORD_FILE, "password");
	OK(app_open(test_cx(), "stockroom_auth"));
	OK(db_ping(test_cx()));
	db_close(test_cx()->db);
	conf_set(C_DB_PASSWORD_FILE, "");
	OK(app_open(test_cx(), "stockroom_auth"));
	ATF_CHECK(db_ping(test_cx()) != RC_OK);
}

SERVER_CASE(the_command_opens_the_main_database_alone)
{
	begin();
	OK(app_open(test_cx(), "stockroom_ops"));
	OK(db_ping(test_cx()));
	ATF_CHECK_EQ(NULL, test_cx()->keyring);
	db_close(test_cx()->db);
	conf_set(C_DB_PASSWORD_FILE, "no-such-file");
	ATF_CHECK_EQ(RC_INPUT, app_open(test_cx(), "stockroom_ops"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_program_connects_as_its_own_role);
	ATF_TP_ADD_TC(tp, the_doors_get_no_keyring);
	ATF_TP_ADD_TC(tp, without_its_keys_it_does_not_start);
	ATF_TP_ADD_TC(tp, a_password_file_must_be_its_owners_alone);
	ATF_TP_ADD_TC(tp, where_the_server_asks_for_a_password_it_is_given);
	ATF_TP_ADD_TC(tp, the_command_opens_the_main_database_alone);
	return atf_no_error();
}
