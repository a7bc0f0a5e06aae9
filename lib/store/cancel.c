/* Ending a job from outside. */
#include "store/cancel.h"

enum rc
cancel_job(struct cx *cx, int64_t id, bool *asked)
{
	struct row row;

	TRY(db_one(cx, Q_JOB_CANCEL,
	    ARGS(cx->every_shop ? a_null() : a_int(cx->shop_id), a_int(id)),
	    &row));
	*asked = text_same(row_text(row, 0), "asked");
	return text_same(row_text(row, 0), "not live") ? RC_ABSENT : RC_OK;
}
