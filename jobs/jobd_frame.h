/*
 * What jobd and its children say to each other: one frame a datagram.
 *
 * A sync child has one run at a time; it may be sent up to SYNC_LETTERS ahead,
 * and takes them in their order. An io child may be sent any number of
 * FRAME_RUN and FRAME_BURY up to its number of tasks; it answers each with a
 * FRAME_DONE of the same id and epoch, in the order in which they end, and says
 * FRAME_BEAT once a second for as long as its loop turns. A FRAME_STOP is for
 * the run it names. The end of jobd's side of the socket tells every run that
 * goes on to stop (WHY_LEAVE); the child answers those, and ends.
 */
#ifndef JOBS_JOBD_FRAME_H
#define JOBS_JOBD_FRAME_H

#include "base/arena.h"
#include "base/text.h"

enum { FRAME_VERSION = 3, FRAME_MAX_BYTES = 64 * 1024, SYNC_LETTERS = 32 };

enum frame_type {
	FRAME_READY, /* child: I have started and wait */
	FRAME_RUN, /* run this job */
	FRAME_BURY, /* it is dead: only its handler's last words are left */
	FRAME_STOP, /* stop at a safe point, see `why` */
	FRAME_DONE, /* child: it has ended, see `said` */
	FRAME_BEAT, /* io child: its loop turns */
	FRAME_TYPES
};

/* Why a child is told to stop. */
enum frame_why { WHY_NONE, WHY_LEAVE, WHY_SOFT, WHY_CANCEL };

/* In `said`, beside the values of enum job_said: job_commit has ended it. */
enum { SAID_SETTLED = 100 };

/* Every frame has all of these; what its type does not use is 0 or empty. */
struct frame {
	enum frame_type type;
	int64_t id; /* with epoch: which run is meant */
	int64_t epoch;
	int64_t kind; /* enum job_kind */
	int64_t shop_id;
	int64_t shop_epoch;
	int64_t
	    shop_now; /* its epoch when this was claimed; -1: no such shop */
	int64_t attempt;
	int64_t max_attempts;
	int64_t soft_ms; /* for the words only */
	int64_t why; /* enum frame_why */
	int64_t said; /* enum job_said, or SAID_SETTLED */
	int64_t floor_ms; /* not again before that */
	int64_t rss_kb; /* the most the child ever had in memory */
	struct slice args; /* JSON */
	struct slice trace; /* the request that put the job */
	struct slice words; /* what went wrong, for people */
};

/*
 * Both ends are SOCK_SEQPACKET; neither function ever waits, and a broken peer
 * is theirs to say, not a failure that is noted.
 *
 * RC_TOO_BIG past FRAME_MAX_BYTES, RC_BUSY when the peer reads too slowly,
 * RC_STOPPED when it has gone.
 */
enum rc frame_send(struct arena *mem, int fd, const struct frame *f) MUST_USE;

/*
 * RC_ABSENT when nothing has come, RC_STOPPED at the peer's end, RC_INPUT for
 * what is no frame of this version. Texts are terminated and in the arena.
 */
enum rc frame_take(struct arena *mem, int fd, struct frame *out) MUST_USE;

/* A frame in bytes and back, for the two above and the tests. */
enum rc frame_pack(
    struct arena *mem, const struct frame *f, struct slice *out) MUST_USE;
enum rc frame_unpack(
    struct arena *mem, struct slice bytes, struct frame *out) MUST_USE;

#endif
