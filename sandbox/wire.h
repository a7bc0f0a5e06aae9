/* What goes over the wire as Shopify writes it: JSON, times, signatures. */
#ifndef SANDBOX_WIRE_H
#define SANDBOX_WIRE_H

#include "base/cx.h"
#include "base/text.h"

/*
 * JSON as Shopify's encoder has it: \/ for a slash, \u0026 \u003c \u003e for
 * & < >, \u2028 and \u2029, all else UTF-8 (shopify.md 3.2). The same value,
 * other bytes; in `mem`.
 */
struct slice wire_json(struct arena *mem, struct slice json);

/* "2026-11-24T13:17:00+01:00": a shop's own time; NULL for 0. */
const char *wire_time(
    struct arena *mem, int64_t epoch_s, int64_t offset_minutes);

/* "2023-03-29T18:00:27.877041743Z". */
const char *wire_nanos(struct arena *mem, int64_t epoch_s, int64_t nanos);

/* base64 of HMAC-SHA256 with `secret` over exactly these bytes. */
enum rc wire_hmac(struct cx *cx, struct slice secret, struct slice body,
    const char **out) MUST_USE;

/* A UUID of random bits (RFC 9562 5.4), as Shopify's delivery ids are. */
enum rc wire_uuid(struct cx *cx, const char **out) MUST_USE;

#endif
