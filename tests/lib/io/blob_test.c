/* Sealed blobs: they open where they belong and nowhere else (SEC-15). */
#include <atf-c.h>
#include <string.h>

#include "base/log.h"
#include "io/blob.h"
#include "test.h"

static const struct blob_key key = { 7, { 1, 2, 3 } };
static const struct blob_place place = { 12, "shop", "token", "12" };

static struct slice
sealed(const char *text)
{
	struct slice out;

	log_open(LOG_ERR + 1, 2); /* what is refused below is meant to be */
	OK(blob_seal(test_cx(), &key, &place, slice_of(text), &out));
	return out;
}

/* Whether it opens; where it does not, that is RC_BUG. */
static bool
opens(
    const struct blob_key *with, const struct blob_place *at, struct slice blob)
{
	struct slice plain;
	enum rc rc;

	rc_forget(test_cx());
	rc = blob_open(test_cx(), with, at, blob, &plain);
	ATF_REQUIRE(rc == RC_OK || rc == RC_BUG);
	return rc == RC_OK;
}

ATF_TC_WITHOUT_HEAD(a_blob_opens_to_what_was_sealed);
ATF_TC_BODY(a_blob_opens_to_what_was_sealed, tc)
{
	const struct slice blob = sealed("shpat_secret");
	struct slice plain;

	OK(blob_open(test_cx(), &key, &place, blob, &plain));
	ATF_CHECK_STREQ("shpat_secret", plain.p);
	ATF_CHECK_EQ(12, plain.n);
}

ATF_TC_WITHOUT_HEAD(an_empty_text_can_be_sealed_too);
ATF_TC_BODY(an_empty_text_can_be_sealed_too, tc)
{
	struct slice plain;

	OK(blob_open(test_cx(), &key, &place, sealed(""), &plain));
	ATF_CHECK_EQ(0, plain.n);
}

ATF_TC_WITHOUT_HEAD(a_blob_has_the_layout_that_is_written_down);
ATF_TC_BODY(a_blob_has_the_layout_that_is_written_down, tc)
{
	const struct slice blob = sealed("abc");
	uint32_t id = 0;

	ATF_CHECK_EQ(1 + 4 + 24 + 12 + 3 + 16, blob.n);
	ATF_CHECK_EQ(0, memcmp(blob.p, "\1\0\0\0\7", 5));
	ATF_CHECK(blob_key_id(blob, &id));
	ATF_CHECK_EQ(7, id);
}

ATF_TC_WITHOUT_HEAD(the_same_text_is_never_sealed_to_the_same_bytes);
ATF_TC_BODY(the_same_text_is_never_sealed_to_the_same_bytes, tc)
{
	const struct slice a = sealed("abc"), b = sealed("abc");

	ATF_CHECK(memcmp(a.p + 5, b.p + 5, 24) != 0);
	ATF_CHECK(memcmp(a.p + 29, b.p + 29, 12) != 0);
	ATF_CHECK(memcmp(a.p + 41, b.p + 41, 3 + 16) != 0);
}

ATF_TC_WITHOUT_HEAD(with_any_one_bit_flipped_it_does_not_open);
ATF_TC_BODY(with_any_one_bit_flipped_it_does_not_open, tc)
{
	const struct slice blob = sealed("a token of some length");
	char *p = arena_copy(test_arena(), blob.p, blob.n);
	const struct slice changed = { p, blob.n };

	ATF_REQUIRE(opens(&key, &place, changed));
	for (size_t i = 0; i < blob.n * 8; i++) {
		p[i / 8] = (char)(p[i / 8] ^ 1 << i % 8);
		ATF_CHECK(!opens(&key, &place, changed));
		p[i / 8] = (char)(p[i / 8] ^ 1 << i % 8);
	}
}

ATF_TC_WITHOUT_HEAD(cut_at_any_byte_it_does_not_open);
ATF_TC_BODY(cut_at_any_byte_it_does_not_open, tc)
{
	const struct slice blob = sealed("a token of some length");

	for (size_t n = 0; n < blob.n; n++)
		ATF_CHECK(!opens(&key, &place, (struct slice){ blob.p, n }));
}

ATF_TC_WITHOUT_HEAD(with_a_byte_more_it_does_not_open);
ATF_TC_BODY(with_a_byte_more_it_does_not_open, tc)
{
	const struct slice blob = sealed("abc");
	const char *longer = arena_copy(test_arena(), blob.p, blob.n);

	ATF_CHECK(!opens(&key, &place, (struct slice){ longer, blob.n + 1 }));
}

ATF_TC_WITHOUT_HEAD(in_another_place_it_does_not_open);
ATF_TC_BODY(in_another_place_it_does_not_open, tc)
{
	static const struct blob_place elsewhere[] = {
		{ 13, "shop", "token", "12" },
		{ 12, "shops", "token", "12" },
		{ 12, "shop", "refresh", "12" },
		{ 12, "shop", "token", "13" },
		/* The same letters, cut otherwise. */
		{ 12, "shopt", "oken", "12" },
		{ 12, "shop", "token1", "2" },
	};
	const struct slice blob = sealed("abc");

	ATF_REQUIRE(opens(&key, &place, blob));
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		ATF_CHECK_MSG(
		    !opens(&key, &elsewhere[i], blob), "it opened at %zu", i);
}

ATF_TC_WITHOUT_HEAD(with_another_key_it_does_not_open);
ATF_TC_BODY(with_another_key_it_does_not_open, tc)
{
	const struct blob_key same_id = { 7, { 1, 2, 4 } };
	const struct blob_key same_bytes = { 8, { 1, 2, 3 } };
	const struct slice blob = sealed("abc");

	ATF_CHECK(!opens(&same_id, &place, blob));
	ATF_CHECK(!opens(&same_bytes, &place, blob));
}

ATF_TC_WITHOUT_HEAD(what_is_no_blob_has_no_key_number);
ATF_TC_BODY(what_is_no_blob_has_no_key_number, tc)
{
	const struct slice blob = sealed("");
	char *p = arena_copy(test_arena(), blob.p, blob.n);
	uint32_t id;

	ATF_CHECK(!blob_key_id((struct slice){ NULL, 0 }, &id));
	ATF_CHECK(!blob_key_id((struct slice){ p, blob.n - 1 }, &id));
	p[0] = 2;
	ATF_CHECK(!blob_key_id((struct slice){ p, blob.n }, &id));
}

ATF_TC_WITHOUT_HEAD(a_refusal_says_what_and_tells_nothing_secret);
ATF_TC_BODY(a_refusal_says_what_and_tells_nothing_secret, tc)
{
	const struct blob_place other = { 13, "shop", "token", "13" };

	ATF_CHECK(!opens(&key, &other, sealed("abc")));
	ATF_CHECK_STREQ("a blob of shop.token does not open: "
			"it was changed or moved",
	    test_cx()->fault.sentence);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_blob_opens_to_what_was_sealed);
	ATF_TP_ADD_TC(tp, an_empty_text_can_be_sealed_too);
	ATF_TP_ADD_TC(tp, a_blob_has_the_layout_that_is_written_down);
	ATF_TP_ADD_TC(tp, the_same_text_is_never_sealed_to_the_same_bytes);
	ATF_TP_ADD_TC(tp, with_any_one_bit_flipped_it_does_not_open);
	ATF_TP_ADD_TC(tp, cut_at_any_byte_it_does_not_open);
	ATF_TP_ADD_TC(tp, with_a_byte_more_it_does_not_open);
	ATF_TP_ADD_TC(tp, in_another_place_it_does_not_open);
	ATF_TP_ADD_TC(tp, with_another_key_it_does_not_open);
	ATF_TP_ADD_TC(tp, what_is_no_blob_has_no_key_number);
	ATF_TP_ADD_TC(tp, a_refusal_says_what_and_tells_nothing_secret);
	return atf_no_error();
}
