/* Our words for OpenSSL, held to Wycheproof's vectors (D2, SEC-4). */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "base/code.h"
#include "io/crypt.h"
#include "test.h"

/* What one vector came out as: RC_OK, or why it was refused. */
typedef enum rc run_vector(struct json group, struct json test);

struct tally {
	int64_t as_said, otherwise;
};

static void
tally_group(struct json group, run_vector *run, struct tally *tally)
{
	const struct json tests = jat(group, "tests");
	struct json test;
	bool good;

	for (size_t i = 0; i < jlen(tests); i++) {
		test = jitem(tests, i);
		good = text_same(jtext_or(test, "result", ""), "valid");
		rc_forget(test_cx());
		if ((run(group, test) == RC_OK) == good) {
			tally->as_said++;
			continue;
		}
		tally->otherwise++;
		printf("tcId %d\n", (int)jint_or(test, "tcId", 0));
	}
}

/* Groups whose `member` is `value`; every one where member is NULL. */
static struct tally
tally_file(const char *path, const char *member, int64_t value, run_vector *run)
{
	const struct json groups =
	    jat(test_json(test_fixture(path)), "testGroups");
	struct tally tally = { 0, 0 };
	struct json group;

	for (size_t i = 0; i < jlen(groups); i++) {
		group = jitem(groups, i);
		if (jint_or(group, "ivSize", 96) == 96 &&
		    (!member || jint_or(group, member, -1) == value))
			tally_group(group, run, &tally);
	}
	return tally;
}

static struct slice
hex(struct json test, const char *name)
{
	const struct slice text = slice_of(jtext_or(test, name, ""));
	char *p = arena_alloc(test_arena(), text.n / 2 + 1);

	ATF_REQUIRE(hex_to(text, p, text.n / 2));
	return (struct slice){ p, text.n / 2 };
}

static const unsigned char *
u(struct slice s)
{
	return (const unsigned char *)s.p;
}

/* ---- AES-256-GCM */

static struct slice
joined(struct slice a, struct slice b)
{
	char *p = arena_alloc(test_arena(), a.n + b.n + 1);

	memcpy(p, a.p, a.n);
	memcpy(p + a.n, b.p, b.n);
	return (struct slice){ p, a.n + b.n };
}

static enum rc
gcm_vector(struct json group, struct json test)
{
	const struct slice key = hex(test, "key"), iv = hex(test, "iv"),
			   aad = hex(test, "aad"), msg = hex(test, "msg"),
			   sealed = joined(hex(test, "ct"), hex(test, "tag"));
	unsigned char *out = arena_alloc(test_arena(), sealed.n);

	(void)group;
	TRY(crypt_gcm_open(test_cx(), u(key), u(iv), aad, sealed, out));
	ATF_CHECK(msg.n == 0 || memcmp(msg.p, out, msg.n) == 0);
	OK(crypt_gcm_seal(test_cx(), u(key), u(iv), aad, msg, out));
	ATF_CHECK_EQ(0, memcmp(sealed.p, out, sealed.n));
	return RC_OK;
}

ATF_TC_WITHOUT_HEAD(all_66_gcm_vectors_of_our_sizes_come_out_as_said);
ATF_TC_BODY(all_66_gcm_vectors_of_our_sizes_come_out_as_said, tc)
{
	const struct tally t = tally_file(
	    "security/wycheproof_aes_gcm.json", "keySize", 256, gcm_vector);

	ATF_CHECK_EQ(66, t.as_said);
	ATF_CHECK_EQ(0, t.otherwise);
}

ATF_TC_WITHOUT_HEAD(what_does_not_open_leaves_no_byte_behind);
ATF_TC_BODY(what_does_not_open_leaves_no_byte_behind, tc)
{
	const unsigned char key[32] = { 1 }, nonce[12] = { 2 };
	const unsigned char none[6] = { 0 };
	const struct slice aad = slice_of("here"), data = slice_of("secret");
	unsigned char sealed[6 + GCM_TAG_BYTES], out[6];

	OK(crypt_gcm_seal(test_cx(), key, nonce, aad, data, sealed));
	sealed[sizeof(sealed) - 1] ^= 1;
	ATF_CHECK_EQ(RC_INPUT,
	    crypt_gcm_open(test_cx(), key, nonce, aad,
		(struct slice){ (char *)sealed, sizeof(sealed) }, out));
	ATF_CHECK_EQ(0, memcmp(out, none, sizeof(out)));
}

ATF_TC_WITHOUT_HEAD(less_than_a_tag_does_not_open);
ATF_TC_BODY(less_than_a_tag_does_not_open, tc)
{
	const unsigned char key[32] = { 1 }, nonce[12] = { 2 };
	const struct slice none = { NULL, 0 };
	unsigned char out[1];

	ATF_CHECK_EQ(RC_INPUT, crypt_gcm_open(test_cx(), key, nonce, none,
				   slice_of("fifteen bytes.."), out));
}

/* ---- HMAC */

static enum rc
hmac_vector(struct json group, struct json test)
{
	const size_t n = (size_t)jint_or(group, "tagSize", 0) / 8;
	const struct slice tag = hex(test, "tag");
	unsigned char out[SHA256_BYTES];

	OK(crypt_hmac(test_cx(), hex(test, "key"), hex(test, "msg"), out));
	return tag.n == n && crypt_same(out, tag.p, n) ? RC_OK : RC_INPUT;
}

ATF_TC_WITHOUT_HEAD(all_174_hmac_vectors_come_out_as_said);
ATF_TC_BODY(all_174_hmac_vectors_come_out_as_said, tc)
{
	const struct tally t = tally_file(
	    "security/wycheproof_hmac_sha256.json", NULL, 0, hmac_vector);

	ATF_CHECK_EQ(174, t.as_said);
	ATF_CHECK_EQ(0, t.otherwise);
}

ATF_TC_WITHOUT_HEAD(an_empty_key_and_an_empty_text_have_an_hmac);
ATF_TC_BODY(an_empty_key_and_an_empty_text_have_an_hmac, tc)
{
	const struct slice none = { NULL, 0 };
	unsigned char out[SHA256_BYTES];

	OK(crypt_hmac(test_cx(), none, none, out));
	ATF_CHECK_STREQ("b613679a0814d9ec772f95d778c35fc5"
			"ff1697c493715653c6c712144292c5ad",
	    hex_of(test_arena(), out, sizeof(out)));
}

/* ---- HKDF */

static enum rc
hkdf_vector(struct json group, struct json test)
{
	const size_t n = (size_t)jint_or(test, "size", 0);
	const struct slice okm = hex(test, "okm");
	unsigned char *out = arena_alloc(test_arena(), n);

	(void)group;
	TRY(crypt_hkdf(test_cx(), hex(test, "ikm"), hex(test, "salt"),
	    hex(test, "info"), out, n));
	return okm.n == n && memcmp(okm.p, out, n) == 0 ? RC_OK : RC_INPUT;
}

ATF_TC_WITHOUT_HEAD(all_86_hkdf_vectors_come_out_as_said);
ATF_TC_BODY(all_86_hkdf_vectors_come_out_as_said, tc)
{
	const struct tally t = tally_file(
	    "security/wycheproof_hkdf_sha256.json", NULL, 0, hkdf_vector);

	ATF_CHECK_EQ(86, t.as_said);
	ATF_CHECK_EQ(0, t.otherwise);
}

ATF_TC_WITHOUT_HEAD(hkdf_beyond_255_blocks_is_our_bug);
ATF_TC_BODY(hkdf_beyond_255_blocks_is_our_bug, tc)
{
	static unsigned char out[8161];
	const struct slice key = slice_of("key"), none = { NULL, 0 };

	OK(crypt_hkdf(test_cx(), key, none, none, out, 8160));
	ATF_CHECK_EQ(RC_BUG, crypt_hkdf(test_cx(), key, none, none, out, 8161));
}

/* ---- the rest */

ATF_TC_WITHOUT_HEAD(sha256_of_abc_is_the_standards);
ATF_TC_BODY(sha256_of_abc_is_the_standards, tc)
{
	unsigned char out[SHA256_BYTES];

	OK(crypt_sha256(test_cx(), slice_of("abc"), out));
	ATF_CHECK_STREQ("ba7816bf8f01cfea414140de5dae2223"
			"b00361a396177a9cb410ff61f20015ad",
	    hex_of(test_arena(), out, sizeof(out)));
}

ATF_TC_WITHOUT_HEAD(random_bytes_differ_each_time);
ATF_TC_BODY(random_bytes_differ_each_time, tc)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	OK(crypt_random(test_cx(), a, sizeof(a)));
	OK(crypt_random(test_cx(), b, sizeof(b)));
	ATF_CHECK(!crypt_same(a, b, sizeof(a)));
}

ATF_TC_WITHOUT_HEAD(same_looks_at_every_byte);
ATF_TC_BODY(same_looks_at_every_byte, tc)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	ATF_CHECK(crypt_same(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(b); i++) {
		b[i] = 1;
		ATF_CHECK(!crypt_same(a, b, sizeof(a)));
		b[i] = 0;
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_66_gcm_vectors_of_our_sizes_come_out_as_said);
	ATF_TP_ADD_TC(tp, what_does_not_open_leaves_no_byte_behind);
	ATF_TP_ADD_TC(tp, less_than_a_tag_does_not_open);
	ATF_TP_ADD_TC(tp, all_174_hmac_vectors_come_out_as_said);
	ATF_TP_ADD_TC(tp, an_empty_key_and_an_empty_text_have_an_hmac);
	ATF_TP_ADD_TC(tp, all_86_hkdf_vectors_come_out_as_said);
	ATF_TP_ADD_TC(tp, hkdf_beyond_255_blocks_is_our_bug);
	ATF_TP_ADD_TC(tp, sha256_of_abc_is_the_standards);
	ATF_TP_ADD_TC(tp, random_bytes_differ_each_time);
	ATF_TP_ADD_TC(tp, same_looks_at_every_byte);
	return atf_no_error();
}
