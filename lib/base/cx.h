/* The context of one request or one job: its memory, its shop, its failure. */
#ifndef BASE_CX_H
#define BASE_CX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

struct db;

/* Where and why it went wrong; written by rc_fail, read at the top. */
struct fault {
	enum rc rc;
	const char *sentence; /* for us and the log; may name what was got */
	const char *field; /* the member at fault, NULL when none */
	const char *rule; /* for the sender: what the field must be */
	const char *got; /* for the sender: what it was, cut short */
};

struct cx {
	struct arena *mem; /* emptied when the request or job ends */
	struct db *db; /* the main database; base cannot look into it */
	struct db *keyring; /* NULL in programs without keyring access */
	const char *program; /* "auth", "jobd": log and application_name */
	const char *trace; /* the request id, in every log line */
	int64_t shop_id; /* whose rows are visible; 0 = no shop */
	bool every_shop; /* a known operator, or a job of shop 0 */
	int64_t job_id; /* 0 outside a job */
	int32_t job_epoch; /* the fence: with job_id, the right to write */
	int64_t retry_after_ms; /* with RC_LIMITED, RC_BUSY: come back */
	bool (*should_stop)(void); /* NULL, or: is this work to stop */
	bool job_settled; /* job_commit has ended the job */
	struct fault fault;
};

/*
 * Notes the failure and returns `rc`. The sentence is for us (log, job error);
 * never put a token, a secret or personal data into it. The first of several
 * notes wins until cx_reset or rc_forget.
 */
enum rc rc_fail(struct cx *cx, enum rc rc, const char *fmt, ...) PRINTF(3, 4);

/*
 * The same for one member of the sender's input: `rule` says what it must be,
 * `got` what it was (NULL when absent). All three reach the sender.
 */
enum rc rc_field(struct cx *cx, enum rc rc, const char *field, const char *rule,
    const char *got);

/* Forgets a noted failure that was handled. */
void rc_forget(struct cx *cx);

/* Empties the memory and forgets who and why; keeps program, db, keyring. */
void cx_reset(struct cx *cx);

#endif
