/* Key-encryption keys: files in KEK_DIR, one a number (security.md D1). */
#ifndef STORE_KEK_H
#define STORE_KEK_H

#include "io/blob.h"

/* Reads them all; the highest number wraps. RC_INPUT names what is wrong. */
enum rc kek_start(struct cx *cx) MUST_USE;

/* The one that wraps new keys; NULL before kek_start. */
const struct blob_key *kek_newest(void);

/* By number; NULL. */
const struct blob_key *kek_find(uint32_t id);

/* Wipes them. */
void kek_stop(void);

#endif
