/* What tests of the queue share: claims and ends by SQL, and many at once. */
#ifndef TEST_QUEUE_H
#define TEST_QUEUE_H

#include "shop.h"
#include "store/job.h"

/* A jobd that lives for an hour claims every job that is ready. */
void test_claim(void);

/* The job's run ends, or it is settled without one. */
void test_end(int64_t id, const char *said);

/* Puts one of SHOP, as `job` says besides; gives its number. */
int64_t test_put(const char *unique, double delay_s);

/*
 * Runs `work` in `n` processes at once, each with connections of its own as
 * `program`; the case fails when one of them does not give RC_OK.
 */
typedef enum rc together_fn(struct cx *cx, int i);
void test_together(int n, const char *program, together_fn *work);

#endif
