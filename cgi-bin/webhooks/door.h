/* One delivery's check, and what all checks look into. */
#ifndef DOOR_H
#define DOOR_H

#include "web/ingest.h"

/*
 * Fills the item from a delivery: signature first, over the raw bytes, then the
 * headers; the body is sealed where it lies. RC_AUTH for a signature that is
 * absent, doubled or wrong, and `reason` says which; RC_INPUT names the header
 * at fault; RC_BUSY before the inbox has a key, or when it may be an old one.
 */
enum rc door_check(struct cx *cx, struct ingest_item *item) MUST_USE;

/* Looks for a newer inbox key and newer secrets, and makes a new ephemeral pair
 * once a minute. */
enum rc door_tick(struct cx *cx) MUST_USE;

#endif
