/*
 * Blobs that their maker cannot open (security.md D2, ver 2; design.md 6): the
 * door seals to the inbox's public half by an ephemeral pair, whose public half
 * stands in the place of the salt; only the inbox's private half opens.
 *
 * ver 2 | pair's number 4 | ephemeral public 32 | nonce 12 | ciphertext | tag
 * 16
 */
#ifndef IO_INBOX_H
#define IO_INBOX_H

#include "io/blob.h"

/* What a door seals with for a minute; many threads may read it. */
struct inbox_door {
	uint32_t id; /* the pair's number */
	unsigned char ephemeral[32]; /* public */
	unsigned char secret[32];
};

/* A fresh ephemeral pair against the inbox's public half. */
enum rc inbox_door_open(struct cx *cx, uint32_t id,
    const unsigned char public[32], struct inbox_door *out) MUST_USE;

/* What stands before and behind the ciphertext. */
enum { INBOX_HEAD_BYTES = 49, INBOX_TAIL_BYTES = 16 };

/*
 * As blob_seal; each blob has a key of its own. In place: `body` has
 * INBOX_HEAD_BYTES before it and INBOX_TAIL_BYTES behind its n bytes to write
 * to, and *out begins there.
 */
enum rc inbox_seal(struct cx *cx, const struct inbox_door *door,
    const struct blob_place *place, char *body, size_t n,
    struct slice *out) MUST_USE;

/* The pair's number; false when it is no such blob. */
bool inbox_id(struct slice blob, uint32_t *id) MUST_USE;

/* As blob_open, with the pair's private half. */
enum rc inbox_open(struct cx *cx, const unsigned char private[32],
    const struct blob_place *place, struct slice blob,
    struct slice *plain) MUST_USE;

#endif
