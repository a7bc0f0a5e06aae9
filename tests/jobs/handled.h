/* A job run by its handler, as jobd's child would run it. */
#ifndef TEST_HANDLED_H
#define TEST_HANDLED_H

#include "../../jobs/jobd_frame.h"
#include "shop.h"
#include "store/job.h"

/*
 * Claims the oldest job of this kind that is ready, runs it with a context of
 * its own, and settles it as jobd would; the test ends when there is none.
 * Gives what the child said: `said`, and `words` when it was nothing good.
 */
struct frame handled(enum job_kind kind);

/* The same, but before the run the job has gone to another jobd. */
struct frame handled_late(enum job_kind kind);

/* Only the last words are left: it died for this reason. */
struct frame buried(enum job_kind kind, const char *why);

/* Checks that the run ended so, and said so. */
void handled_said(enum job_said want, const char *part, struct frame frame);

/* Checks that it ended well, in its own transaction or behind it. */
void handled_well(struct frame frame);

#endif
