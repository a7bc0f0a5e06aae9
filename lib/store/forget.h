/* Forgetting, on the keyring's side: what must never be known again, and the
 * keys that would tell (design.md 6). First the tombstones, then the rows of
 * the other database go, then the keys; all of it may be done twice. */
#ifndef STORE_FORGET_H
#define STORE_FORGET_H

#include "store/keyring.h"

/* Tombstones: no salt is made for these subjects any more, so what comes late
 * about them cannot be sealed. `reason` is one of our words. */
enum rc forget_note(struct cx *cx, int64_t shop_id, const struct subject *list,
    size_t n, const char *reason) MUST_USE;
/* The shop as a whole; a reinstall lifts it. */
enum rc forget_note_shop(
    struct cx *cx, int64_t shop_id, const char *reason) MUST_USE;

/* The shop installs the app again: it may have a key. */
enum rc forget_lift(struct cx *cx, int64_t shop_id) MUST_USE;

/* Destroys their salts: nothing that was sealed for them opens again, in no
 * dump of the other database. */
enum rc forget_subjects(struct cx *cx, int64_t shop_id,
    const struct subject *list, size_t n) MUST_USE;
/* Destroys all of the shop's keys and salts. */
enum rc forget_shop(struct cx *cx, int64_t shop_id) MUST_USE;

struct forgotten {
	int64_t shop_id;
	struct subject subject; /* kind 's': the whole shop */
};

/*
 * What was forgotten behind what the other database knows of, as a restored
 * dump does not: at most `most`, by shop. *until is the newest of them all, for
 * forgotten_done. Needs cx->every_shop.
 */
enum rc forgotten_list(struct cx *cx, size_t most, struct forgotten **out,
    size_t *n, const char **until) MUST_USE;
/* The other database has none of them any more. */
enum rc forgotten_done(struct cx *cx, const char *until) MUST_USE;

#endif
