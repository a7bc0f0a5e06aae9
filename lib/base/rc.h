/* What can go wrong, and what each kind means to a request, a job, the log. */
#ifndef BASE_RC_H
#define BASE_RC_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

enum rc {
	RC_OK,
	RC_INPUT, /* the sender must change it */
	RC_TOO_BIG, /* longer than the rule allows */
	RC_UNPROCESSABLE, /* understood, but against a rule of ours */
	RC_AUTH, /* who are you? */
	RC_TOKEN, /* Shopify refused the shop's token */
	RC_DENIED, /* known, but not allowed */
	RC_ABSENT, /* not there */
	RC_CONFLICT, /* already there, or not in that state */
	RC_LIMITED, /* later: see cx->retry_after_ms */
	RC_REMOTE, /* another system answered wrongly or not at all */
	RC_BUSY, /* our database or a pool is unwell */
	RC_STOPPED, /* asked to stop */
	RC_BUG, /* we are wrong */
	RC_COUNT
};

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERR };

/* What a job that ends with a code becomes (queue.md 1). */
enum job_said {
	JOB_COMPLETED,
	JOB_FAILED,
	JOB_DEAD,
	JOB_SNOOZED,
	JOB_CANCELLED
};

struct rc_row {
	const char *code; /* the public word: problem+json's `code` */
	const char *title; /* the public sentence */
	int status; /* HTTP */
	enum job_said job;
	enum log_level level;
};

/* The row of `rc`; never NULL. */
const struct rc_row *rc_row(enum rc rc);

/* The word queue.md uses: "completed", "failed", ... */
const char *job_said_text(enum job_said said);

/* Passes a failure up. */
#define TRY(call)                                                              \
	do {                                                                   \
		const enum rc try_rc = (call);                                 \
		if (try_rc != RC_OK)                                           \
			return try_rc;                                         \
	} while (0)

#endif
