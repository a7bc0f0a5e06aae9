/*
 * jobd: a supervisor that runs no handler (queue.md 5). One loop, one database
 * handle (a connection that claims, settles and beats, one that listens), and
 * forked children that run the jobs: a sync child one at a time, an io child
 * many.
 */
#ifndef JOBS_JOBD_H
#define JOBS_JOBD_H

#include <sys/types.h>

#include "io/db.h"
#include "io/wait.h"
#include "jobd_frame.h"
#include "store/job.h"

enum {
	CHILDREN_MAX = 60, /* of the sync pool */
	IO_CHILDREN_MAX = 8,
	/* Beside each io child there may be one that runs to its end. */
	SLOTS_MAX = CHILDREN_MAX + 2 * IO_CHILDREN_MAX + 1,
	AHEAD_MAX = 2000, /* jobs that wait for a child */
	SETTLE_MAX = 500, /* a flush does not wait for more */
	FLUSH_MS = 5,
	BEAT_MS = 3000,
	LEASE_MS = 10000, /* as sql/queries/job.sql has it */
	SWEEP_MS = 1000,
	POLL_MS = 500,
	GRACE_MS = 10000
};

/* Pools as jobd sees them: beside job_pool's, the one child in which a suspect
 * runs alone, whatever its kind (design.md 7). */
enum { POOL_ALONE = POOL_IO + 1, POOLS };

/* ---- a job that is ours, from its claim to its settlement */

/* Where its texts lie: those of one claim together. */
struct haul;

/* A list of works; each is in one at a time. */
struct works {
	struct work *first;
	struct work *last;
	int n;
};

struct work {
	int64_t id;
	int64_t epoch;
	enum job_kind kind; /* JOB_KINDS: of a newer program than this */
	int pool;
	const char *queue; /* its name; NULL: not known */
	int priority;
	int64_t shop_id;
	int64_t shop_epoch;
	int64_t shop_now; /* as in struct frame */
	int64_t attempt;
	int64_t max_attempts;
	int64_t crashes;
	int64_t soft_ms;
	int64_t hard_ms; /* 0: none, but it must show progress */
	const char *args;
	const char *trace; /* "" for none */
	const char *dead; /* why, when only its last words are left; or NULL */
	int64_t since_us; /* waiting, or running, since */
	struct slot *slot; /* whose child has it; or NULL */
	enum frame_why told; /* the child was told to stop */

	/* Once it has ended. */
	const char *said;
	const char *error; /* or NULL */
	double floor_s;
	bool settling; /* sent, and not answered yet */
	bool heard; /* it was */
	bool repeated; /* sent before; what became of that is not known */

	struct haul *haul;
	struct work *next;
	struct work *next_by_id;
};

/* ---- a place for a child */

enum slot_state {
	SLOT_EMPTY,
	SLOT_STARTING, /* forked, not ready yet */
	SLOT_UP,
	SLOT_LEAVING /* its end of the socket was closed */
};

/* Why we killed a child; what that means for its jobs is in jobd_lost.c. */
enum kill_why {
	KILL_NONE, /* we did not */
	KILL_HARD,
	KILL_QUIET,
	KILL_LEAVE,
	KILL_LEASE,
	KILL_FRAME,
	KILL_STUCK,
	KILL_SILENT
};

struct slot {
	enum slot_state state;
	int pool;
	pid_t pid;
	int fd;
	int pidfd; /* -1: not our child */
	bool readable; /* as the last wait found */
	bool died;
	int64_t since_ms; /* in that state since */
	int64_t heard_ms; /* it said something */
	int64_t not_before_ms; /* when the next may be forked here */
	int runs;
	bool retiring; /* what runs may end, nothing new is sent */
	enum kill_why killed;
	const struct work *guilty; /* for which it was killed; or NULL */
	bool adopted; /* jobd -1: it is our parent */
	/* What it has, in the order of sending: a sync child runs the first. */
	struct works works;
};

struct pool {
	struct slot slots[SLOTS_MAX]; /* each pool has its own of them */
	int want[POOLS]; /* children */
	int tasks; /* of an io child */
	struct works waiting[POOLS]; /* claimed, with no child yet */
	/* By kind: how long a run takes, a moving mean; -1: not known. */
	int64_t run_us[JOB_KINDS];
	int64_t short_us; /* of those that may be claimed ahead */
	bool held_up; /* some were, and waited too long: no more for now */
};

/* ---- claims */

struct queue_place {
	int64_t id;
	int64_t after; /* the shop behind which to look; -1: the first */
	const char *name;
	int got; /* of this answer */
};

enum { QUEUES_MAX = 64 };

struct claims {
	bool wanted;
	bool apart; /* the last one failed: no settlement shall go with it */
	int64_t poll_ms; /* when to look without being asked */
	int64_t pause_ms; /* after a claim in vain */
	int64_t last; /* the queue that was asked first the last time */
	struct queue_place places[QUEUES_MAX];
	size_t places_n;
	struct arena *names;
};

/* How many more of each class could be taken, as job_take has them. */
enum room { ROOM_SHORT, ROOM_LONG, ROOM_IO, ROOM_ALONE, ROOMS };

/* The columns of job_take and job_turn. */
enum claim_column {
	COL_BECAME, /* of a settlement, which has this and its id; else null */
	COL_ID, /* null: only where to begin in that queue the next time */
	COL_QUEUE_ID,
	COL_SHOP,
	COL_PRIORITY,
	COL_KIND,
	COL_ARGS,
	COL_EPOCH,
	COL_ATTEMPT,
	COL_MAX_ATTEMPTS,
	COL_CRASHES,
	COL_SOFT_S,
	COL_HARD_S,
	COL_SHOP_EPOCH,
	COL_SHOP_NOW,
	COL_TRACE,
	COL_SUSPECT,
	COL_WAITED_S,
	COL_QUEUE,
	COL_AFTER
};

/* ---- what is under way to the database: one turn at a time */

struct db_turn {
	struct cx cx; /* its memory lasts as long as the turn */
	struct db_sent *sent; /* NULL: none is under way */
	struct works settling;
	bool claims;
	int64_t room[ROOMS];
	int64_t began_us;
};

/* ---- everything */

struct jobd {
	struct cx cx; /* its memory lasts one turn of the loop */
	struct pool pool;
	struct works ended; /* to be settled */
	struct claims claims;
	struct db_turn turn;
	int64_t worker_id; /* 0: no lease */
	int64_t beat_ms; /* when to */
	int64_t sweep_ms;
	int64_t stage_ms; /* when something we put back is due; or -1 */
	int64_t prune_ms;
	int64_t flush_ms; /* when what has ended must be sent */
	int64_t limits_ms; /* when limits were looked at */
	bool own_wanted; /* somebody wants one of ours to stop */
	int64_t db_ms; /* ask the database no sooner */
	int db_fails; /* since it last answered */
	int wake_fd; /* -1: none */
	ino_t wake_inode;
	bool wake_missed; /* it was said that there is none */
	int64_t drain_ms; /* when to end children; -1: not leaving */
	bool once; /* jobd -1 */
	bool nothing_due; /* as the last claim found */
	const char *conf; /* its file, or NULL */
	pid_t execd_pid; /* 0: not started by us, or lost */
	int64_t execd_ms; /* when to look after it */
	bool failed; /* it ends because of a failure */
	bool schedules_wanted; /* to be made what handlers.conf says */
};

/* ---- jobd_loop.c */

/* Turns until told to stop and all is settled, or (`once`) nothing is due. */
void loop_run(struct jobd *j);

/* ---- jobd_pool.c: children are forked ahead, sent home, replaced */

/* What JOBD_CHILDREN, JOBD_IO_CHILDREN and JOBD_IO_TASKS say into `out`;
 * RC_INPUT when one is not in its range. */
enum rc pool_size(struct cx *cx, struct pool *out) MUST_USE;
/* Forks where a child is missing and sends home whom there are too many of. */
void pool_fill(struct jobd *j);
/* jobd -1: the process at the other end of `fd` is the only child. */
void pool_adopt(struct jobd *j, int fd, pid_t pid);
/* The next time at which pool_fill has something to do. */
int64_t pool_next_ms(const struct jobd *j);

/* ---- jobd_slot.c: one place */

/* A pool's places, from the first to before `to`. */
struct places {
	int from;
	int to;
};
struct places slot_places(int pool);
/* How many are in that state, of one pool, or (-1) of all. */
int slots_count(const struct jobd *j, int pool, enum slot_state state);
int slots_busy(const struct jobd *j); /* that have a job */
/* How many jobs its child can have at once. */
int slot_most(const struct jobd *j, const struct slot *s);
/* Whether a job can be given to it now. */
bool slot_open(const struct slot *s);
void slot_set(struct slot *s, enum slot_state state);
/* Its end of the socket, and with it the child, is asked to go. */
void slot_leave(struct slot *s);
/* What it has may end; then it goes. */
void slot_retire(struct slot *s);
/* `guilty` is the one of its jobs for which it must go, or NULL. */
void slot_kill(struct jobd *j, struct slot *s, enum kill_why why,
    const struct work *guilty);

/* ---- jobd_list.c: works, from claim to settlement */

struct haul *haul_new(void);
struct arena *haul_mem(struct haul *h);
/* Gone when the works of it are; at once when there are none. */
void haul_done(struct haul *h);
struct work *work_new(struct haul *h, int64_t id, int64_t epoch);
void work_free(struct work *w);
/* NULL when it is not ours. */
struct work *work_find(int64_t id, int64_t epoch);
/* The one of that number which is being settled; or NULL. */
struct work *work_settling(int64_t id);

void works_add(struct works *l, struct work *w); /* behind the last */
void works_push(struct works *l, struct work *w); /* before the first */
/* Before those of a later priority. */
void works_sort_in(struct works *l, struct work *w);
struct work *works_take(struct works *l); /* the first, or NULL */
void works_remove(struct works *l, struct work *w);
void works_move(struct works *from, struct works *to);
void works_free(struct works *l);

/* ---- jobd_work.c: what goes to a child and comes from it */

/* Hands what waits to children that have room. */
void work_hand_out(struct jobd *j);
void work_stop(struct jobd *j, struct work *w, enum frame_why why);
/* Reads what has come from the slot's child, its end included. */
void slot_take(struct jobd *j, struct slot *s);

/* ---- jobd_ahead.c: how much is claimed ahead */

/* How many more could be taken. */
void ahead_room(const struct jobd *j, int64_t room[ROOMS]);
/* One took so long. */
void ahead_note(struct jobd *j, const struct work *w, int64_t us);
/* Whether it may lie at the hand of a sync child that is busy: the runs before
 * it are over in a moment. */
bool ahead_at_hand(
    const struct jobd *j, const struct slot *s, const struct work *w);
/* Gives back what would wait too long. */
void ahead_trim(struct jobd *j);
int64_t ahead_next_ms(const struct jobd *j);
/* Gives back all that waits, or forgets it. */
void ahead_return(struct jobd *j);
void ahead_drop(struct jobd *j);

/* ---- jobd_lost.c */

/* The slot's child has gone: reaps it and decides what becomes of its jobs. */
void slot_lost(struct jobd *j, struct slot *s);

/* ---- jobd_stray.c: what handlers have forked and left behind */

/* From now on they come to us when their parents end. */
void stray_begin(void);
/* This child of ours is none of them. */
void stray_spare(pid_t pid);
/* Ends all of them. */
void stray_end(struct jobd *j);

/* ---- jobd_limits.c */

/* Soft and hard limits, children that do not start, do not leave or are
 * silent. */
void limits_check(struct jobd *j);
int64_t limits_next_ms(const struct jobd *j);

/* ---- jobd_settle.c */

/* Notes how a run ended; `error` is copied. */
void settle_add(struct jobd *j, struct work *w, const char *said,
    const char *error, double floor_s);
/* One that is ours by the database's word alone, see jobd_sweep.c. */
void settle_stray(struct jobd *j, int64_t id, int64_t epoch);
/* When what has ended is to be sent; INT64_MAX: there is nothing. */
int64_t settle_next_ms(const struct jobd *j);
/* job_finish's arguments for `list`, whose works are being settled now. */
enum { SETTLE_ARGS = 6 };
void settle_args(
    struct arena *mem, const struct works *list, struct arg args[SETTLE_ARGS]);
/* What became of one of them. */
void settle_row(struct jobd *j, int64_t id, const char *became);
/* That was all: they are forgotten. Who was not named was refused. */
void settle_heard(struct jobd *j, struct works *list);
/* One by one, after the database would not have them together. */
void settle_each(struct jobd *j, struct works *list);

/* ---- jobd_claim.c */

void claim_ask(struct jobd *j, const char *by); /* counted when not NULL */
/* When to ask for more; INT64_MAX: there is no room. */
int64_t claim_next_ms(const struct jobd *j);
/* job_take's arguments. */
enum { CLAIM_ARGS = 7 };
void claim_args(struct jobd *j, struct arena *mem, const int64_t room[ROOMS],
    struct arg args[CLAIM_ARGS]);
/* What was claimed begins to wait for a child. */
void claim_heard(
    struct jobd *j, const int64_t room[ROOMS], const struct rows *rows);

/* ---- jobd_turn.c */

/* Sends what has ended and asks for more, in one transaction, and does not
 * wait. */
void turn_send(struct jobd *j);
/* Reads the answer, once it is there. */
void turn_take(struct jobd *j);
/* What to wait for while one is under way. */
struct wait_fd turn_fd(const struct jobd *j);
/* Waits for the answer until then. */
void turn_end(struct jobd *j, int64_t until_ms);
/* What is under way, and all that has ended, is forgotten. */
void turn_discard(struct jobd *j);

/* ---- jobd_lease.c */

/* Renews the lease or takes one; a lost one ends all children. */
void lease_keep(struct jobd *j);
void lease_drop(struct jobd *j);

/* ---- jobd_sweep.c */

bool sweep_due(const struct jobd *j);
int64_t sweep_next_ms(const struct jobd *j);
void sweep_run(struct jobd *j);

/* ---- jobd_cron.c */

/* What is due by its schedule, and what waited for jobs that have failed. */
void cron_sweep(struct jobd *j);

/* ---- jobd_history.c */

/* Notes what became of an attempt, if another follows. */
void history_note(const struct work *w, const char *became);
void history_write(struct jobd *j);

/* ---- jobd_gauges.c */

/* Every ten seconds: figures, the minute's row, alerts. */
void gauges_look(struct jobd *j);
/* What was done since then is told before we go. */
void gauges_last(struct jobd *j);
/* The lease was taken or renewed. */
void gauges_lease(struct jobd *j);

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
/* The same of a failure that another cx has. */
bool db_went_of(struct jobd *j, struct cx *cx, enum rc rc, const char *at);
/* `ms` +-20 %. */
int64_t about(int64_t ms);

/* ---- jobd_handlers.c */

/* Reads handlers.conf before the first fork; RC_INPUT when it is wrong. */
enum rc handlers_start(struct jobd *j) MUST_USE;
/* Reads it again, in the children, too; what is wrong is said in the log. */
void handlers_reload(struct jobd *j);
/* Makes the schedules what it says, once it may. */
void handlers_keep(struct jobd *j);

/* ---- jobd_execd.c */

/* Where programs are run for us; before anything that is secret is read. */
enum rc execd_start(struct jobd *j) MUST_USE;
/* Whether it has ended: said once, in the log, too. */
bool execd_lost(struct jobd *j);

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
