/* A reply: complete before its first byte leaves, so the status is true. */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include "base/buf.h"
#include "base/cx.h"
#include "base/json.h"

enum { REPLY_MAX_BYTES = 8 << 20, REPLY_HEADERS_MAX = 24 };

struct reply {
	int status;
	const char *type; /* Content-Type */
	struct {
		const char *name, *value;
	} headers[REPLY_HEADERS_MAX];
	size_t n_headers;
	struct buf body;
	struct jw jw;
};

/* Begins a JSON object as the body; end it with jw_close + jw_end, or
 * reply_end. */
struct jw *reply_json(struct reply *rp, int status);
enum rc reply_end(struct reply *rp) MUST_USE; /* closes the object */

/* No body (204, 302 with Location, 304). */
enum rc reply_empty(struct reply *rp, int status) MUST_USE;

/* Any other body; `type` as Content-Type with its charset. */
enum rc reply_bytes(struct reply *rp, int status, const char *type,
    struct slice bytes) MUST_USE;

/* Adds a header; a second one of the same name but Set-Cookie replaces it. */
void reply_header(struct reply *rp, const char *name, const char *value);

/* A header that was added, or NULL. */
const char *reply_header_of(const struct reply *rp, const char *name);

/* Set-Cookie with the __Host- rules: Secure, HttpOnly, SameSite=Lax, Path=/. */
void reply_cookie(struct cx *cx, struct reply *rp, const char *name,
    const char *value, int64_t max_age_s); /* 0 drops it */

/* problem+json (RFC 9457) from cx->fault: type, title, status, detail, code,
 * request_id, and errors[{field, rule, got}] where a field was named. */
void reply_problem(struct cx *cx, struct reply *rp, enum rc rc);

#endif
