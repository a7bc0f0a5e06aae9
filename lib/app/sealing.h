/* Sealing and opening one thing under the key of whose data it is. */
#ifndef APP_SEALING_H
#define APP_SEALING_H

#include "store/keyring.h"

/* Subject kind 's' is the shop itself; shop 0's own key seals what belongs to
 * no shop. `out` in the arena. RC_ABSENT (not noted), p NULL: the subject was
 * forgotten. */
enum rc sealing_seal(struct cx *cx, struct subject subject,
    const struct blob_place *place, int64_t shop_id, struct slice plain,
    struct slice *out) MUST_USE;

/* *out is text, or NULL when its key is destroyed: dark for good. */
enum rc sealing_open(struct cx *cx, struct subject subject,
    const struct blob_place *place, int64_t shop_id, struct slice blob,
    const char **out) MUST_USE;

#endif
