/* Something happened on a shop: who subscribes gets a delivery, by the spool.
 */
#ifndef SANDBOX_EVENT_H
#define SANDBOX_EVENT_H

#include "base/conf.h"
#include "sandbox.h"
#include "spool.h"

struct event {
	const struct shop *shop;
	const char *topic; /* "orders/updated" */
	const void *thing; /* the body is of; NULL: the shop, or `body` */
	struct slice body; /* JSON; n is 0: as payload.c has it */
	int64_t number; /* shown in the body as sandbox_number; 0: none */
	int64_t in_ms; /* sent so much later than now */
	const char *uri; /* to there alone; NULL: to who subscribes */
};

/* Deliveries of some events, as one batch. */
struct outbox {
	struct spool spool;
	struct cx scratch; /* its memory lasts for one event */
	struct secret secret;
	const char *folder; /* NULL: nothing is kept, so nothing is sent */
	int ledger; /* for what a fault drops; -1: not open */
	struct gather ids; /* of the deliveries, in order */
};

/* RC_BUSY when the spool cannot be written; RC_INPUT when the fault that asks
 * for the previous secret meets none. What failed to begin sends nothing. */
enum rc outbox_begin(struct cx *cx, struct outbox *o) MUST_USE;
/* RC_ABSENT when the topic has no body that we know. */
enum rc outbox_add(
    struct cx *cx, struct outbox *o, const struct event *e) MUST_USE;
enum rc outbox_end(struct cx *cx, struct outbox *o) MUST_USE;
/* Gives up what was begun; nothing after outbox_end. */
void outbox_forget(struct outbox *o);

/* Whether anyone gets this topic from this shop. */
bool event_wanted(const char *shop, const char *topic);

/* Reads what became of deliveries; takes subscriptions away that failed eight
 * times running. */
void event_follow(struct cx *cx);

#endif
