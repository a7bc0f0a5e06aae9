/* What the files of lib/store/session share: the hot copies. */
#ifndef STORE_SESSION_IN_H
#define STORE_SESSION_IN_H

#include "store/session.h"

/* By the cookie's hash: what Postgres said a moment ago. RC_ABSENT when there
 * is none that still holds; *keep then, whether to keep what Postgres says. */
enum rc session_copy_find(
    struct cx *cx, struct slice hash, struct session *out, bool *keep) MUST_USE;
void session_copy_keep(
    struct cx *cx, struct slice hash, const struct session *session);
/* After the commit that dropped it; see hot_end. */
enum rc session_copy_end(struct cx *cx, struct slice hash) MUST_USE;

#endif
