/*
 * In the sweep: schedules that are due put their jobs, and jobs that waited for
 * others which have failed go the same way. Safe in several jobd at once.
 */
#include "base/log.h"
#include "jobd.h"
#include "store/cron.h"

enum { FIRE_MOST = 100, UNTIE_MOST = 500, LATE_S = 60 };

/* A run that late stands for all that were missed. */
static void
say_late(struct jobd *j, const struct cron_fired *fired)
{
	if (fired->lag_s > LATE_S)
		log_warn(&j->cx, "jobd.cron_late",
		    L_INT("seconds", (int64_t)fired->lag_s));
}

static void
fire(struct jobd *j)
{
	struct cron_fired fired;
	bool went;

	j->cx.every_shop = true;
	went = db_went(j, cron_fire(&j->cx, FIRE_MOST, &fired), "jobd.cron");
	j->cx.every_shop = false;
	if (!went)
		return;
	say_late(j, &fired);
	if (fired.jobs > 0)
		claim_ask(j, NULL);
}

/* What is freed is to be claimed, and what is cancelled may have its own. */
static void
untie(struct jobd *j)
{
	struct job_untied untied;

	if (!db_went(j, job_untie(&j->cx, UNTIE_MOST, &untied), "jobd.sweep"))
		return;
	if (untied.cancelled > 0)
		log_info(&j->cx, "jobd.untied",
		    L_INT("cancelled", untied.cancelled));
	if (untied.freed > 0 || untied.cancelled > 0)
		claim_ask(j, NULL);
}

void
cron_sweep(struct jobd *j)
{
	if (db_may(j))
		fire(j);
	if (db_may(j))
		untie(j);
}
