/* What the two kinds of blobs share: for blob.c and inbox.c. */
#ifndef IO_BLOB_PLACE_H
#define IO_BLOB_PLACE_H

#include "io/blob.h"

enum { PLACE_HEAD_BYTES = 5 }; /* version and key's number */

/* What is not in the blob but must be the same where it is opened: the AAD of
 * a blob that begins with `head`. */
enum rc place_bytes(struct cx *cx, const unsigned char head[PLACE_HEAD_BYTES],
    const struct blob_place *place, struct slice *out) MUST_USE;

/* A blob that does not open is a fault of ours or somebody's attempt: logs it
 * as a security event. RC_BUG. */
enum rc blob_refuse(
    struct cx *cx, const struct blob_place *place, const char *why) MUST_USE;

/* The key's number in a blob of this version and least length; false when it
 * is none. */
bool place_key_id(struct slice blob, unsigned char version, size_t least,
    uint32_t *id) MUST_USE;

/* Big-endian. */
void number_put(unsigned char *out, size_t n, uint64_t value);

#endif
