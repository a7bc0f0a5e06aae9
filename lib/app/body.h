/* A webhook's body: opened, read, and sealed anew by whose data it is. */
#ifndef APP_BODY_H
#define APP_BODY_H

#include "base/json.h"
#include "shopify/topic.h"
#include "store/webhook.h"

struct body {
	const struct webhook *of;
	const struct topic *topic; /* NULL: we have no use for it */
	struct slice text;
	struct json payload; /* node NULL: it could not be read */
	struct subject subject; /* whose data it is; kind 's': the shop's */
};

/* Opens what the inbox sealed. RC_ABSENT (not noted) when its key is
 * destroyed: nobody opens it any more. */
enum rc body_open(
    struct cx *cx, const struct webhook *of, struct body *out) MUST_USE;

/* Under the subject's key, or the shop's own; p NULL: it is not kept, for there
 * is no shop that we know, or the subject was forgotten. */
enum rc body_seal(
    struct cx *cx, const struct body *body, struct slice *out) MUST_USE;

/* Its job ended for good: `why` is noted, and the inbox's key is needed no
 * more. What nobody can open is not kept. */
enum rc body_fail(
    struct cx *cx, const struct webhook *w, const char *why) MUST_USE;

/* The same for those where that did not succeed then, some at a time; *n says
 * how many. Needs cx->every_shop. */
enum rc body_fail_late(struct cx *cx, size_t *n) MUST_USE;

#endif
