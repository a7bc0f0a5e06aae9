/* The rules of tokens. */
#include <string.h>

#include "base/code.h"
#include "grants.h"
#include "io/crypt.h"

enum { TOKEN_BYTES = 16, MIGRATION_S = 7 * 24 * 3600 };

static const struct refusal bad_code = { 400, "invalid_request",
	"The authorization code was not found or was already used" };
static const struct refusal dead_refresh = { 401, "invalid_request",
	"This request requires an active refresh_token" };
static const struct refusal bad_subject = { 400, "invalid_subject_token",
	"The subject token is not a valid offline access token" };

static enum rc
refuse(const struct refusal *why, struct refusal *no)
{
	*no = *why;
	return RC_DENIED;
}

/* ---- finding */

static struct access *
find_access(const struct grants *g, const char *shop, const char *token)
{
	struct access *a;

	for (a = g->access; a != NULL; a = a->next)
		if (text_same(a->token, token) && text_same(a->shop, shop))
			return a;
	return NULL;
}

static struct refresh *
find_refresh(const struct grants *g, const char *shop, const char *token)
{
	struct refresh *r;

	for (r = g->refresh; r != NULL && token != NULL; r = r->next)
		if (text_same(r->token, token) && text_same(r->shop, shop))
			return r;
	return NULL;
}

const struct access *
grants_access(
    const struct grants *g, const char *shop, const char *token, int64_t now)
{
	const struct access *a = find_access(g, shop, token);

	if (a == NULL || a->dead)
		return NULL;
	return a->expires_at != 0 && now >= a->expires_at ? NULL : a;
}

const struct install *
grants_install(const struct grants *g, const char *shop)
{
	const struct install *i;

	for (i = g->installs; i != NULL; i = i->next)
		if (text_same(i->shop, shop))
			return i;
	return NULL;
}

/* ---- making */

static enum rc
mint(struct cx *cx, struct grants *g, const char *prefix, const char **out)
{
	unsigned char bytes[TOKEN_BYTES];

	TRY(crypt_random(cx, bytes, sizeof(bytes)));
	*out = text_fmt(
	    g->mem, "%s%s", prefix, hex_of(cx->mem, bytes, sizeof(bytes)));
	return RC_OK;
}

static void
note_install(struct grants *g, const char *shop, const char *scope, int64_t now)
{
	struct install *i =
	    (struct install *)(uintptr_t)grants_install(g, shop);

	if (i == NULL) {
		i = ARENA_NEW(g->mem, struct install);
		i->shop = text_dup(g->mem, shop);
		i->installed_at = now;
		i->next = g->installs;
		g->installs = i;
	}
	i->scope = text_dup(g->mem, scope);
}

static int64_t
life_of(const struct rules *rules, enum access_kind kind)
{
	switch (kind) {
	case ACCESS_EXPIRING:
		return rules->access_token_s;
	case ACCESS_ONLINE:
		return rules->online_token_s;
	case ACCESS_CLIENT:
		return rules->client_token_s;
	case ACCESS_FOREVER:
		break;
	}
	return 0;
}

static enum rc
new_access(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, enum access_kind kind, int64_t now,
    struct issued *out)
{
	struct access *a = ARENA_NEW(g->mem, struct access);

	TRY(mint(
	    cx, g, kind == ACCESS_ONLINE ? "shpua_" : "shpat_", &a->token));
	a->shop = text_dup(g->mem, shop);
	a->scope = text_dup(g->mem, scope);
	a->kind = (int64_t)kind;
	a->expires_at = kind == ACCESS_FOREVER ? 0 : now + life_of(rules, kind);
	a->next = g->access;
	g->access = a;
	out->access = a;
	return RC_OK;
}

static enum rc
new_refresh(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, int64_t now, struct issued *out)
{
	struct refresh *r = ARENA_NEW(g->mem, struct refresh);

	TRY(mint(cx, g, "shprt_", &r->token));
	r->shop = text_dup(g->mem, shop);
	r->scope = text_dup(g->mem, scope);
	r->expires_at = now + rules->refresh_token_s;
	r->next = g->refresh;
	g->refresh = r;
	out->refresh = r;
	return RC_OK;
}

static enum rc
new_pair(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, int64_t now, struct issued *out)
{
	TRY(new_access(cx, g, rules, shop, scope, ACCESS_EXPIRING, now, out));
	return new_refresh(cx, g, rules, shop, scope, now, out);
}

/* The same token each time, as long as its scopes are. */
static const struct access *
same_forever(const struct grants *g, const char *shop, const char *scope)
{
	const struct access *a;

	for (a = g->access; a != NULL; a = a->next)
		if (a->kind == ACCESS_FOREVER && !a->dead &&
		    text_same(a->shop, shop) && text_same(a->scope, scope))
			return a;
	return NULL;
}

static void
end_refreshes(struct grants *g, const char *shop)
{
	struct refresh *r;

	for (r = g->refresh; r != NULL; r = r->next)
		if (text_same(r->shop, shop))
			r->dead = 1;
}

enum rc
grants_issue(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, enum access_kind kind, int64_t now,
    struct issued *out)
{
	*out = (struct issued){ 0 };
	note_install(g, shop, scope, now);
	if (kind == ACCESS_EXPIRING || kind == ACCESS_FOREVER)
		end_refreshes(g, shop);
	if (kind == ACCESS_EXPIRING)
		return new_pair(cx, g, rules, shop, scope, now, out);
	if (kind == ACCESS_FOREVER)
		out->access = same_forever(g, shop, scope);
	if (out->access != NULL)
		return RC_OK;
	return new_access(cx, g, rules, shop, scope, kind, now, out);
}

/* ---- the grants */

enum rc
grants_code(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *scope, bool online, int64_t now,
    const char **code)
{
	struct code *c = ARENA_NEW(g->mem, struct code);

	TRY(mint(cx, g, "", &c->code));
	c->shop = text_dup(g->mem, shop);
	c->scope = text_dup(g->mem, scope);
	c->online = online;
	c->expires_at = now + rules->code_s;
	c->next = g->codes;
	g->codes = c;
	*code = c->code;
	return RC_OK;
}

enum rc
grants_redeem(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *code, bool expiring, int64_t now,
    struct issued *out, struct refusal *no)
{
	enum access_kind kind = expiring ? ACCESS_EXPIRING : ACCESS_FOREVER;
	struct code *c;

	for (c = g->codes; c != NULL; c = c->next)
		if (text_same(c->code, code) && text_same(c->shop, shop))
			break;
	if (c == NULL || c->used || now >= c->expires_at)
		return refuse(&bad_code, no);
	c->used = 1;
	if (c->online)
		kind = ACCESS_ONLINE;
	return grants_issue(cx, g, rules, shop, c->scope, kind, now, out);
}

/* Whether a refresh token that was used before may be used again. */
static bool
can_retry(const struct grants *g, const struct rules *rules,
    const struct refresh *r, int64_t now)
{
	const struct refresh *next = find_refresh(g, r->shop, r->replacement);

	return now < r->first_used_at + rules->retry_s &&
	       (next == NULL || next->first_used_at == 0);
}

enum rc
grants_refresh(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *token, int64_t now, struct issued *out,
    struct refusal *no)
{
	struct refresh *r = find_refresh(g, shop, token), *lost;

	*out = (struct issued){ 0 };
	if (r == NULL || r->dead || now >= r->expires_at)
		return refuse(&dead_refresh, no);
	if (r->first_used_at != 0 && !can_retry(g, rules, r, now))
		return refuse(&dead_refresh, no);
	lost = find_refresh(g, shop, r->replacement);
	if (lost != NULL)
		lost->dead = 1;
	if (r->first_used_at == 0)
		r->first_used_at = now;
	TRY(new_pair(cx, g, rules, shop, r->scope, now, out));
	r->replacement = out->refresh->token;
	return RC_OK;
}

/* The pair that this token became, while it may be asked for again. */
static bool
migrated(struct grants *g, const struct rules *rules, const char *shop,
    const char *old, int64_t now, struct issued *out)
{
	const struct migration *m;
	struct access *a;

	for (m = g->migrations; m != NULL; m = m->next)
		if (text_same(m->old, old) && now < m->at + MIGRATION_S)
			break;
	if (m == NULL)
		return false;
	a = find_access(g, shop, m->access);
	out->access = a;
	out->refresh = find_refresh(g, shop, m->refresh);
	if (a == NULL || out->refresh == NULL || out->refresh->dead ||
	    out->refresh->first_used_at != 0)
		return false;
	if (now >= a->expires_at)
		a->expires_at = now + rules->access_token_s;
	return true;
}

enum rc
grants_migrate(struct cx *cx, struct grants *g, const struct rules *rules,
    const char *shop, const char *old, int64_t now, struct issued *out,
    struct refusal *no)
{
	struct access *a = find_access(g, shop, old);
	struct migration *m;

	if (a == NULL || a->kind != ACCESS_FOREVER)
		return refuse(&bad_subject, no);
	if (a->dead)
		return migrated(g, rules, shop, old, now, out)
			   ? RC_OK
			   : refuse(&bad_subject, no);
	TRY(grants_issue(
	    cx, g, rules, shop, a->scope, ACCESS_EXPIRING, now, out));
	a->dead = 1;
	m = ARENA_NEW(g->mem, struct migration);
	m->old = a->token;
	m->access = out->access->token;
	m->refresh = out->refresh->token;
	m->at = now;
	m->next = g->migrations;
	g->migrations = m;
	return RC_OK;
}

void
grants_rescope(struct grants *g, const char *shop, const char *scope)
{
	struct install *i;
	struct access *a;
	struct refresh *r;

	scope = text_dup(g->mem, scope);
	for (i = g->installs; i != NULL; i = i->next)
		if (text_same(i->shop, shop))
			i->scope = scope;
	for (a = g->access; a != NULL; a = a->next)
		if (text_same(a->shop, shop) && !a->dead)
			a->scope = scope;
	for (r = g->refresh; r != NULL; r = r->next)
		if (text_same(r->shop, shop) && !r->dead)
			r->scope = scope;
}

/* ---- ending */

void
grants_revoke(struct grants *g, const char *shop)
{
	struct access *a;

	for (a = g->access; a != NULL; a = a->next)
		if (text_same(a->shop, shop))
			a->dead = 1;
}

void
grants_uninstall(struct grants *g, const char *shop)
{
	struct install **at;
	struct code *c;

	grants_revoke(g, shop);
	end_refreshes(g, shop);
	for (c = g->codes; c != NULL; c = c->next)
		if (text_same(c->shop, shop))
			c->used = 1;
	for (at = &g->installs; *at != NULL; at = &(*at)->next)
		if (text_same((*at)->shop, shop)) {
			*at = (*at)->next;
			return;
		}
}
