/* Encodings: known answers, and what a strict decoder refuses. */
#include <atf-c.h>
#include <string.h>

#include "base/code.h"
#include "test.h"

ATF_TC_WITHOUT_HEAD(hex_goes_both_ways);
ATF_TC_BODY(hex_goes_both_ways, tc)
{
	unsigned char out[3];

	ATF_CHECK_STREQ("00ff7a", hex_of(test_arena(), "\0\xff\x7a", 3));
	ATF_CHECK_STREQ("", hex_of(test_arena(), "", 0));
	ATF_CHECK(hex_to(slice_of("00fF7A"), out, 3));
	ATF_CHECK_EQ(0, memcmp(out, "\0\xff\x7a", 3));
}

ATF_TC_WITHOUT_HEAD(hex_of_another_length_or_alphabet_is_refused);
ATF_TC_BODY(hex_of_another_length_or_alphabet_is_refused, tc)
{
	static const char *const wrong[] = { "", "00ff7", "00ff7a0", "00ff7a00",
		"00ff7g", "0x00ff", "00 f7a", "00ff\xffz" };
	unsigned char out[3];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ATF_CHECK_MSG(
		    !hex_to(slice_of(wrong[i]), out, 3), "%s", wrong[i]);
}

/* RFC 4648 section 10. */
static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba",
	"foobar" };
static const char *const coded[] = { "", "Zg==", "Zm8=", "Zm9v",
	"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

ATF_TC_WITHOUT_HEAD(base64_gives_the_answers_of_rfc_4648);
ATF_TC_BODY(base64_gives_the_answers_of_rfc_4648, tc)
{
	struct slice out;
	size_t i;

	for (i = 0; i < 7; i++) {
		ATF_CHECK_STREQ(coded[i],
		    base64_of(test_arena(), plain[i], strlen(plain[i])));
		ATF_CHECK(base64_to(test_arena(), slice_of(coded[i]), &out));
		ATF_CHECK(slice_same(slice_of(plain[i]), out));
	}
}

ATF_TC_WITHOUT_HEAD(base64_with_a_second_reading_is_refused);
ATF_TC_BODY(base64_with_a_second_reading_is_refused, tc)
{
	static const char *const wrong[] = { "Zg",
		"Zg=", "Zg===", "Zh==", "Zm9=", "=",
		"==", "====", "Z===", "Zm9v\n", " Zm9v", "Zm-v", "Zm_v",
		"Zg==Zg==", "Z=g=", "Zm9vZ", "Zm9\xff" };
	struct slice out;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ATF_CHECK_MSG(
		    !base64_to(test_arena(), slice_of(wrong[i]), &out), "%s",
		    wrong[i]);
}

ATF_TC_WITHOUT_HEAD(base64url_has_its_own_digits_and_no_padding);
ATF_TC_BODY(base64url_has_its_own_digits_and_no_padding, tc)
{
	static const char *const wrong[] = { "Zg==", "Z", "Zm9vZ", "-/8", "+_8",
		"-_9", "Zm 9", "Zh", "A", "AAAAA" };
	struct slice out;
	size_t i;

	ATF_CHECK_STREQ("-_8", base64url_of(test_arena(), "\xfb\xff", 2));
	ATF_CHECK_STREQ("+/8=", base64_of(test_arena(), "\xfb\xff", 2));
	ATF_CHECK(base64url_to(test_arena(), slice_of("-_8"), &out));
	ATF_CHECK(slice_same(slice_of("\xfb\xff"), out));
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ATF_CHECK_MSG(
		    !base64url_to(test_arena(), slice_of(wrong[i]), &out), "%s",
		    wrong[i]);
}

ATF_TC_WITHOUT_HEAD(all_bytes_survive_every_encoding);
ATF_TC_BODY(all_bytes_survive_every_encoding, tc)
{
	struct arena *mem = test_arena();
	unsigned char all[256], back[256];
	struct slice out;
	size_t n;

	for (n = 0; n < 256; n++)
		all[n] = (unsigned char)n;
	for (n = 0; n <= 256; n++) {
		const struct slice want = { (const char *)all, n };

		ATF_CHECK(hex_to(slice_of(hex_of(mem, all, n)), back, n));
		ATF_CHECK_EQ(0, memcmp(all, back, n));
		ATF_CHECK(
		    base64_to(mem, slice_of(base64_of(mem, all, n)), &out));
		ATF_CHECK(slice_same(want, out));
		ATF_CHECK(base64url_to(
		    mem, slice_of(base64url_of(mem, all, n)), &out));
		ATF_CHECK(slice_same(want, out));
	}
}

ATF_TC_WITHOUT_HEAD(thirty_two_bytes_are_43_digits_of_base62);
ATF_TC_BODY(thirty_two_bytes_are_43_digits_of_base62, tc)
{
	unsigned char n[32] = { 0 };

	ATF_CHECK_STREQ("0000000000000000000000000000000000000000000",
	    base62_of32(test_arena(), n));
	n[31] = 62 + 61;
	ATF_CHECK_STREQ("000000000000000000000000000000000000000001z",
	    base62_of32(test_arena(), n));
	memset(n, 0xff, 32); /* 2^256 - 1, by another program */
	ATF_CHECK_STREQ("yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1",
	    base62_of32(test_arena(), n));
	ATF_CHECK_EQ(0xff, n[0]); /* the caller's bytes stay */
}

static void
decodes(const char *text, enum percent how, const char *want)
{
	char *out;
	const bool good = percent_to(test_arena(), slice_of(text), how, &out);

	ATF_CHECK_EQ_MSG(want != NULL, good, "%s", text);
	if (want != NULL && good)
		ATF_CHECK_STREQ(want, out);
}

ATF_TC_WITHOUT_HEAD(percent_escapes_are_whole_or_refused);
ATF_TC_BODY(percent_escapes_are_whole_or_refused, tc)
{
	char *out;

	decodes("", PERCENT_PATH, "");
	decodes("a%2Fb%20c%c3%A9", PERCENT_PATH, "a/b c\xc3\xa9");
	decodes("a+b", PERCENT_PATH, "a+b");
	decodes("a+b%2B", PERCENT_FORM, "a b+");
	decodes("%2525", PERCENT_PATH, "%25"); /* once */
	decodes("%", PERCENT_PATH, NULL);
	decodes("%4", PERCENT_PATH, NULL);
	decodes("%4g", PERCENT_PATH, NULL);
	decodes("%%41", PERCENT_PATH, NULL);
	decodes("%u0041", PERCENT_PATH, NULL);
	decodes("a%00", PERCENT_PATH, NULL);
	ATF_CHECK(!percent_to(
	    test_arena(), (struct slice){ "a\0b", 3 }, PERCENT_FORM, &out));
}

ATF_TC_WITHOUT_HEAD(everything_but_the_unreserved_is_escaped);
ATF_TC_BODY(everything_but_the_unreserved_is_escaped, tc)
{
	ATF_CHECK_STREQ("AZaz09-._~%20%2B%2F%25%C3%A9%7F%01",
	    percent_of(test_arena(), "AZaz09-._~ +/%\xc3\xa9\x7f\x01"));
}

ATF_TC_WITHOUT_HEAD(crc32_gives_the_catalogued_check);
ATF_TC_BODY(crc32_gives_the_catalogued_check, tc)
{
	ATF_CHECK_EQ(0xcbf43926, crc32_of("123456789", 9));
	ATF_CHECK_EQ(0, crc32_of("", 0));
	ATF_CHECK_EQ(0xd202ef8d, crc32_of("\0", 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, hex_goes_both_ways);
	ATF_TP_ADD_TC(tp, hex_of_another_length_or_alphabet_is_refused);
	ATF_TP_ADD_TC(tp, base64_gives_the_answers_of_rfc_4648);
	ATF_TP_ADD_TC(tp, base64_with_a_second_reading_is_refused);
	ATF_TP_ADD_TC(tp, base64url_has_its_own_digits_and_no_padding);
	ATF_TP_ADD_TC(tp, all_bytes_survive_every_encoding);
	ATF_TP_ADD_TC(tp, thirty_two_bytes_are_43_digits_of_base62);
	ATF_TP_ADD_TC(tp, percent_escapes_are_whole_or_refused);
	ATF_TP_ADD_TC(tp, everything_but_the_unreserved_is_escaped);
	ATF_TP_ADD_TC(tp, crc32_gives_the_catalogued_check);
	return atf_no_error();
}
