/* jobd and a database that may be away: asked less and less often. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobd.h"

enum { AGAIN_MS = 100, AGAIN_MOST_MS = 2000, AGAIN_STEPS = 5 };

int64_t
about(int64_t ms)
{
	return ms - ms / 5 + (int64_t)arc4random_uniform((uint32_t)ms * 2 / 5);
}

bool
db_may(const struct jobd *j)
{
	return clock_ms() >= j->db_ms;
}

/* Full jitter, so that many jobd do not come back all at once. */
static void
stay_away(struct jobd *j)
{
	const int step = j->db_fails < AGAIN_STEPS ? j->db_fails : AGAIN_STEPS;
	int64_t most = AGAIN_MS << step;

	most = most > AGAIN_MOST_MS ? AGAIN_MOST_MS : most;
	j->db_ms = clock_ms() + (int64_t)arc4random_uniform((uint32_t)most);
	j->db_fails++;
}

/* The first, the second, the fourth: an hour's outage is no hour of lines. */
static bool
is_worth_saying(int fails)
{
	return (fails & (fails - 1)) == 0;
}

bool
db_went_of(struct jobd *j, struct cx *cx, enum rc rc, const char *at)
{
	if (rc == RC_OK || rc == RC_ABSENT) {
		if (j->db_fails > 0)
			log_info(&j->cx, "jobd.database_back",
			    L_INT("failures", j->db_fails));
		j->db_fails = 0;
		return true;
	}
	stay_away(j);
	if (is_worth_saying(j->db_fails))
		log_fault(cx, at);
	rc_forget(cx);
	return false;
}

bool
db_went(struct jobd *j, enum rc rc, const char *at)
{
	return db_went_of(j, &j->cx, rc, at);
}
