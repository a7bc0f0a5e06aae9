/* Shops as we know them. */
#ifndef STORE_SHOP_H
#define STORE_SHOP_H

#include "io/db.h"

struct shop {
	int64_t id; /* Shopify's own number */
	const char *domain;
	const char *name;
	const char
	    *status; /* installed, uninstalled, needs_authorization, paused */
	const char *status_reason;
	const char *currency;
	const char *country;
	const char *plan;
	const char *scopes; /* granted, a comma list */
	int32_t epoch; /* work that carries another one is void */
	int64_t installed_at;
	int64_t updated_at;
	/* The token's state; kind is NULL when there is none. */
	const char *token_kind;
	int64_t token_expires_at; /* 0: it does not */
	int64_t refresh_expires_at;
	const char *token_failed;
};

/* Everything lives as long as the request. */

/* By domain, before a caller is known: id, domain, status, epoch and scopes
 * only. RC_ABSENT when we have no such shop. */
enum rc shop_find(struct cx *cx, const char *domain, struct shop *out) MUST_USE;

/* By number; RC_ABSENT. */
enum rc shop_load(struct cx *cx, int64_t shop_id, struct shop *out) MUST_USE;

/* At most `limit` shops behind number `after`; needs cx->every_shop. */
enum rc shop_list(struct cx *cx, int64_t after, int limit, struct shop **out,
    size_t *n) MUST_USE;

/* An install or reinstall; sets shop->epoch. */
enum rc shop_save(struct cx *cx, struct shop *shop, const char *time_zone,
    const char *const *scopes, size_t n_scopes) MUST_USE;

/* What is known of it anew: its record and scopes, of the install shop->epoch.
 * RC_CONFLICT when it was installed anew since, or uninstalled. */
enum rc shop_renew(struct cx *cx, const struct shop *shop,
    const char *time_zone, const char *const *scopes, size_t n_scopes) MUST_USE;

/* Marks the shop, unless it is uninstalled or was installed anew since `epoch`;
 * reason in our words, or NULL. */
enum rc shop_mark(struct cx *cx, int64_t shop_id, int32_t epoch,
    const char *status, const char *reason) MUST_USE;

/* It was paused and can be called again: installed, as before. */
enum rc shop_resume(struct cx *cx, int64_t shop_id) MUST_USE;

/* The epoch alone: is work of `epoch` still the shop's own? RC_ABSENT. */
enum rc shop_epoch(struct cx *cx, int64_t shop_id, int32_t *out) MUST_USE;

/* Inside a transaction: is work of `epoch` still the shop's own? RC_CONFLICT
 * when not: roll back. While it is held, the shop is not installed or
 * uninstalled. */
enum rc shop_fence(struct cx *cx, int64_t shop_id, int32_t epoch) MUST_USE;

/* Uninstalled, unless it was installed again after `triggered_at` (0: not said)
 * or is uninstalled already: RC_ABSENT (not noted). Raises the epoch. */
enum rc shop_end(struct cx *cx, int64_t shop_id, int64_t triggered_at,
    int32_t *epoch) MUST_USE;

/* Erases what gives access to it or in its name: token, sessions, keys,
 * subscriptions; stops its pulls. In the caller's transaction. */
enum rc shop_forget_access(struct cx *cx, int64_t shop_id) MUST_USE;

#endif
