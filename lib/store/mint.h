/* Secrets we hand out: random text, of which only the SHA-256 is kept. */
#ifndef STORE_MINT_H
#define STORE_MINT_H

#include "base/cx.h"
#include "base/text.h"

/* 256 random bits as 43 characters of base64url. */
enum rc mint_text(struct cx *cx, const char **out) MUST_USE;

/* SHA-256 of a text, 32 bytes in the arena. */
enum rc mint_hash(struct cx *cx, const char *text, struct slice *out) MUST_USE;

#endif
