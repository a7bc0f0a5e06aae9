/* Ids of ours. */
#include <atf-c.h>
#include <string.h>
#include <time.h>

#include "base/code.h"
#include "base/uuid.h"
#include "test.h"

static const char *
minted(void)
{
	const char *id;

	OK(uuid_mint(test_cx(), &id));
	return id;
}

ATF_TC_WITHOUT_HEAD(an_id_has_version_seven_and_the_right_variant);
ATF_TC_BODY(an_id_has_version_seven_and_the_right_variant, tc)
{
	int i;

	for (i = 0; i < 1000; i++) {
		const char *id = minted();

		ATF_CHECK(uuid_ok(id));
		ATF_CHECK_EQ('7', id[14]);
		ATF_CHECK(strchr("89ab", id[19]) != NULL);
	}
}

ATF_TC_WITHOUT_HEAD(an_id_begins_with_the_milliseconds_of_now);
ATF_TC_BODY(an_id_begins_with_the_milliseconds_of_now, tc)
{
	const char *id = minted();
	const char *hex = text_fmt(test_arena(), "%.8s%.4s", id, id + 9);
	unsigned char b[6];
	int64_t ms = 0;
	int i;

	ATF_REQUIRE(hex_to(slice_of(hex), b, 6));
	for (i = 0; i < 6; i++)
		ms = ms << 8 | b[i];
	ATF_CHECK(ms / 1000 - (int64_t)time(NULL) <= 1);
	ATF_CHECK((int64_t)time(NULL) - ms / 1000 <= 1);
}

/* Ids of one microsecond's quarter may change places; of two times, never. */
ATF_TC_WITHOUT_HEAD(a_later_id_sorts_later);
ATF_TC_BODY(a_later_id_sorts_later, tc)
{
	const struct timespec pause = { 0, 1000000 };
	const char *before = minted();
	int i;

	for (i = 0; i < 20; i++) {
		const char *id;

		(void)nanosleep(&pause, NULL);
		id = minted();
		ATF_CHECK(strcmp(before, id) < 0);
		before = id;
	}
}

ATF_TC_WITHOUT_HEAD(what_has_another_form_is_no_id);
ATF_TC_BODY(what_has_another_form_is_no_id, tc)
{
	static const char *const wrong[] = { "",
		"017f22e279b07cc398c4dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
		"017f22e-279b0-7cc3-98c4-dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4dc0c0-c07398f",
		"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
		"017f22e2-79b0-7cc3-98c4-dc0c0c0739-f",
		"------------------------------------" };
	size_t i;

	ATF_CHECK(uuid_ok("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
	ATF_CHECK(uuid_ok("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
	ATF_CHECK(uuid_ok("00000000-0000-0000-0000-000000000000"));
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ATF_CHECK_MSG(!uuid_ok(wrong[i]), "%s", wrong[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_id_has_version_seven_and_the_right_variant);
	ATF_TP_ADD_TC(tp, an_id_begins_with_the_milliseconds_of_now);
	ATF_TP_ADD_TC(tp, a_later_id_sorts_later);
	ATF_TP_ADD_TC(tp, what_has_another_form_is_no_id);
	return atf_no_error();
}
