/* App Bridge's session tokens: minted for tests, verified for the exchange. */
#ifndef SANDBOX_JWT_H
#define SANDBOX_JWT_H

#include "base/json.h"
#include "sandbox.h"

/*
 * Mints one for the shop. `in` may have: skew_s (of exp, nbf, iat), aud, iss,
 * dest, sub, sid, alg ("none", or any word to stand in the head), secret
 * ("previous", "wrong"), drop (list of claims left out).
 */
enum rc jwt_mint(
    struct cx *cx, const char *shop, struct json in, const char **out) MUST_USE;

/* RC_AUTH unless it is good, now, for this shop and our client id. */
enum rc jwt_verify(struct cx *cx, const char *shop, const char *token) MUST_USE;

#endif
