/* handlers.conf in jobd: its children hear of a change, schedules follow it. */
#include "app/handler_job.h"
#include "base/log.h"
#include "jobd.h"

enum rc
handlers_start(struct jobd *j)
{
	handlers_changed(); /* from here on all children hear */
	j->schedules_wanted = true;
	return handlers_load(&j->cx);
}

/* One that cannot be taken leaves all as it was, also in the children. */
void
handlers_reload(struct jobd *j)
{
	if (handlers_load(&j->cx) != RC_OK) {
		log_fault(&j->cx, "jobd.handlers");
		rc_forget(&j->cx);
		return;
	}
	handlers_changed();
	j->schedules_wanted = true;
}

void
handlers_keep(struct jobd *j)
{
	enum rc rc;

	if (!j->schedules_wanted || j->worker_id == 0 || !db_may(j))
		return;
	j->cx.every_shop = true; /* they are of no shop */
	rc = handler_job_schedules(&j->cx);
	j->cx.every_shop = false;
	j->schedules_wanted = rc == RC_BUSY;
	(void)db_went(j, rc, "jobd.schedules");
}
