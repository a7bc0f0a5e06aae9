/* Secrets of ours: what they look like, and what is kept of them. */
#include <atf-c.h>
#include <string.h>

#include "base/code.h"
#include "io/crypt.h"
#include "store/mint.h"
#include "test.h"

ATF_TC_WITHOUT_HEAD(a_secret_is_256_bits_and_never_the_same);
ATF_TC_BODY(a_secret_is_256_bits_and_never_the_same, tc)
{
	const char *one, *two;
	struct slice bits;

	OK(crypt_start(test_cx()));
	OK(mint_text(test_cx(), &one));
	OK(mint_text(test_cx(), &two));
	ATF_CHECK_EQ(43, strlen(one));
	ATF_CHECK(base64url_to(test_arena(), slice_of(one), &bits));
	ATF_CHECK_EQ(32, bits.n);
	ATF_CHECK(!text_same(one, two));
}

ATF_TC_WITHOUT_HEAD(what_is_kept_is_its_sha_256);
ATF_TC_BODY(what_is_kept_is_its_sha_256, tc)
{
	static const unsigned char abc[SHA256_BYTES] =
	    "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
	    "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad";
	struct slice hash, other;

	OK(crypt_start(test_cx()));
	OK(mint_hash(test_cx(), "abc", &hash));
	OK(mint_hash(test_cx(), "abd", &other));
	ATF_CHECK_EQ(SHA256_BYTES, hash.n);
	ATF_CHECK(memcmp(abc, hash.p, hash.n) == 0);
	ATF_CHECK(!slice_same(hash, other));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_secret_is_256_bits_and_never_the_same);
	ATF_TP_ADD_TC(tp, what_is_kept_is_its_sha_256);
	return atf_no_error();
}
