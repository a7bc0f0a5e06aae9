/*
 * jobd: a supervisor that runs no handler (queue.md 5). One loop, one database
 * handle (a connection that claims, settles and beats, one that listens), and
 * forked children that run a job each.
 */
#ifndef JOBS_JOBD_H
#define JOBS_JOBD_H

#include <sys/types.h>

#include "io/db.h"
#include "jobd_frame.h"
#include "store/job.h"

enum {
	/* Two ends are awaited besides the children's, of 64 (io/wait). */
	CHILDREN_MAX = 60,
	SETTLE_MAX = 500, /* a flush, and the most that is held */
	FLUSH_MS = 5,
	BEAT_MS = 3000,
	LEASE_MS = 10000, /* as sql/queries/job.sql has it */
	SWEEP_MS = 1000,
	POLL_MS = 500,
	GRACE_MS = 10000
};

/* ---- a job that is ours, from its claim to its settlement */

struct work {
	int64_t id;
	int64_t epoch;
	enum job_kind kind;
	const char *queue;
	int64_t shop_id;
	int64_t shop_epoch;
	int64_t attempt;
	int64_t max_attempts;
	int64_t crashes;
	int64_t soft_ms;
	int64_t hard_ms; /* 0: none, but it must show progress */
	const char *args;
	const char *trace; /* "" for none */
	const char *dead; /* why, when only its last words are left; or NULL */
	int64_t since_ms; /* with a child since */
	enum frame_why told; /* the child was told to stop */
};

/* ---- a place for a child */

enum slot_state {
	SLOT_EMPTY,
	SLOT_STARTING, /* forked, not ready yet */
	SLOT_IDLE,
	SLOT_BUSY,
	SLOT_LEAVING /* its end of the socket was closed */
};

/* Why we killed a child; what that means for its job is in jobd_lost.c. */
enum kill_why {
	KILL_NONE, /* we did not */
	KILL_HARD,
	KILL_QUIET,
	KILL_LEAVE,
	KILL_LEASE,
	KILL_FRAME,
	KILL_STUCK
};

struct slot {
	enum slot_state state;
	pid_t pid;
	int fd;
	int64_t since_ms; /* in that state since */
	int64_t not_before_ms; /* when the next may be forked here */
	int runs;
	enum kill_why killed;
	bool adopted; /* jobd -1: it is our parent */
	bool has_work; /* in BUSY; elsewhere its last words wait */
	struct work work;
	struct arena *mem; /* the work's texts */
};

struct pool {
	struct slot slots[CHILDREN_MAX];
	int n; /* places that were ever used */
	int want; /* JOBD_CHILDREN */
};

/* ---- settlements on their way */

struct settlement {
	int64_t id;
	int64_t epoch;
	const char *said;
	const char *error; /* or NULL */
	double floor_s;
	enum job_kind kind;
	const char *queue;
};

struct settle {
	struct settlement list[SETTLE_MAX];
	size_t n;
	int64_t since_ms; /* the oldest */
	bool repeated; /* sent before, and what became of that is not known */
	struct arena *mem; /* their texts; emptied when none is left */
};

/* ---- claims */

struct queue_place {
	int64_t id;
	int64_t after; /* the shop behind which to look; -1: the first */
};

enum { QUEUES_MAX = 64 };

struct claims {
	bool wanted;
	int64_t poll_ms; /* when to look without being asked */
	int64_t pause_ms; /* after a claim in vain */
	int64_t last; /* the queue that was asked last */
	struct queue_place places[QUEUES_MAX];
	size_t places_n;
	struct arena *names;
};

/* ---- everything */

struct jobd {
	struct cx cx; /* its memory lasts one turn of the loop */
	struct pool pool;
	struct settle settle;
	struct claims claims;
	int64_t worker_id; /* 0: no lease */
	int64_t beat_ms; /* when to */
	int64_t sweep_ms;
	int64_t stage_ms; /* when something we put back is due; or -1 */
	int64_t prune_ms;
	int64_t db_ms; /* ask the database no sooner */
	int db_fails; /* since it last answered */
	int wake_fd; /* -1: none */
	ino_t wake_inode;
	bool wake_missed; /* it was said that there is none */
	int64_t drain_ms; /* when to end children; -1: not leaving */
	bool once; /* jobd -1 */
	bool nothing_due; /* as the last claim found */
	const char *conf; /* its file, or NULL */
};

/* ---- jobd_loop.c */

/* Turns until told to stop and all is settled, or (`once`) nothing is due. */
void loop_run(struct jobd *j);

/* ---- jobd_pool.c */

/* What JOBD_CHILDREN says; RC_INPUT when that is not 1 to 60. */
enum rc pool_size(struct cx *cx, int *out) MUST_USE;
/* Forks where a child is missing and sends home whom there are too many of. */
void pool_fill(struct jobd *j);
/* jobd -1: the process at the other end of `fd` is the only child. */
void pool_adopt(struct jobd *j, int fd, pid_t pid);
int pool_count(const struct jobd *j, enum slot_state state);
struct slot *pool_idle(struct jobd *j); /* or NULL */
/* Whether a job is with a child, or waits for one. */
bool pool_works(const struct jobd *j);
/* The next time at which pool_fill or pool_limits has something to do. */
int64_t pool_next_ms(const struct jobd *j);
void slot_set(struct slot *s, enum slot_state state);
/* Its end of the socket, and with it the child, is asked to go. */
void slot_leave(struct slot *s);
void slot_kill(struct jobd *j, struct slot *s, enum kill_why why);

/* ---- jobd_work.c: what goes to a child and comes from it */

/* Hands the slot's work to its idle child. */
void work_start(struct jobd *j, struct slot *s);
/* The work is over or was given back. */
void work_forget(struct slot *s);
void work_stop(struct jobd *j, struct slot *s, enum frame_why why);
/* Reads what has come from the slot's child, its end included. */
void slot_take(struct jobd *j, struct slot *s);

/* ---- jobd_lost.c */

/* The slot's child has gone: reaps it and decides what becomes of its job. */
void slot_lost(struct jobd *j, struct slot *s);

/* ---- jobd_limits.c */

/* Soft and hard limits, children that do not start or do not leave. */
void limits_check(struct jobd *j);
int64_t limits_next_ms(const struct jobd *j);

/* ---- jobd_settle.c */

/* Notes how a run ended; `error` is copied. */
void settle_add(struct jobd *j, const struct work *w, const char *said,
    const char *error, double floor_s);
/* One that is ours by the database's word alone, see jobd_sweep.c. */
void settle_stray(struct jobd *j, int64_t id, int64_t epoch);
bool settle_has(const struct jobd *j, int64_t id, int64_t epoch);
bool settle_due(const struct jobd *j);
void settle_flush(struct jobd *j);
void settle_discard(struct jobd *j);

/* ---- jobd_claim.c */

void claim_ask(struct jobd *j, const char *by); /* counted when not NULL */
bool claim_due(const struct jobd *j);
void claim_jobs(struct jobd *j);

/* ---- jobd_lease.c */

/* Renews the lease or takes one; a lost one ends all children. */
void lease_keep(struct jobd *j);
void lease_drop(struct jobd *j);

/* ---- jobd_sweep.c */

bool sweep_due(const struct jobd *j);
void sweep_run(struct jobd *j);
/* The jobs that the database says we have: cancels, silence, strays. */
void sweep_own(struct jobd *j);

/* ---- jobd_wake.c */

/* RUN_DIR/jobd.wake; without it polling must do. */
void wake_open(struct jobd *j);
void wake_close(struct jobd *j);
/* Reads all wakes and hints that have come. */
void wake_take(struct jobd *j);
/* Makes the socket and the listening connection anew where they have gone. */
void wake_keep(struct jobd *j);

/* ---- jobd_db.c */

/* Whether the database may be asked now: after a failure a while must pass. */
bool db_may(const struct jobd *j);
/* Notes whether it answered; true for RC_OK and RC_ABSENT. The failure is
 * logged and forgotten. */
bool db_went(struct jobd *j, enum rc rc, const char *at);
/* `ms` +-20 %. */
int64_t about(int64_t ms);

/* ---- jobd_child.c */

/* A child's life behind `fd`, of which pool it is; gives its exit status. An io
 * child runs up to `tasks` jobs at once. */
int child_main(int fd, enum job_pool pool, int tasks);
/* Whether and why the run that goes on was told to stop. */
enum frame_why child_told(void);

/* ---- jobd_io.c */

/* What an io child does behind `fd`, with what cx has open; back when jobd has
 * gone and every run has ended. */
void io_serve(const struct cx *cx, int fd, int tasks);
/* child_told for the task that runs. */
enum frame_why io_told(void);

/* ---- jobd_run.c */

/*
 * Runs the job of a FRAME_RUN, or says the last words of a FRAME_BURY's, with
 * whatever failure there was noted in cx; gives the answer for jobd, whose
 * texts live as long as cx->mem.
 */
void run_job(struct cx *cx, const struct frame *f, struct frame *answer);

#endif
