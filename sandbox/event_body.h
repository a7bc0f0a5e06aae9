/* The bytes of an event's body, faults of the body included. */
#ifndef SANDBOX_EVENT_BODY_H
#define SANDBOX_EVENT_BODY_H

#include "event.h"
#include "payload.h"

enum { EVENT_BODY_BYTES_MAX = 16 << 20 };

/* As Shopify writes it, in cx->mem. RC_ABSENT: the topic has none we know. */
enum rc event_body(
    struct cx *cx, const struct event *e, struct slice *out) MUST_USE;

#endif
