/* Keys: a shop's key wrapped by a KEK, a subject's salt (design.md 6). */
#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include "io/blob.h"
#include "io/db.h"

/* Whose data it is: a customer ('c') or an order without one ('o'). */
struct subject {
	char kind;
	int64_t id;
};

/* May a missing key be made? A reader must not. */
enum keys_make { KEYS_AS_THEY_ARE, KEYS_MAKE };

struct salt {
	struct subject subject;
	unsigned char bytes[32];
};

/* A shop's keys, opened; wiped with the arena. */
struct keys {
	int64_t shop_id;
	struct blob_key *list; /* the sealing one first */
	size_t n;
	struct salt *salts; /* of the subjects asked for, sorted */
	size_t n_salts;
};

/* The shop's keys; RC_ABSENT when it has none and none may be made. */
enum rc keys_load(struct cx *cx, int64_t shop_id, enum keys_make make,
    struct keys *out) MUST_USE;

/*
 * Adds the salts of these subjects, in one or two round trips; with KEYS_MAKE
 * missing ones are made. One that was forgotten has none afterwards.
 */
enum rc keys_subjects(struct cx *cx, struct keys *keys, enum keys_make make,
    const struct subject *list, size_t n) MUST_USE;

/* The key of a subject under the shop's key number `key_id` (0: the sealing
 * one). RC_ABSENT: no salt (forgotten, or not asked for). */
enum rc keys_subject(struct cx *cx, const struct keys *keys,
    struct subject subject, uint32_t key_id, struct blob_key *out) MUST_USE;

/* The shop's own key of that number; NULL when there is none. */
const struct blob_key *keys_find(const struct keys *keys, uint32_t key_id);

#endif
