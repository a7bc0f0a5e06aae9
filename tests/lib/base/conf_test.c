/* Settings: the file, over it the environment, and what is refused (SEC-36). */
#include <atf-c.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "test.h"

static const char *
file(const char *name, mode_t mode, struct slice text)
{
	const int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd >= 0);
	ATF_REQUIRE_EQ((ssize_t)text.n, write(fd, text.p, text.n));
	ATF_REQUIRE(fchmod(fd, mode) == 0);
	(void)close(fd);
	return name;
}

static void
load(const char *text)
{
	OK(conf_load(test_cx(), file("c", 0644, slice_of(text))));
}

ATF_TC_WITHOUT_HEAD(without_file_and_environment_the_defaults_stand);
ATF_TC_BODY(without_file_and_environment_the_defaults_stand, tc)
{
	load("");
	ATF_CHECK_STREQ("info", conf_text(C_LOG_LEVEL));
	ATF_CHECK_EQ(10000, conf_int(C_MAX_REQUESTS));
	ATF_CHECK_STREQ("", conf_text(C_CONNECT_TO));
	ATF_CHECK(!conf_bool(C_CONNECT_TO));
}

ATF_TC_WITHOUT_HEAD(every_row_has_a_name_a_sentence_and_a_sound_default);
ATF_TC_BODY(every_row_has_a_name_a_sentence_and_a_sound_default, tc)
{
	int64_t n;
	int c;

	for (c = 0; c < C_COUNT; c++) {
		const struct conf_row *row = conf_row((enum conf)c);

		ATF_CHECK(row->name[0] != '\0');
		ATF_CHECK_MSG(text_ends(row->sentence, "."), "%s", row->name);
		if (row->type == CONF_INT)
			ATF_CHECK_MSG(
			    text_int(row->fallback, INT64_MIN, INT64_MAX, &n),
			    "%s", row->name);
	}
}

ATF_TC_WITHOUT_HEAD(the_file_is_read_as_systemd_reads_it);
ATF_TC_BODY(the_file_is_read_as_systemd_reads_it, tc)
{
	load("# a comment\n; another\n\n  \t\nAPP_HOME=/a b/\n"
	     "  API_VERSION = 2027-01  \r\nSCOPES=\"read, # no comment\"\n"
	     "WWW_DIR=''\nCONNECT_TO='a=\"b\"'\nJOBD_CHILDREN=7\n"
	     "JOBD_CHILDREN=8\nADMIN_ORIGIN=http://h/{shop}?a=b");
	ATF_CHECK_STREQ("/a b/", conf_text(C_APP_HOME));
	ATF_CHECK_STREQ("2027-01", conf_text(C_API_VERSION));
	ATF_CHECK_STREQ("read, # no comment", conf_text(C_SCOPES));
	ATF_CHECK_STREQ("", conf_text(C_WWW_DIR));
	ATF_CHECK_STREQ("a=\"b\"", conf_text(C_CONNECT_TO));
	ATF_CHECK_EQ(8, conf_int(C_JOBD_CHILDREN)); /* the last wins */
	ATF_CHECK_STREQ("http://h/{shop}?a=b", conf_text(C_ADMIN_ORIGIN));
}

ATF_TC_WITHOUT_HEAD(the_environment_wins_for_names_we_know);
ATF_TC_BODY(the_environment_wins_for_names_we_know, tc)
{
	ATF_REQUIRE(setenv("APP_URL", "https://env", 1) == 0);
	ATF_REQUIRE(setenv("APP_HOME", "", 1) == 0);
	ATF_REQUIRE(setenv("NO_SETTING_OF_OURS", "x", 1) == 0);
	load("APP_URL=https://file\nAPP_HOME=/file\nSCOPES=s");
	ATF_CHECK_STREQ("https://env", conf_text(C_APP_URL));
	ATF_CHECK_STREQ("", conf_text(C_APP_HOME));
	ATF_CHECK_STREQ("s", conf_text(C_SCOPES));
}

static void
refused(const char *text, const char *sentence)
{
	const char *path = file("c", 0644, slice_of(text));

	ATF_CHECK_EQ(RC_INPUT, conf_load(test_cx(), path));
	ATF_CHECK_STREQ(sentence, test_cx()->fault.sentence);
	rc_forget(test_cx());
}

ATF_TC_WITHOUT_HEAD(a_fault_names_file_line_and_setting);
ATF_TC_BODY(a_fault_names_file_line_and_setting, tc)
{
	const char *const plain = "c line 1: the value of SCOPES must be plain "
				  "or in one pair of quotes, without "
				  "backslashes";

	refused("\n#\nAPP_ULR=x",
	    "c line 3 names APP_ULR, and there is no such setting");
	refused("=x", "c line 1 names , and there is no such setting");
	refused("app_url=x",
	    "c line 1 names app_url, and there is no such setting");
	refused("APP_URL", "c line 1 must be NAME=value");
	refused("WORKERS=two", "WORKERS must be a whole number in c line 1");
	refused("WORKERS=", "WORKERS must be a whole number in c line 1");
	refused("SCOPES=\"a", plain);
	refused("SCOPES=\"", plain);
	refused("SCOPES=a\"b", plain);
	refused("SCOPES='a'b'", plain);
	refused("SCOPES=a\\", plain);
	refused("SCOPES=\"a\\\"b\"", plain);
	refused("SCOPES=\xff", "c is not UTF-8 text");
}

ATF_TC_WITHOUT_HEAD(a_fault_in_the_environment_says_so);
ATF_TC_BODY(a_fault_in_the_environment_says_so, tc)
{
	ATF_REQUIRE(setenv("WORKERS", "1.5", 1) == 0);
	refused("", "WORKERS must be a whole number in the environment");
	ATF_CHECK_EQ(1, conf_int(C_WORKERS));
}

ATF_TC_WITHOUT_HEAD(a_file_at_fault_changes_nothing);
ATF_TC_BODY(a_file_at_fault_changes_nothing, tc)
{
	load("SCOPES=first");
	refused("SCOPES=second\nX=1",
	    "c line 2 names X, and there is no such setting");
	ATF_CHECK_STREQ("first", conf_text(C_SCOPES));
}

ATF_TC_WITHOUT_HEAD(a_second_load_replaces_the_first);
ATF_TC_BODY(a_second_load_replaces_the_first, tc)
{
	const char *held;

	load("SCOPES=first");
	held = conf_text(C_SCOPES);
	arena_empty(test_arena());
	load("APP_URL=x");
	ATF_CHECK_STREQ("first", held); /* as long as the process */
	ATF_CHECK_STREQ(
	    "read_products,read_orders,read_customers", conf_text(C_SCOPES));
}

ATF_TC_WITHOUT_HEAD(a_named_file_must_be_there);
ATF_TC_BODY(a_named_file_must_be_there, tc)
{
	ATF_CHECK_EQ(RC_INPUT, conf_load(test_cx(), "nowhere"));
	rc_forget(test_cx());
	ATF_REQUIRE(setenv("STOCKROOM_CONF", "nowhere", 1) == 0);
	ATF_CHECK_EQ(RC_INPUT, conf_load(test_cx(), NULL));
	rc_forget(test_cx());
	ATF_CHECK_EQ(RC_INPUT, conf_load(test_cx(), "/"));
	rc_forget(test_cx());
	(void)file("d", 0644, slice_of("SCOPES=named"));
	ATF_REQUIRE(setenv("STOCKROOM_CONF", "d", 1) == 0);
	OK(conf_load(test_cx(), NULL));
	ATF_CHECK_STREQ("named", conf_text(C_SCOPES));
}

ATF_TC_WITHOUT_HEAD(the_file_at_its_usual_place_may_be_missing);
ATF_TC_BODY(the_file_at_its_usual_place_may_be_missing, tc)
{
	if (access("/etc/stockroom", F_OK) == 0)
		atf_tc_skip("this machine has settings of its own");
	OK(conf_load(test_cx(), NULL));
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

ATF_TC_WITHOUT_HEAD(what_is_set_for_a_test_wins_over_the_file);
ATF_TC_BODY(what_is_set_for_a_test_wins_over_the_file, tc)
{
	conf_set(C_RATE_KEY_PER_MIN, "5");
	ATF_CHECK_EQ(5, conf_int(C_RATE_KEY_PER_MIN));
	load("RATE_KEY_PER_MIN=6");
	ATF_CHECK_EQ(5, conf_int(C_RATE_KEY_PER_MIN));
}

ATF_TC_WITHOUT_HEAD(truths_have_four_spellings_each);
ATF_TC_BODY(truths_have_four_spellings_each, tc)
{
	static const char *const yes[] = { "yes", "true", "on", "1" };
	static const char *const no[] = { "no", "false", "off", "0", "", "x" };
	size_t i;

	for (i = 0; i < 4; i++) {
		conf_set(C_SCOPES, yes[i]);
		ATF_CHECK(conf_bool(C_SCOPES));
	}
	for (i = 0; i < 6; i++) {
		conf_set(C_SCOPES, no[i]);
		ATF_CHECK(!conf_bool(C_SCOPES));
	}
}

ATF_TC_WITHOUT_HEAD(a_secret_comes_without_its_newline);
ATF_TC_BODY(a_secret_comes_without_its_newline, tc)
{
	struct secret s;

	conf_set(C_SHOPIFY_API_SECRET_FILE, "s");
	(void)file("s", 0600, slice_of("shh\n\n"));
	OK(conf_secret(test_cx(), C_SHOPIFY_API_SECRET_FILE, &s));
	ATF_CHECK_EQ(4, s.n);
	ATF_CHECK_STREQ("shh\n", s.p);
	(void)file("s", 0600, slice_of(text_fmt(test_arena(), "%065536d", 1)));
	OK(conf_secret(test_cx(), C_SHOPIFY_API_SECRET_FILE, &s));
	ATF_CHECK_EQ(65536, s.n);
	(void)file("s", 0400, (struct slice){ "a\0b", 3 });
	OK(conf_secret(test_cx(), C_SHOPIFY_API_SECRET_FILE, &s));
	ATF_CHECK(slice_same(
	    (struct slice){ "a\0b", 3 }, (struct slice){ s.p, s.n }));
}

ATF_TC_WITHOUT_HEAD(a_secret_that_is_not_set_is_absent_and_no_failure);
ATF_TC_BODY(a_secret_that_is_not_set_is_absent_and_no_failure, tc)
{
	struct secret s;

	ATF_CHECK_EQ(RC_ABSENT, conf_secret(test_cx(), C_DB_PASSWORD_FILE, &s));
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

static void
secret_refused(const char *path, const char *why)
{
	struct secret s;

	ATF_CHECK_EQ_MSG(
	    RC_INPUT, secret_read(test_cx(), path, &s), "%s", path);
	ATF_CHECK_MSG(strstr(test_cx()->fault.sentence, why) != NULL, "%s",
	    test_cx()->fault.sentence);
	ATF_CHECK_EQ(NULL, strstr(test_cx()->fault.sentence, "shh"));
	rc_forget(test_cx());
}

/* By its mode bits: root, who may read everything, is told too. */
ATF_TC_WITHOUT_HEAD(a_secret_that_others_may_read_is_refused);
ATF_TC_BODY(a_secret_that_others_may_read_is_refused, tc)
{
	static const mode_t modes[] = { 0640, 0604, 0644, 0620, 0602, 0610,
		0601, 0440, 0777 };
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		secret_refused(
		    file("s", modes[i], slice_of("shh")), "only its owner");
	ATF_REQUIRE(symlink("s", "l") == 0);
	secret_refused("l", "only its owner");
}

ATF_TC_WITHOUT_HEAD(a_secret_that_is_none_is_refused);
ATF_TC_BODY(a_secret_that_is_none_is_refused, tc)
{
	char *big = arena_alloc(test_arena(), 65537);

	ATF_REQUIRE(mkdir("dir", 0700) == 0);
	ATF_REQUIRE(mkfifo("fifo", 0600) == 0);
	memset(big, 'x', 65537);
	secret_refused("nowhere", "No such file");
	secret_refused("dir", "not a regular file");
	secret_refused("fifo", "not a regular file"); /* and does not hang */
	secret_refused(file("s", 0600, slice_of("")), "is empty");
	secret_refused(file("s", 0600, slice_of("\n")), "is empty");
	secret_refused(file("s", 0600, (struct slice){ big, 65537 }),
	    "longer than 65536 bytes");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, without_file_and_environment_the_defaults_stand);
	ATF_TP_ADD_TC(tp, every_row_has_a_name_a_sentence_and_a_sound_default);
	ATF_TP_ADD_TC(tp, the_file_is_read_as_systemd_reads_it);
	ATF_TP_ADD_TC(tp, the_environment_wins_for_names_we_know);
	ATF_TP_ADD_TC(tp, a_fault_names_file_line_and_setting);
	ATF_TP_ADD_TC(tp, a_fault_in_the_environment_says_so);
	ATF_TP_ADD_TC(tp, a_file_at_fault_changes_nothing);
	ATF_TP_ADD_TC(tp, a_second_load_replaces_the_first);
	ATF_TP_ADD_TC(tp, a_named_file_must_be_there);
	ATF_TP_ADD_TC(tp, the_file_at_its_usual_place_may_be_missing);
	ATF_TP_ADD_TC(tp, what_is_set_for_a_test_wins_over_the_file);
	ATF_TP_ADD_TC(tp, truths_have_four_spellings_each);
	ATF_TP_ADD_TC(tp, a_secret_comes_without_its_newline);
	ATF_TP_ADD_TC(tp, a_secret_that_is_not_set_is_absent_and_no_failure);
	ATF_TP_ADD_TC(tp, a_secret_that_others_may_read_is_refused);
	ATF_TP_ADD_TC(tp, a_secret_that_is_none_is_refused);
	return atf_no_error();
}
