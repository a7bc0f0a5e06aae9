/* UUIDv7 (RFC 9562 5.7): ids of ours that sort by time. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/cx.h"

/* A new one as 36 characters; RC_BUSY when the kernel gives no random bytes. */
enum rc uuid_mint(struct cx *cx, const char **out) MUST_USE;

/* Whether the text is a UUID in its 36-character form, any version. */
bool uuid_ok(const char *text);

#endif
