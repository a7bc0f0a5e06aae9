/* Key-encryption keys: which files count, and what is refused. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "shop.h"
#include "store/kek.h"

static void
file(const char *name, const char *text, mode_t mode)
{
	const char *path = text_fmt(test_arena(), "kek/%s", name);

	(void)unlink(path);
	atf_utils_create_file(path, "%s", text);
	ATF_REQUIRE(chmod(path, mode) == 0);
}

static const char *
hex_of(int number)
{
	return text_fmt(test_arena(), "%064x", number);
}

static void
begin(void)
{
	ATF_REQUIRE(mkdir("kek", 0700) == 0);
	conf_set(C_KEK_DIR, "kek");
}

ATF_TC_WITHOUT_HEAD(the_highest_number_wraps_and_all_are_found);
ATF_TC_BODY(the_highest_number_wraps_and_all_are_found, tc)
{
	begin();
	file("9", hex_of(9), 0400);
	file("10", hex_of(10), 0400);
	file("2", hex_of(2), 0600);
	file("README", "not a key", 0644);
	OK(kek_start(test_cx()));
	ATF_CHECK_EQ(10, kek_newest()->id);
	ATF_CHECK_EQ(10, kek_newest()->bytes[31]);
	ATF_CHECK_EQ(9, kek_find(9)->bytes[31]);
	ATF_CHECK_EQ(2, kek_find(2)->bytes[31]);
	ATF_CHECK_EQ(NULL, kek_find(3));
}

ATF_TC_WITHOUT_HEAD(before_the_start_and_after_the_stop_there_is_none);
ATF_TC_BODY(before_the_start_and_after_the_stop_there_is_none, tc)
{
	const struct blob_key *key;

	ATF_CHECK_EQ(NULL, kek_newest());
	begin();
	file("1", hex_of(7), 0400);
	OK(kek_start(test_cx()));
	key = kek_find(1);
	kek_stop();
	ATF_CHECK_EQ(NULL, kek_newest());
	ATF_CHECK_EQ(NULL, kek_find(1));
	ATF_CHECK_EQ(0, key->bytes[31]);
}

static void
refused(const char *words)
{
	ATF_CHECK_EQ(RC_INPUT, kek_start(test_cx()));
	ATF_CHECK_MSG(strstr(test_cx()->fault.sentence, words), "no %s in: %s",
	    words, test_cx()->fault.sentence);
	rc_forget(test_cx());
}

/* SEC-36 */
ATF_TC_WITHOUT_HEAD(what_is_wrong_with_a_key_is_named);
ATF_TC_BODY(what_is_wrong_with_a_key_is_named, tc)
{
	conf_set(C_KEK_DIR, "");
	refused("KEK_DIR");
	conf_set(C_KEK_DIR, "no-such-folder");
	refused("no-such-folder");
	begin();
	refused("holds no key");
	file("1", "7", 0400);
	refused("kek/1 must be 32 bytes as 64 hex digits");
	file("1", text_fmt(test_arena(), "%s0", hex_of(7)), 0400);
	refused("kek/1");
	file("1", hex_of(7), 0440);
	refused("kek/1");
	file("1", "", 0400);
	refused("kek/1");
}

ATF_TC_WITHOUT_HEAD(sixteen_keys_are_enough);
ATF_TC_BODY(sixteen_keys_are_enough, tc)
{
	int i;

	begin();
	for (i = 1; i <= 16; i++)
		file(text_fmt(test_arena(), "%d", i), hex_of(i), 0400);
	OK(kek_start(test_cx()));
	file("17", hex_of(17), 0400);
	refused("more than 16 keys");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_highest_number_wraps_and_all_are_found);
	ATF_TP_ADD_TC(tp, before_the_start_and_after_the_stop_there_is_none);
	ATF_TP_ADD_TC(tp, what_is_wrong_with_a_key_is_named);
	ATF_TP_ADD_TC(tp, sixteen_keys_are_enough);
	return atf_no_error();
}
