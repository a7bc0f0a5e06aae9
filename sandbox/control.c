/* Switches for tests, behind a key of their own. */
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "ends.h"
#include "io/crypt.h"
#include "jwt.h"
#include "sandbox.h"

enum { BODY_BYTES_MAX = 64 << 10 };

static enum rc
check_key(struct cx *cx, const struct req *rq)
{
	const char *given = req_header(rq, "X-Sandbox-Key");
	const char *path = sandbox()->settings.key_file;
	struct secret key;

	if (path == NULL)
		return rc_fail(cx, RC_DENIED,
		    "SANDBOX_KEY_FILE is not set: there is no control");
	TRY(secret_read(cx, path, &key));
	if (given == NULL || strlen(given) != key.n ||
	    !crypt_same(given, key.p, key.n))
		return rc_fail(cx, RC_AUTH, "X-Sandbox-Key is not the key");
	return RC_OK;
}

static enum rc
read_body(struct cx *cx, const struct req *rq, struct json *out)
{
	TRY(json_read(cx, rq->raw_body, BODY_BYTES_MAX, RC_INPUT, out));
	return json_kind(*out) == JSON_OBJECT
		   ? RC_OK
		   : rc_field(cx, RC_INPUT, "body", "a JSON object", NULL);
}

/* ---- the commands, each a member */

typedef enum rc command_fn(struct cx *cx, struct json value);

/* "fill": points in a shop's bucket, now. {"shop","points"} */
static enum rc
fill_bucket(struct cx *cx, struct json v)
{
	struct world_shop *ws;
	const int64_t points = jint_or(v, "points", -1);

	TRY(sandbox_host_shop(cx, jtext_or(v, "shop", ""), &ws));
	if (points < 0)
		return rc_field(cx, RC_INPUT, "fill.points",
		    "a number that is not negative", NULL);
	(void)bucket_has(&ws->bucket, clock_ms(), 0);
	ws->bucket.available = (double)points;
	return RC_OK;
}

static enum rc
uninstall(struct cx *cx, struct json v)
{
	struct world_shop *ws;

	TRY(sandbox_host_shop(cx, jtext_or(v, "", ""), &ws));
	grants_uninstall(&sandbox()->grants, ws->shop.domain);
	return RC_OK;
}

static enum rc
revoke(struct cx *cx, struct json v)
{
	struct world_shop *ws;

	TRY(sandbox_host_shop(cx, jtext_or(v, "", ""), &ws));
	grants_revoke(&sandbox()->grants, ws->shop.domain);
	return RC_OK;
}

static enum rc
fault(struct cx *cx, struct json v)
{
	return faults_add(cx, &sandbox()->faults, v);
}

/* Switches and faults as at the start, an empty ledger; tokens stay. */
static enum rc
reset(struct cx *cx, struct json v)
{
	struct sandbox *s = sandbox();

	(void)cx;
	(void)v;
	s->rules = s->started;
	s->faults.first = NULL;
	ledger_clear(&s->ledger);
	return RC_OK;
}

static const struct {
	const char *name;
	command_fn *run;
} commands[] = {
	{ "reset", reset }, /* first: whatever the order in the body */
	{ "fault", fault },
	{ "fill", fill_bucket },
	{ "uninstall", uninstall },
	{ "revoke", revoke },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static bool
is_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (text_same(commands[i].name, name))
			return true;
	return false;
}

static enum rc
check_names(struct cx *cx, struct json in)
{
	struct jmember *m;
	const size_t n = jmembers(cx->mem, in, &m);
	size_t i;

	for (i = 0; i < n; i++)
		if (!is_rule(m[i].name) && !is_command(m[i].name))
			return rc_field(cx, RC_INPUT, m[i].name,
			    "a switch or a command of the sandbox", NULL);
	return RC_OK;
}

/* A changed size or rate holds for the buckets that are there already. */
static void
resize_buckets(const struct rules *before)
{
	const struct sandbox *s = sandbox();
	struct world_shop *ws;

	if (before->bucket == s->rules.bucket &&
	    before->restore == s->rules.restore)
		return;
	for (ws = s->world.shops; ws != NULL; ws = ws->next)
		ws->bucket = bucket_new((double)s->rules.bucket,
		    (double)s->rules.restore, clock_ms());
}

static enum rc
say_state(struct reply *rp)
{
	const struct sandbox *s = sandbox();
	struct jw *w = reply_json(rp, 200);

	rules_write(w, "rules", &s->rules, NULL);
	faults_write(w, "faults", &s->faults);
	return reply_end(rp);
}

/* POST /sandbox/control */
enum rc
control_set(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct sandbox *s = sandbox();
	struct rules before = s->rules;
	struct json in;
	size_t i;

	TRY(check_key(cx, rq));
	TRY(read_body(cx, rq, &in));
	TRY(check_names(cx, in));
	for (i = 0; i < COMMANDS; i++)
		if (json_kind(jat(in, commands[i].name)) != JSON_NULL)
			TRY(commands[i].run(cx, jat(in, commands[i].name)));
	TRY(rules_set(cx, &s->rules, in));
	resize_buckets(&before);
	sandbox_keep(cx);
	return say_state(rp);
}

/* GET /sandbox/control */
enum rc
control_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(check_key(cx, rq));
	return say_state(rp);
}

/* POST /sandbox/id_token {shop, ...}: see jwt.h. */
enum rc
id_token_mint(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct world_shop *ws;
	const char *token;
	struct json in;
	struct jw *w;

	TRY(check_key(cx, rq));
	TRY(read_body(cx, rq, &in));
	TRY(sandbox_host_shop(cx, jtext_or(in, "shop", ""), &ws));
	TRY(jwt_mint(cx, ws->shop.domain, in, &token));
	w = reply_json(rp, 200);
	jw_text(w, "id_token", token);
	return reply_end(rp);
}

/* GET /sandbox/ledger */
enum rc
ledger_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct jw *w = reply_json(rp, 200);

	(void)cx;
	(void)rq;
	ledger_write(w, &sandbox()->ledger);
	return reply_end(rp);
}
