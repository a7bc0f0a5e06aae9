/* Signatures by Standard Webhooks 1.0 (standardwebhooks.com), version v1. */
#ifndef APP_HANDLER_SIGN_H
#define APP_HANDLER_SIGN_H

#include "base/conf.h"
#include "base/cx.h"
#include "base/text.h"

/*
 * "v1,BASE64", one for each secret with a blank between: HMAC-SHA256 over
 * id.timestamp.body. A secret is "whsec_" and base64 of 24 to 64 bytes, else
 * RC_INPUT; the sentence shows none of it.
 */
enum rc handler_sign(struct cx *cx, const struct secret *secrets, size_t n,
    const char *id, int64_t timestamp, struct slice body,
    const char **out) MUST_USE;

#endif
