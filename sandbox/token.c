/* The token end point: four grants (shopify.md 2.3 to 2.7). */
#include <string.h>
#include <time.h>

#include "base/conf.h"
#include "ends.h"
#include "io/crypt.h"
#include "jwt.h"
#include "say.h"
#include "scopes.h"

#define EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
#define ID_TOKEN "urn:ietf:params:oauth:token-type:id_token"
#define OFFLINE "urn:shopify:params:oauth:token-type:offline-access-token"
#define ONLINE "urn:shopify:params:oauth:token-type:online-access-token"

enum { BODY_BYTES_MAX = 64 << 10 };

/* One call: its parameters, and what comes of it. */
struct call {
	const char *shop;
	struct pairs in;
	const char *grant; /* for the ledger */
	const struct fault_switch *fault;
	struct issued issued;
	struct refusal no;
};

typedef enum rc grant_fn(struct cx *cx, struct call *c);

static enum rc
refuse(struct call *c, int status, const char *error, const char *description)
{
	c->no = (struct refusal){ status, error, description };
	return RC_DENIED;
}

static const char *
param(const struct call *c, const char *name)
{
	const char *value = pairs_find(&c->in, name);

	return value != NULL ? value : "";
}

/* ---- the grants */

static enum rc
by_code(struct cx *cx, struct call *c)
{
	struct sandbox *s = sandbox();

	return grants_redeem(cx, &s->grants, &s->rules, c->shop,
	    param(c, "code"), text_same(param(c, "expiring"), "1"),
	    sandbox_now(), &c->issued, &c->no);
}

static enum rc
by_refresh(struct cx *cx, struct call *c)
{
	struct sandbox *s = sandbox();

	return grants_refresh(cx, &s->grants, &s->rules, c->shop,
	    param(c, "refresh_token"), sandbox_now(), &c->issued, &c->no);
}

/* As it was installed or, the first time, what the app's TOML would say. */
static const char *
scope_of(struct cx *cx, const char *shop)
{
	const struct sandbox *s = sandbox();
	const struct install *i = grants_install(&s->grants, shop);

	return i != NULL ? i->scope
			 : scopes_grant(cx, s->settings.scopes,
			       s->rules.all_orders != 0);
}

static enum rc
by_client(struct cx *cx, struct call *c)
{
	struct sandbox *s = sandbox();

	if (!s->rules.client_credentials)
		return refuse(c, 400, "shop_not_permitted",
		    "Client credentials cannot be performed on this shop.");
	return grants_issue(cx, &s->grants, &s->rules, c->shop,
	    scope_of(cx, c->shop), ACCESS_CLIENT, sandbox_now(), &c->issued);
}

static enum rc
by_exchange(struct cx *cx, struct call *c)
{
	struct sandbox *s = sandbox();
	const char *subject = param(c, "subject_token");
	const char *wanted = param(c, "requested_token_type");
	enum access_kind kind = text_same(param(c, "expiring"), "1")
				    ? ACCESS_EXPIRING
				    : ACCESS_FOREVER;

	if (text_same(param(c, "subject_token_type"), OFFLINE) &&
	    text_same(wanted, OFFLINE) && kind == ACCESS_EXPIRING)
		return grants_migrate(cx, &s->grants, &s->rules, c->shop,
		    subject, sandbox_now(), &c->issued, &c->no);
	if (!text_same(param(c, "subject_token_type"), ID_TOKEN) ||
	    (!text_same(wanted, OFFLINE) && !text_same(wanted, ONLINE)))
		return refuse(c, 400, "invalid_request",
		    "Unknown subject_token_type or requested_token_type");
	if (jwt_verify(cx, c->shop, subject) != RC_OK) {
		rc_forget(cx);
		return refuse(c, 400, "invalid_subject_token",
		    "The subject token is expired or not valid");
	}
	if (text_same(wanted, ONLINE))
		kind = ACCESS_ONLINE;
	return grants_issue(cx, &s->grants, &s->rules, c->shop,
	    scope_of(cx, c->shop), kind, sandbox_now(), &c->issued);
}

static const struct {
	const char *type; /* grant_type */
	const char *name; /* in the ledger */
	grant_fn *run;
} grants[] = {
	{ "", "authorization_code", by_code }, /* as apps have always done */
	{ "authorization_code", "authorization_code", by_code },
	{ "refresh_token", "refresh_token", by_refresh },
	{ EXCHANGE, "token_exchange", by_exchange },
	{ "client_credentials", "client_credentials", by_client },
};

enum { GRANTS = sizeof(grants) / sizeof(grants[0]) };

/* ---- the request */

/* A JSON object's text, number and yes-or-no members as parameters. */
static enum rc
read_json(struct cx *cx, struct slice body, struct pairs *out)
{
	struct jmember *m;
	struct pair *items;
	struct json j;
	size_t i, n;

	TRY(json_read(cx, body, BODY_BYTES_MAX, RC_INPUT, &j));
	n = jmembers(cx->mem, j, &m);
	items = ARENA_ARRAY(cx->mem, struct pair, n + 1);
	for (i = 0; i < n; i++)
		items[i] = (struct pair){ m[i].name,
			jtext_or(m[i].value, "", jtext(cx->mem, m[i].value)) };
	*out = (struct pairs){ items, n };
	return RC_OK;
}

static enum rc
read_body(struct cx *cx, const struct req *rq, struct pairs *out)
{
	const char *type = req_header(rq, "Content-Type");

	if (type != NULL && text_starts(type, "application/json"))
		return read_json(cx, rq->raw_body, out);
	return pairs_parse(cx, rq->raw_body, out);
}

static enum rc
check_client(struct cx *cx, struct call *c)
{
	const char *given = param(c, "client_secret");
	struct secret secret, old;
	bool ok;

	if (!text_same(param(c, "client_id"), conf_text(C_SHOPIFY_API_KEY)))
		return refuse(c, 400, "application_cannot_be_found",
		    "The client_id is not that of the app");
	TRY(conf_secret(cx, C_SHOPIFY_API_SECRET_FILE, &secret));
	ok = strlen(given) == secret.n && crypt_same(given, secret.p, secret.n);
	if (!ok &&
	    conf_secret(cx, C_SHOPIFY_API_SECRET_PREVIOUS_FILE, &old) == RC_OK)
		ok = strlen(given) == old.n && crypt_same(given, old.p, old.n);
	rc_forget(cx);
	return ok ? RC_OK
		  : refuse(c, 400, "invalid_request",
			"The client_secret is not that of the app");
}

static enum rc
run_grant(struct cx *cx, struct call *c)
{
	const char *type = param(c, "grant_type");
	size_t i;

	TRY(check_client(cx, c));
	for (i = 0; i < GRANTS; i++)
		if (text_same(grants[i].type, type))
			return grants[i].run(cx, c);
	return refuse(
	    c, 400, "unsupported_grant_type", "The grant_type is none of ours");
}

/* Also of a call that fails before its grant is looked at. */
static const char *
grant_name(const struct call *c)
{
	size_t i;

	for (i = 0; i < GRANTS; i++)
		if (text_same(grants[i].type, param(c, "grant_type")))
			return grants[i].name;
	return "unknown";
}

/* ---- the answer */

static void
write_user(struct jw *w, const char *scope)
{
	jw_text(w, "associated_user_scope", scope);
	jw_object(w, "associated_user");
	jw_int(w, "id", 42);
	jw_text(w, "first_name", "Ada");
	jw_text(w, "last_name", "Owner");
	jw_text(w, "email", "owner@example.com");
	jw_bool(w, "email_verified", true);
	jw_bool(w, "account_owner", true);
	jw_text(w, "locale", "en");
	jw_bool(w, "collaborator", false);
	jw_close(w);
}

static enum rc
say_issued(const struct call *c, struct reply *rp)
{
	const struct access *a = c->issued.access;
	const struct refresh *r = c->issued.refresh;
	const int64_t now = sandbox_now();
	const bool silent =
	    c->fault != NULL && c->fault->what == FAULT_NO_EXPIRES_IN;
	struct jw *w = reply_json(rp, 200);

	jw_text(w, "access_token", a->token);
	jw_text(w, "scope", a->scope);
	if (a->expires_at != 0 && !silent)
		jw_int(w, "expires_in", a->expires_at - now);
	if (r != NULL) {
		jw_text(w, "refresh_token", r->token);
		jw_int(w, "refresh_token_expires_in", r->expires_at - now);
	}
	if (a->kind == ACCESS_ONLINE)
		write_user(w, a->scope);
	return reply_end(rp);
}

static int64_t
wall_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
note(struct cx *cx, const struct call *c, int64_t status, const char *error)
{
	struct ledger *l = &sandbox()->ledger;

	ledger_count(l, text_fmt(cx->mem, "token.%s", c->grant));
	if (error != NULL)
		ledger_count(l, "token.refused");
	ledger_call(l, &(struct token_call){ .at_ms = wall_ms(),
			   .shop = c->shop,
			   .grant = c->grant,
			   .status = status,
			   .error = error });
	sandbox_keep(cx);
}

/* What the switch does to a call before its work; true when that is all. */
static bool
fault_before(struct cx *cx, const struct call *c, struct reply *rp)
{
	const struct fault_switch *f = c->fault;

	if (f != NULL && f->what == FAULT_DELAY)
		say_late(cx, f->delay_ms);
	if (f == NULL || f->what != FAULT_STATUS)
		return false;
	if (f->retry_after != NULL)
		reply_header(rp, "Retry-After", f->retry_after);
	return true;
}

static enum rc
finish(struct cx *cx, struct call *c, enum rc rc, struct reply *rp)
{
	const struct fault_switch *f = c->fault;

	if (rc == RC_DENIED) {
		note(cx, c, c->no.status, c->no.error);
		return say_refused(
		    rp, c->no.status, c->no.error, c->no.description);
	}
	TRY(rc);
	if (f != NULL && f->what == FAULT_DROP) {
		note(cx, c, 502, "dropped");
		return say_errors(rp, 502, faults_status_text(502));
	}
	note(cx, c, 200, NULL);
	TRY(say_issued(c, rp));
	if (f != NULL && f->what == FAULT_CUT)
		say_half(rp);
	return RC_OK;
}

/* POST /admin/oauth/access_token */
enum rc
token_grant(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct world_shop *ws;
	struct call c = { 0 };

	if (sandbox_host_shop(cx, req_header(rq, "Host"), &ws) != RC_OK)
		return say_errors(rp, 404, faults_status_text(404));
	c.shop = ws->shop.domain;
	TRY(read_body(cx, rq, &c.in));
	c.grant = grant_name(&c);
	c.fault = faults_take(&sandbox()->faults, FAULT_TOKEN, c.shop, c.grant);
	if (fault_before(cx, &c, rp)) {
		note(cx, &c, c.fault->status, "fault");
		return say_errors(
		    rp, c.fault->status, faults_status_text(c.fault->status));
	}
	return finish(cx, &c, run_grant(cx, &c), rp);
}
