/* API keys of ours: shown once, kept as SHA-256 (security.md D7). */
#ifndef STORE_APIKEY_H
#define STORE_APIKEY_H

#include "io/db.h"

struct apikey {
	const char *id;
	int64_t shop_id; /* 0: the operator's */
	const char *shop; /* domain; in apikey_find only */
	const char *status; /* the shop's; in apikey_find only */
	bool operator;
	const char *label;
	const char *prefix; /* its first characters, to know it by */
	const char *const *scopes;
	size_t n_scopes;
	int64_t created_at;
	int64_t expires_at; /* 0: never */
	int64_t last_used_at; /* 0: never yet */
	int64_t revoked_at; /* 0: it is not */
	bool stale; /* last_used_at is older than a minute */
};

/* Every scope a key may have, ended by NULL; "*" is all of them. */
extern const char *const apikey_scopes[];

/*
 * Makes a key for cx->shop_id (0: the operator); `label`, `scopes` and `days`
 * (0: never lapses) from *key, the rest is filled in. *secret is the key
 * itself, sk_ + 43 base62 + 6 hex digits of checksum.
 */
enum rc apikey_mint(struct cx *cx, struct apikey *key, int64_t days,
    const char **secret) MUST_USE;

/* Whether a list of scopes has this one, or all. */
bool scope_in(const char *const *scopes, size_t n, const char *scope);

/* A live one; RC_ABSENT whatever is wrong with it. */
enum rc apikey_find(
    struct cx *cx, const char *secret, struct apikey *out) MUST_USE;

enum rc apikey_used(struct cx *cx, int64_t shop_id, const char *id) MUST_USE;

/* As session_list; revoked ones too. */
enum rc apikey_list(struct cx *cx, int64_t shop_id, const char *after,
    int limit, struct apikey **out, size_t *n) MUST_USE;

/* Revokes; RC_ABSENT when the shop has no such live key. */
enum rc apikey_drop(struct cx *cx, int64_t shop_id, const char *id) MUST_USE;

#endif
