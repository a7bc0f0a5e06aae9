/* Frames between jobd and its children: whole, or not taken. */
#include <atf-c.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../jobs/jobd_frame.h"
#include "store/job.h"
#include "test.h"

static const struct frame full = {
	.type = FRAME_RUN,
	.id = INT64_MAX,
	.epoch = 2,
	.kind = 1,
	.shop_id = INT64_MIN,
	.shop_epoch = 5,
	.attempt = 6,
	.max_attempts = 7,
	.soft_ms = 8,
	.why = WHY_CANCEL,
	.said = SAID_SETTLED,
	.floor_ms = 11,
	.rss_kb = 12,
	.args = { "{\"a\": 1}", 8 },
	.trace = { "", 0 },
	.words = { "why", 3 },
};

static void
pair(int ends[2])
{
	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
}

ATF_TC_WITHOUT_HEAD(a_frame_comes_out_as_it_went_in);
ATF_TC_BODY(a_frame_comes_out_as_it_went_in, tc)
{
	struct arena *mem = test_arena();
	struct frame got;
	int ends[2];

	pair(ends);
	ATF_REQUIRE_EQ(RC_OK, frame_send(mem, ends[0], &full));
	ATF_REQUIRE_EQ(RC_OK, frame_take(mem, ends[1], &got));
	ATF_CHECK_EQ(FRAME_RUN, got.type);
	ATF_CHECK_EQ(INT64_MAX, got.id);
	ATF_CHECK_EQ(2, got.epoch);
	ATF_CHECK_EQ(1, got.kind);
	ATF_CHECK_EQ(INT64_MIN, got.shop_id);
	ATF_CHECK_EQ(5, got.shop_epoch);
	ATF_CHECK_EQ(6, got.attempt);
	ATF_CHECK_EQ(7, got.max_attempts);
	ATF_CHECK_EQ(8, got.soft_ms);
	ATF_CHECK_EQ(WHY_CANCEL, got.why);
	ATF_CHECK_EQ(SAID_SETTLED, got.said);
	ATF_CHECK_EQ(11, got.floor_ms);
	ATF_CHECK_EQ(12, got.rss_kb);
	ATF_CHECK_STREQ("{\"a\": 1}", got.args.p);
	ATF_CHECK_EQ(8, got.args.n);
	ATF_CHECK_STREQ("", got.trace.p);
	ATF_CHECK_STREQ("why", got.words.p);
}

ATF_TC_WITHOUT_HEAD(without_a_frame_nobody_waits);
ATF_TC_BODY(without_a_frame_nobody_waits, tc)
{
	struct arena *mem = test_arena();
	struct frame got;
	int ends[2];

	pair(ends);
	ATF_CHECK_EQ(RC_ABSENT, frame_take(mem, ends[1], &got));
	ATF_REQUIRE_EQ(RC_OK, frame_send(mem, ends[0], &full));
	(void)close(ends[0]);
	ATF_CHECK_EQ(RC_OK, frame_take(mem, ends[1], &got));
	ATF_CHECK_EQ(RC_STOPPED, frame_take(mem, ends[1], &got));
	ATF_CHECK_EQ(RC_STOPPED, frame_send(mem, ends[1], &full));
}

ATF_TC_WITHOUT_HEAD(who_does_not_read_is_told_of_not_waited_for);
ATF_TC_BODY(who_does_not_read_is_told_of_not_waited_for, tc)
{
	struct arena *mem = test_arena();
	enum rc rc = RC_OK;
	int ends[2];

	pair(ends);
	for (int i = 0; i < 100000 && rc == RC_OK; i++)
		rc = frame_send(mem, ends[0], &full);
	ATF_CHECK_EQ(RC_BUSY, rc);
}

ATF_TC_WITHOUT_HEAD(a_frame_has_64_KB_and_no_more);
ATF_TC_BODY(a_frame_has_64_KB_and_no_more, tc)
{
	struct arena *mem = test_arena();
	struct frame f = full;
	struct frame got;
	struct slice bytes;
	int ends[2];

	ATF_REQUIRE_EQ(RC_OK, frame_pack(mem, &full, &bytes));
	f.args.n += FRAME_MAX_BYTES - bytes.n;
	f.args.p = memset(arena_alloc(mem, f.args.n), 'x', f.args.n);
	pair(ends);
	ATF_CHECK_EQ(RC_OK, frame_send(mem, ends[0], &f));
	ATF_CHECK_EQ(RC_OK, frame_take(mem, ends[1], &got));
	ATF_CHECK_EQ(f.args.n, got.args.n);
	f.args.p = memset(arena_alloc(mem, f.args.n + 1), 'x', f.args.n + 1);
	f.args.n++;
	ATF_CHECK_EQ(RC_TOO_BIG, frame_send(mem, ends[0], &f));
	ATF_CHECK_EQ(RC_ABSENT, frame_take(mem, ends[1], &got));
}

/* A copy of `bytes` with the one at `at` changed. */
static struct slice
changed(struct arena *mem, struct slice bytes, size_t at, char to)
{
	char *p = arena_copy(mem, bytes.p, bytes.n);

	p[at] = to;
	return (struct slice){ p, bytes.n };
}

ATF_TC_WITHOUT_HEAD(bytes_that_are_no_frame_are_refused);
ATF_TC_BODY(bytes_that_are_no_frame_are_refused, tc)
{
	struct arena *mem = test_arena();
	struct slice bytes;
	struct frame got;
	int ends[2];

	ATF_REQUIRE_EQ(RC_OK, frame_pack(mem, &full, &bytes));
	for (size_t n = 0; n < bytes.n; n++) { /* cut anywhere */
		const struct slice cut = { arena_copy(mem, bytes.p, n), n };

		ATF_CHECK_EQ(RC_INPUT, frame_unpack(mem, cut, &got));
	}
	ATF_CHECK_EQ(RC_INPUT, /* of another version */
	    frame_unpack(mem, changed(mem, bytes, 0, 9), &got));
	ATF_CHECK_EQ(RC_INPUT, /* of no known type */
	    frame_unpack(mem, changed(mem, bytes, 2, FRAME_TYPES), &got));
	ATF_CHECK_EQ(RC_INPUT, /* that says another length */
	    frame_unpack(mem, changed(mem, bytes, 4, 1), &got));
	/* whose first text is longer than all of it */
	ATF_CHECK_EQ(RC_INPUT,
	    frame_unpack(mem, changed(mem, bytes, 8 + 13 * 8 + 2, 1), &got));
	/* whose first text ends early, so that something is left behind */
	ATF_CHECK_EQ(RC_INPUT,
	    frame_unpack(mem, changed(mem, bytes, 8 + 13 * 8, 7), &got));
	pair(ends);
	ATF_REQUIRE_EQ(3, send(ends[0], "abc", 3, 0));
	ATF_CHECK_EQ(RC_INPUT, frame_take(mem, ends[1], &got));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_frame_comes_out_as_it_went_in);
	ATF_TP_ADD_TC(tp, without_a_frame_nobody_waits);
	ATF_TP_ADD_TC(tp, who_does_not_read_is_told_of_not_waited_for);
	ATF_TP_ADD_TC(tp, a_frame_has_64_KB_and_no_more);
	ATF_TP_ADD_TC(tp, bytes_that_are_no_frame_are_refused);
	return atf_no_error();
}
