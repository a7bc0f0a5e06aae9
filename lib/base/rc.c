/* The one table that says what each code means. */
#include "base/rc.h"

/* clang-format off */
static const struct rc_row rows[RC_COUNT] = {
	[RC_OK] = { "ok", "Done", 200, JOB_COMPLETED, LOG_INFO },
	[RC_INPUT] = { "input", "Something in the request must be changed",
	    400, JOB_DEAD, LOG_INFO },
	[RC_TOO_BIG] = { "too_big",
	    "The request is larger than the rule allows",
	    413, JOB_DEAD, LOG_INFO },
	[RC_UNPROCESSABLE] = { "unprocessable",
	    "The request was understood but goes against a rule",
	    422, JOB_DEAD, LOG_INFO },
	[RC_AUTH] = { "unauthorized", "We do not know who is calling",
	    401, JOB_DEAD, LOG_INFO },
	/*
	 * 409, not 401 or 403: the caller is known and allowed. The shop's
	 * state stands in the way, until the app is authorized again.
	 */
	[RC_TOKEN] = { "token",
	    "Shopify refused the shop's token: authorize the app again",
	    409, JOB_DEAD, LOG_WARN },
	[RC_DENIED] = { "forbidden", "The caller may not do this",
	    403, JOB_DEAD, LOG_INFO },
	[RC_ABSENT] = { "not_found", "There is no such thing",
	    404, JOB_DEAD, LOG_INFO },
	[RC_CONFLICT] = { "conflict",
	    "It is already there, or not in a state that allows this",
	    409, JOB_DEAD, LOG_INFO },
	[RC_LIMITED] = { "limited", "Too much at once: come back later",
	    429, JOB_SNOOZED, LOG_INFO },
	[RC_REMOTE] = { "remote",
	    "Another system answered wrongly or not at all",
	    502, JOB_FAILED, LOG_WARN },
	[RC_BUSY] = { "busy", "We cannot do this at the moment",
	    503, JOB_FAILED, LOG_WARN },
	/* Not the job's fault: no attempt is used. */
	[RC_STOPPED] = { "stopped", "We are stopping: try again",
	    503, JOB_SNOOZED, LOG_INFO },
	[RC_BUG] = { "bug", "Something is wrong on our side",
	    500, JOB_DEAD, LOG_ERR },
};
/* clang-format on */

const struct rc_row *
rc_row(enum rc rc)
{
	return &rows[(unsigned int)rc < RC_COUNT ? rc : RC_BUG];
}

const char *
job_said_text(enum job_said said)
{
	static const char *const words[] = {
		[JOB_COMPLETED] = "completed",
		[JOB_FAILED] = "failed",
		[JOB_DEAD] = "dead",
		[JOB_SNOOZED] = "snoozed",
		[JOB_CANCELLED] = "cancelled",
	};

	return words[said <= JOB_CANCELLED ? said : JOB_DEAD];
}
