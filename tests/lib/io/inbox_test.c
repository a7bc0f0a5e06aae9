/* What is sealed to the inbox opens by its private half, where it belongs, and
 * by nothing that the door has (design.md 6). */
#include <atf-c.h>
#include <string.h>

#include "base/log.h"
#include "io/crypt.h"
#include "io/inbox.h"
#include "test.h"

static const struct blob_place place = { 0, "webhook", "body", "row" };
static unsigned char private[32], public[32];
static struct inbox_door door;

/* Sealed where it lies, with room around it. */
static struct slice
seal(const char *text)
{
	const size_t n = strlen(text);
	char *room =
	    arena_alloc(test_arena(), INBOX_HEAD_BYTES + n + INBOX_TAIL_BYTES);
	struct slice out;

	memcpy(room + INBOX_HEAD_BYTES, text, n);
	OK(inbox_seal(
	    test_cx(), &door, &place, room + INBOX_HEAD_BYTES, n, &out));
	return out;
}

static struct slice
sealed(const char *text)
{
	log_open(LOG_ERR + 1, 2); /* what is refused below is meant to be */
	OK(crypt_start(test_cx()));
	OK(crypt_pair(test_cx(), private, public));
	OK(inbox_door_open(test_cx(), 9, public, &door));
	return seal(text);
}

static bool
opens(const unsigned char with[32], const struct blob_place *at,
    struct slice blob)
{
	struct slice plain;

	rc_forget(test_cx());
	return inbox_open(test_cx(), with, at, blob, &plain) == RC_OK;
}

ATF_TC_WITHOUT_HEAD(it_opens_to_what_was_sealed_and_names_its_pair);
ATF_TC_BODY(it_opens_to_what_was_sealed_and_names_its_pair, tc)
{
	const struct slice blob = sealed("{\"id\":1}");
	struct slice plain;
	uint32_t id;

	OK(inbox_open(test_cx(), private, &place, blob, &plain));
	ATF_CHECK_STREQ("{\"id\":1}", plain.p);
	ATF_CHECK(inbox_id(blob, &id));
	ATF_CHECK_EQ(9, id);
	ATF_CHECK(!blob_key_id(blob, &id));
}

ATF_TC_WITHOUT_HEAD(nothing_that_the_door_has_opens_it);
ATF_TC_BODY(nothing_that_the_door_has_opens_it, tc)
{
	const struct slice blob = sealed("secret");

	ATF_CHECK(!opens(public, &place, blob));
	ATF_CHECK(!opens(door.ephemeral, &place, blob));
	ATF_CHECK(!opens(door.secret, &place, blob));
	ATF_CHECK(opens(private, &place, blob));
}

ATF_TC_WITHOUT_HEAD(a_flipped_bit_a_cut_or_another_place_fails_closed);
ATF_TC_BODY(a_flipped_bit_a_cut_or_another_place_fails_closed, tc)
{
	const struct slice blob = sealed("secret");
	const struct blob_place other = { 0, "webhook", "body", "other" };
	char *copy = arena_copy(test_arena(), blob.p, blob.n);
	size_t i;

	for (i = 0; i < blob.n * 8; i++) {
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
		/* The pair's number only finds the key; the rest is bound. */
		ATF_CHECK_MSG(
		    !opens(private, &place, (struct slice){ copy, blob.n }),
		    "bit %zu", i);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
	}
	for (i = 0; i < blob.n; i++)
		ATF_CHECK(!opens(private, &place, (struct slice){ blob.p, i }));
	ATF_CHECK(!opens(private, &other, blob));
}

ATF_TC_WITHOUT_HEAD(the_same_text_is_never_sealed_the_same);
ATF_TC_BODY(the_same_text_is_never_sealed_the_same, tc)
{
	const struct slice one = sealed("secret");

	ATF_CHECK(!slice_same(one, seal("secret")));
}

/* RFC 7748 6.1 and a public half of small order. */
ATF_TC_WITHOUT_HEAD(halves_agree_as_rfc_7748_has_it);
ATF_TC_BODY(halves_agree_as_rfc_7748_has_it, tc)
{
	static const unsigned char zero[32];
	unsigned char a[32], a_public[32], b[32], b_public[32];
	unsigned char one[32], two[32];

	OK(crypt_pair(test_cx(), a, a_public));
	OK(crypt_pair(test_cx(), b, b_public));
	OK(crypt_agree(test_cx(), a, b_public, one));
	OK(crypt_agree(test_cx(), b, a_public, two));
	ATF_CHECK_EQ(0, memcmp(one, two, 32));
	ATF_CHECK_EQ(RC_INPUT, crypt_agree(test_cx(), a, zero, one));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_opens_to_what_was_sealed_and_names_its_pair);
	ATF_TP_ADD_TC(tp, nothing_that_the_door_has_opens_it);
	ATF_TP_ADD_TC(tp, a_flipped_bit_a_cut_or_another_place_fails_closed);
	ATF_TP_ADD_TC(tp, the_same_text_is_never_sealed_the_same);
	ATF_TP_ADD_TC(tp, halves_agree_as_rfc_7748_has_it);
	return atf_no_error();
}
