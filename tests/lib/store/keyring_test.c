/* kyua: timeout=60 */
/* Shop keys and salts: made once, opened by their KEK, forgotten for good. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/crypt.h"
#include "shop.h"
#include "store/kek.h"

enum { RACERS = 8, MANY = 1500 };

static const struct subject ann = { 'c', INT64_C(9007199254740995) };
static const struct subject bob = { 'c', 7 };
static const struct subject order = { 'o', 7 };

/* ---- the shop's key */

SERVER_CASE(a_key_is_made_once_and_comes_back)
{
	struct keys first, again;

	(void)test_shop("pulls");
	CODE(RC_ABSENT, keys_load(test_cx(), SHOP, KEYS_AS_THEY_ARE, &first));
	OK(keys_load(test_cx(), SHOP, KEYS_MAKE, &first));
	OK(keys_load(test_cx(), SHOP, KEYS_AS_THEY_ARE, &again));
	ATF_CHECK_EQ(1, again.n);
	ATF_CHECK_EQ(1, again.list[0].id);
	ATF_CHECK(memcmp(first.list[0].bytes, again.list[0].bytes, 32) == 0);
	ATF_CHECK_EQ(SHOP, again.shop_id);
	ATF_CHECK_EQ(&again.list[0], keys_find(&again, 1));
	ATF_CHECK_EQ(NULL, keys_find(&again, 2));
	test_answers("1|t", "t_keys",
	    "SELECT kek_id, length(wrapped) > 32 FROM shop_key");
}

/* One that races says with its exit which key it got. */
static pid_t
race(int report)
{
	const pid_t pid = fork();
	struct keys keys;
	struct cx *cx;
	ssize_t n;

	if (pid != 0)
		return pid;
	cx = test_rival("pulls");
	if (keys_load(cx, SHOP, KEYS_MAKE, &keys) != RC_OK)
		_exit(1);
	n = write(report, keys.list[0].bytes, 32);
	_exit(n == 32 ? 0 : 2);
}

SERVER_CASE(all_who_race_to_make_it_get_the_same_key)
{
	unsigned char first[32], next[32];
	int report[2], status, i;
	pid_t pids[RACERS];

	(void)test_shop("pulls");
	ATF_REQUIRE(pipe(report) == 0);
	for (i = 0; i < RACERS; i++)
		pids[i] = race(report[1]);
	for (i = 0; i < RACERS; i++) {
		ATF_REQUIRE_EQ(32, read(report[0], next, 32));
		if (i == 0)
			memcpy(first, next, 32);
		ATF_CHECK(memcmp(first, next, 32) == 0);
	}
	for (i = 0; i < RACERS; i++) {
		ATF_REQUIRE_EQ(pids[i], waitpid(pids[i], &status, 0));
		ATF_CHECK_EQ(0, status);
	}
	test_answers("1", "t_keys", "SELECT count(*) FROM shop_key");
}

SERVER_CASE(another_shops_key_is_not_to_be_had)
{
	struct keys keys;

	(void)test_shop("pulls");
	OK(keys_load(test_cx(), SHOP, KEYS_MAKE, &keys));
	test_cx()->shop_id = OTHER;
	CODE(RC_ABSENT, keys_load(test_cx(), SHOP, KEYS_AS_THEY_ARE, &keys));
	ATF_CHECK(keys_load(test_cx(), SHOP, KEYS_MAKE, &keys) != RC_OK);
}

/* SEC-15: what wraps the key is not in the database, and the wrapping is bound
 * to the shop. */
SERVER_CASE(without_its_kek_or_in_another_row_a_key_stays_shut)
{
	struct keys keys;

	(void)test_shop("pulls");
	OK(keys_load(test_cx(), SHOP, KEYS_MAKE, &keys));
	test_sql("t_keys",
	    "INSERT INTO shop_key SELECT 2, key_id, kek_id, wrapped "
	    "FROM shop_key");
	test_cx()->shop_id = OTHER;
	CODE(RC_BUG, keys_load(test_cx(), OTHER, KEYS_AS_THEY_ARE, &keys));
	test_cx()->shop_id = SHOP;
	ATF_REQUIRE(rename("kek/1", "kek/2") == 0);
	OK(kek_start(test_cx()));
	ATF_CHECK_EQ(
	    RC_BUG, keys_load(test_cx(), SHOP, KEYS_AS_THEY_ARE, &keys));
	ATF_CHECK_STREQ(
	    "no KEK of number 1 in KEK_DIR", test_cx()->fault.sentence);
	rc_forget(test_cx());
	kek_stop();
	test_sql("t_keys", "DELETE FROM shop_key");
	CODE(RC_BUG, keys_load(test_cx(), SHOP, KEYS_MAKE, &keys));
	test_answers("0", "t_keys", "SELECT count(*) FROM shop_key");
}

/* SEC-5: both KEKs are there while keys are wrapped anew. */
SERVER_CASE(the_newest_kek_wraps_and_the_old_one_still_opens)
{
	struct keys keys;

	(void)test_shop("pulls");
	OK(keys_load(test_cx(), SHOP, KEYS_MAKE, &keys));
	atf_utils_create_file("kek/2", "%064d\n", 8);
	ATF_REQUIRE(chmod("kek/2", 0400) == 0);
	OK(kek_start(test_cx()));
	OK(keys_load(test_cx(), SHOP, KEYS_AS_THEY_ARE, &keys));
	test_cx()->shop_id = OTHER;
	OK(keys_load(test_cx(), OTHER, KEYS_MAKE, &keys));
	test_answers("2|2\n9007199254740993|1", "t_keys",
	    "SELECT shop_id, kek_id FROM shop_key ORDER BY 1");
}

/* ---- subjects */

static struct blob_key
key_of(const struct keys *keys, struct subject subject)
{
	struct blob_key key;

	OK(keys_subject(test_cx(), keys, subject, 0, &key));
	return key;
}

static bool
same(struct blob_key a, struct blob_key b)
{
	return a.id == b.id && memcmp(a.bytes, b.bytes, 32) == 0;
}

SERVER_CASE(each_subject_has_a_key_that_comes_back)
{
	const struct subject list[] = { bob, ann, order, bob };
	const struct subject turned[] = { order, bob, ann };
	struct keys keys, again;

	(void)test_shop("pulls");
	keys = again = test_keys();
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, list, 4));
	ATF_CHECK_EQ(3, keys.n_salts);
	OK(keys_subjects(test_cx(), &again, KEYS_AS_THEY_ARE, turned, 3));
	ATF_CHECK(same(key_of(&keys, ann), key_of(&again, ann)));
	ATF_CHECK(same(key_of(&keys, bob), key_of(&again, bob)));
	ATF_CHECK(same(key_of(&keys, order), key_of(&again, order)));
	ATF_CHECK(!same(key_of(&keys, ann), key_of(&keys, bob)));
	ATF_CHECK(!same(key_of(&keys, bob), key_of(&keys, order)));
	ATF_CHECK(!same(key_of(&keys, bob), keys.list[0]));
	test_answers("3", "t_keys", "SELECT count(*) FROM subject_salt");
}

SERVER_CASE(salts_of_two_calls_are_both_there)
{
	struct keys keys;

	(void)test_shop("pulls");
	keys = test_keys();
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, &bob, 1));
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, &ann, 1));
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, &bob, 1));
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, NULL, 0));
	ATF_REQUIRE_EQ(2, keys.n_salts);
	ATF_CHECK(!same(key_of(&keys, ann), key_of(&keys, bob)));
}

SERVER_CASE(a_reader_makes_no_salts_and_who_was_not_asked_for_has_no_key)
{
	struct blob_key key;
	struct keys keys;

	(void)test_shop("pulls");
	keys = test_keys();
	OK(keys_subjects(test_cx(), &keys, KEYS_AS_THEY_ARE, &ann, 1));
	CODE(RC_ABSENT, keys_subject(test_cx(), &keys, ann, 0, &key));
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, &bob, 1));
	CODE(RC_ABSENT, keys_subject(test_cx(), &keys, ann, 0, &key));
	CODE(RC_ABSENT, keys_subject(test_cx(), &keys, bob, 2, &key));
	OK(keys_subject(test_cx(), &keys, bob, 1, &key));
	test_answers("1", "t_keys", "SELECT count(*) FROM subject_salt");
}

SERVER_CASE(a_page_of_subjects_is_one_batch)
{
	static struct subject list[MANY];
	struct keys keys;
	int i;

	(void)test_shop("pulls");
	keys = test_keys();
	for (i = 0; i < MANY; i++)
		list[i] =
		    (struct subject){ i % 2 ? 'c' : 'o', SHOP - (int64_t)i };
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, list, MANY));
	ATF_CHECK_EQ(MANY, keys.n_salts);
	for (i = 0; i < MANY; i++)
		(void)key_of(&keys, list[i]);
	test_answers(text_fmt(test_arena(), "%d|%d", MANY, MANY), "t_keys",
	    "SELECT count(*), count(DISTINCT salt) FROM subject_salt");
}

/* SEC-17: late data about someone who was forgotten cannot be sealed. */
SERVER_CASE(who_was_forgotten_never_has_a_key_again)
{
	const struct subject list[] = { ann, bob };
	struct blob_key key;
	struct keys keys;

	(void)test_shop("pulls");
	keys = test_keys();
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, list, 2));
	test_sql("t_keys",
	    "INSERT INTO tombstone (shop_id, kind, id, reason) VALUES "
	    "(9007199254740993, 'c', 7, 'asked');"
	    "DELETE FROM subject_salt WHERE id = 7");
	keys = test_keys();
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, list, 2));
	ATF_CHECK_EQ(1, keys.n_salts);
	CODE(RC_ABSENT, keys_subject(test_cx(), &keys, bob, 0, &key));
	OK(keys_subject(test_cx(), &keys, ann, 0, &key));
	/* The order of the same number is another subject. */
	OK(keys_subjects(test_cx(), &keys, KEYS_MAKE, &order, 1));
	OK(keys_subject(test_cx(), &keys, order, 0, &key));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_key_is_made_once_and_comes_back);
	ATF_TP_ADD_TC(tp, all_who_race_to_make_it_get_the_same_key);
	ATF_TP_ADD_TC(tp, another_shops_key_is_not_to_be_had);
	ATF_TP_ADD_TC(tp, without_its_kek_or_in_another_row_a_key_stays_shut);
	ATF_TP_ADD_TC(tp, the_newest_kek_wraps_and_the_old_one_still_opens);
	ATF_TP_ADD_TC(tp, each_subject_has_a_key_that_comes_back);
	ATF_TP_ADD_TC(tp, salts_of_two_calls_are_both_there);
	ATF_TP_ADD_TC(
	    tp, a_reader_makes_no_salts_and_who_was_not_asked_for_has_no_key);
	ATF_TP_ADD_TC(tp, a_page_of_subjects_is_one_batch);
	ATF_TP_ADD_TC(tp, who_was_forgotten_never_has_a_key_again);
	return atf_no_error();
}
