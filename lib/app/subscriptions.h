/* Webhook subscriptions: compared with what we need, and made where they are
 * missing (shopify.md 3.4). */
#ifndef APP_SUBSCRIPTIONS_H
#define APP_SUBSCRIPTIONS_H

#include "store/job.h"
#include "store/shop.h"

struct subscriptions_found {
	int64_t right; /* there, and delivering to us */
	int64_t made;
	int64_t moved; /* delivered elsewhere */
	int64_t refused;
	const char
	    *why; /* the topic of the first refusal, and Shopify's words */
};

/* The job that compares them; its text lives in cx->mem. */
struct job_new subscriptions_job(
    struct cx *cx, const struct shop *shop, enum job_priority priority);

/* Puts the job that compares them; after an install. */
enum rc subscriptions_put(struct cx *cx, const struct shop *shop) MUST_USE;

/*
 * Asks Shopify for the shop's subscriptions, makes those that are missing for
 * scopes it granted, points those at us that deliver elsewhere, and notes all.
 * Safe to do twice. Codes as shop_call's; RC_REMOTE when Shopify refuses one,
 * with its own words, after all the others are done.
 */
enum rc subscriptions_compare(struct cx *cx, const struct shop *shop,
    struct subscriptions_found *out) MUST_USE;

#endif
