/* Browser sessions: 256 random bits in a cookie, their SHA-256 here (D6). */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "io/db.h"

struct session {
	const char *id;
	int64_t shop_id; /* 0: the operator's */
	const char *shop; /* domain; NULL: the operator's, or in a list */
	const char *status; /* the shop's */
	int32_t epoch; /* the shop's */
	bool operator;
	int64_t user_id; /* Shopify's staff user, or 0 */
	const char *agent;
	int64_t created_at;
	int64_t seen_at;
	int64_t expires_at;
	int64_t idle_until;
	bool stale; /* seen_at is older than a minute: session_seen is due */
};

/*
 * Begins one for cx->shop_id (0: the operator) and gives the cookie's value,
 * which is kept nowhere. `shop_epoch` ends it at a reinstall.
 */
enum rc session_mint(struct cx *cx, int64_t user_id, const char *agent,
    int32_t shop_epoch, struct session *out, const char **cookie) MUST_USE;

/* A live one by its cookie; RC_ABSENT whatever is wrong. */
enum rc session_find(
    struct cx *cx, const char *cookie, struct session *out) MUST_USE;

/* It was used: its idle life begins anew. */
enum rc session_seen(struct cx *cx, int64_t shop_id, const char *id) MUST_USE;

/* Live sessions of a shop (0: the operator's), newest first, behind id `after`
 * (NULL: from the newest). */
enum rc session_list(struct cx *cx, int64_t shop_id, const char *after,
    int limit, struct session **out, size_t *n) MUST_USE;

/* Ends one, at once; RC_ABSENT when the shop has none of that id. Outside any
 * transaction. */
enum rc session_drop(struct cx *cx, int64_t shop_id, const char *id) MUST_USE;

/*
 * After a commit that raised the shop's epoch: its older sessions are dead by
 * that; this makes their hot copies so, see hot_end (store/cache.h).
 */
enum rc session_shop_end(struct cx *cx, int64_t shop_id) MUST_USE;

#endif
