/* OAuth states: one use, ten minutes, bound to browser and shop (SEC-2). */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "io/db.h"

/* Makes a state for `shop` and the value of the cookie it is bound to. */
enum rc state_mint(struct cx *cx, const char *shop, const char **state,
    const char **cookie) MUST_USE;

/* Takes it, once. RC_AUTH, in the same words, when it is unknown, used, too
 * old, of another shop or of another browser. */
enum rc state_take(struct cx *cx, const char *state, const char *cookie,
    const char *shop) MUST_USE;

#endif
