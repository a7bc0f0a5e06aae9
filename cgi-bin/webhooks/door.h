/* One delivery's check, and what all checks look into. */
#ifndef DOOR_H
#define DOOR_H

#include "web/ingest.h"

/*
 * Fills the item from a delivery: signature first, over the raw bytes, then the
 * headers; the body is sealed where it lies. RC_AUTH for a signature that is
 * absent or wrong, and for a signature, topic, shop or delivery id that came
 * twice or differs between the families of names; `reason` says which. RC_INPUT
 * names the header at fault; RC_BUSY before the inbox has a key, or when it may
 * be an old one.
 */
enum rc door_check(struct cx *cx, struct ingest_item *item) MUST_USE;

/* Looks for a newer inbox key and newer secrets, and makes a new ephemeral pair
 * once a minute. */
enum rc door_tick(struct cx *cx) MUST_USE;

#endif
