/* Ending a job from outside. */
#ifndef STORE_CANCEL_H
#define STORE_CANCEL_H

#include "io/db.h"

/*
 * One job that cx may see: it has ended (*asked false), or it runs and its jobd
 * was told to stop it (true). RC_ABSENT when no such job lives.
 */
enum rc cancel_job(struct cx *cx, int64_t id, bool *asked) MUST_USE;

#endif
