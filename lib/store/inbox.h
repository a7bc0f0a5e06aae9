/* The inbox's key pairs: public halves for the door, private ones for jobd. */
#ifndef STORE_INBOX_H
#define STORE_INBOX_H

#include "io/db.h"
#include "io/inbox.h"

struct inbox_public {
	uint32_t id;
	unsigned char bytes[32];
	bool fresh; /* younger than an hour */
};

/* What the door seals with now; RC_ABSENT before the first pair is made. */
enum rc inbox_public_load(struct cx *cx, struct inbox_public *out) MUST_USE;

/* Makes a pair: the wrapped private half in the keyring first, then the public
 * one where the door finds it. */
enum rc inbox_make(struct cx *cx) MUST_USE;

/* Opens what pair `id` sealed. RC_ABSENT when its private half is destroyed. */
enum rc inbox_body_open(struct cx *cx, const struct blob_place *place,
    struct slice blob, struct slice *plain) MUST_USE;

/* Destroys private halves that nothing is sealed by any more; *n says how
 * many. Needs cx->every_shop, else RC_BUG. */
enum rc inbox_destroy_spent(struct cx *cx, int64_t *n) MUST_USE;

#endif
