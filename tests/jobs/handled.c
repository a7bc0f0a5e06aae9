/* A job run by its handler, as jobd's child would run it. */
#include "handled.h"

#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "../../jobs/jobd.h"

static struct cx *child;

/* Nobody tells it to stop. */
enum frame_why
child_told(void)
{
	return WHY_NONE;
}

/* Number, fence, shop and so on in one line, then the arguments. */
static struct frame
claimed(enum job_kind kind)
{
	struct frame f = { .type = FRAME_RUN, .kind = kind };
	const char *line = test_answer(
	    "t", text_fmt(test_arena(),
		     "UPDATE job SET state = 'running', epoch = epoch + 1, "
		     "attempt = attempt + 1, run_again = false, "
		     "started_at = now() WHERE id = (SELECT id "
		     "FROM job WHERE kind = '%s' AND state = 'available' "
		     "ORDER BY id LIMIT 1) RETURNING concat_ws(' ', id, epoch, "
		     "shop_id, shop_epoch, coalesce((SELECT s.epoch FROM "
		     "shop s WHERE s.shop_id = job.shop_id), -1), attempt, "
		     "max_attempts, args)",
		     job_kind_row(kind)->word));
	int args = 0;

	ATF_REQUIRE_EQ_MSG(7,
	    sscanf(line, "%ld %ld %ld %ld %ld %ld %ld %n", &f.id, &f.epoch,
		&f.shop_id, &f.shop_epoch, &f.shop_now, &f.attempt,
		&f.max_attempts, &args),
	    "no %s is ready", job_kind_row(kind)->word);
	f.args = slice_of(line + args);
	f.trace = slice_of("");
	return f;
}

/* As jobd settles it, when it has not done so itself. */
static struct frame
ran(const struct frame *f)
{
	struct frame answer;

	if (!child)
		child = test_rival("jobd");
	run_job(child, f, &answer);
	if (answer.words.n == 0)
		answer.words = slice_of("");
	answer.words = slice_of(text_of(test_arena(), answer.words));
	if (answer.said != SAID_SETTLED)
		test_sql(
		    "t", text_fmt(test_arena(),
			     "SELECT became FROM job_finish(ARRAY[%lld], "
			     "ARRAY[%lld], ARRAY['%s'], NULL, NULL, ARRAY[0])",
			     (long long)f->id, (long long)f->epoch,
			     job_said_text((enum job_said)answer.said)));
	return answer;
}

struct frame
handled(enum job_kind kind)
{
	const struct frame f = claimed(kind);

	return ran(&f);
}

struct frame
handled_late(enum job_kind kind)
{
	struct frame f = claimed(kind);

	f.epoch--;
	return ran(&f);
}

struct frame
buried(enum job_kind kind, const char *why)
{
	struct frame f = claimed(kind);

	f.type = FRAME_BURY;
	f.words = slice_of(why);
	return ran(&f);
}

void
handled_said(enum job_said want, const char *part, struct frame frame)
{
	ATF_CHECK_EQ_MSG((int64_t)want, frame.said, "it was %s: %s",
	    job_said_text((enum job_said)frame.said), frame.words.p);
	ATF_CHECK_MSG(strstr(frame.words.p, part) != NULL, "no %s in: %s", part,
	    frame.words.p);
}

void
handled_well(struct frame frame)
{
	ATF_CHECK_MSG(frame.said == SAID_SETTLED || frame.said == JOB_COMPLETED,
	    "it was %s: %s", job_said_text((enum job_said)frame.said),
	    frame.words.p);
}
