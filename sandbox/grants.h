/* Codes, tokens and installations: what the token end point gives and takes
 * (shopify.md 2.3 to 2.7). All texts lie in `mem`, as long as the process. */
#ifndef SANDBOX_GRANTS_H
#define SANDBOX_GRANTS_H

#include "base/json.h"
#include "rules.h"

enum access_kind {
	ACCESS_EXPIRING,
	ACCESS_FOREVER, /* an offline token that does not expire */
	ACCESS_ONLINE,
	ACCESS_CLIENT /* of the client credentials grant */
};

struct access {
	const char *token;
	const char *shop;
	const char *scope;
	int64_t kind;
	int64_t expires_at; /* 0: never */
	int64_t dead;
	struct access *next;
};

struct refresh {
	const char *token;
	const char *shop;
	const char *scope;
	const char *replacement; /* given for it last, or NULL */
	int64_t expires_at;
	int64_t first_used_at;
	int64_t dead;
	struct refresh *next;
};

struct code {
	const char *code;
	const char *shop;
	const char *scope;
	int64_t online;
	int64_t expires_at;
	int64_t used;
	struct code *next;
};

struct install {
	const char *shop;
	const char *scope;
	int64_t installed_at;
	struct install *next;
};

/* A non-expiring token that was exchanged for a pair; asked again within seven
 * days it gives the same one. */
struct migration {
	const char *old;
	const char *access;
	const char *refresh;
	int64_t at;
	struct migration *next;
};

struct grants {
	struct arena *mem;
	struct access *access;
	struct refresh *refresh;
	struct code *codes;
	struct install *installs;
	struct migration *migrations;
};

/* What a grant gives. */
struct issued {
	const struct access *access;
	const struct refresh *refresh; /* NULL: none */
};

/* Why not, as the token end point says it. */
struct refusal {
	int status;
	const char *error;
	const char *description;
};

/* The four below give RC_OK and what was issued, or RC_DENIED and why not. */

/* A code can be redeemed once, by the shop it was made for. */
enum rc grants_redeem(struct cx *cx, struct grants *g,
    const struct rules *rules, const char *shop, const char *code,
    bool expiring, int64_t now, struct issued *out,
    struct refusal *no) MUST_USE;

/*
 * Both tokens new; the access token before them lives out its hour. A refresh
 * token can be used again, for another pair, until its replacement has been
 * used: the pair before that one is then lost.
 */
enum rc grants_refresh(struct cx *cx, struct grants *g,
    const struct rules *rules, const char *shop, const char *token, int64_t now,
    struct issued *out, struct refusal *no) MUST_USE;

/* A new token for the shop; older refresh tokens die, old access tokens live
 * out their time. */
enum rc grants_issue(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, enum access_kind kind, int64_t now,
    struct issued *out) MUST_USE;

/* A non-expiring token for an expiring pair, for good. */
enum rc grants_migrate(struct cx *cx, struct grants *g,
    const struct rules *rules, const char *shop, const char *old, int64_t now,
    struct issued *out, struct refusal *no) MUST_USE;

/* A new code. */
enum rc grants_code(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, bool online, int64_t now,
    const char **code) MUST_USE;

/* The live token, or NULL. */
const struct access *grants_access(
    const struct grants *g, const char *shop, const char *token, int64_t now);

const struct install *grants_install(const struct grants *g, const char *shop);

/* The app is off the shop: every token of it is dead. */
void grants_uninstall(struct grants *g, const char *shop);

/* The shop's live tokens and its install have these scopes from now on. */
void grants_rescope(struct grants *g, const char *shop, const char *scope);

/* Every access token of the shop dies, as when someone revokes them. */
void grants_revoke(struct grants *g, const char *shop);

/* To and from the state file. */
void grants_write(struct jw *w, const char *name, const struct grants *g);
void grants_read(struct grants *g, struct json in);

#endif
