/* Switches for tests, behind a key of their own. */
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "commands.h"
#include "ends.h"
#include "io/crypt.h"
#include "jwt.h"
#include "sandbox.h"

enum { BODY_BYTES_MAX = 64 << 10, DONE_BYTES_MAX = 7 << 20 };

enum rc
control_key(struct cx *cx, const struct req *rq)
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

/* "fill": points in a shop's bucket, now. {"shop","points"} */
static enum rc
fill_bucket(struct cx *cx, struct json v, struct jw *said)
{
	struct world_shop *ws;
	const int64_t points = jint_or(v, "points", -1);

	(void)said;
	TRY(sandbox_host_shop(cx, jtext_or(v, "shop", ""), &ws));
	if (points < 0)
		return rc_field(cx, RC_INPUT, "fill.points",
		    "a number that is not negative", NULL);
	(void)bucket_has(&ws->bucket, clock_ms(), 0);
	ws->bucket.available = (double)points;
	return RC_OK;
}

static enum rc
revoke(struct cx *cx, struct json v, struct jw *said)
{
	struct world_shop *ws;

	(void)said;
	TRY(sandbox_host_shop(cx, jtext_or(v, "", ""), &ws));
	grants_revoke(&sandbox()->grants, ws->shop.domain);
	return RC_OK;
}

static enum rc
fault(struct cx *cx, struct json v, struct jw *said)
{
	(void)said;
	return faults_add(cx, &sandbox()->faults, v);
}

/* Switches and faults as at the start, empty ledgers; tokens stay. */
static enum rc
reset(struct cx *cx, struct json v, struct jw *said)
{
	struct sandbox *s = sandbox();

	(void)v;
	(void)said;
	s->rules = s->started;
	s->faults.first = NULL;
	ledger_clear(&s->ledger);
	if (s->settings.spool != NULL)
		tries_clear(cx, &s->tries, s->settings.spool);
	return RC_OK;
}

static const struct {
	const char *name;
	command_fn *run;
} commands[] = {
	{ "reset", reset }, /* first, before any switch of the same body */
	{ "fault", fault },
	{ "fill", fill_bucket },
	{ "revoke", revoke },
	{ "change", command_change },
	{ "create", command_create },
	{ "delete", command_delete },
	{ "webhook", command_webhook },
	{ "scopes", command_scopes },
	{ "uninstall", command_uninstall },
};

enum { RESET, COMMANDS = sizeof(commands) / sizeof(commands[0]) };

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

/* `done` is JSON: what commands had to say; n is 0 where there were none. */
static enum rc
say_state(struct reply *rp, struct slice done)
{
	const struct sandbox *s = sandbox();
	struct jw *w = reply_json(rp, 200);

	rules_write(w, "rules", &s->rules, NULL);
	faults_write(w, "faults", &s->faults);
	if (done.n > 0)
		jw_raw(w, "done", done);
	return reply_end(rp);
}

/* A command's value, or each of a list of them. */
static enum rc
run_command(struct cx *cx, size_t i, struct json v, struct jw *said)
{
	const bool many =
	    json_kind(v) == JSON_LIST && json_kind(jitem(v, 0)) == JSON_OBJECT;
	size_t k;

	if (!many) {
		jw_object(said, commands[i].name);
		TRY(commands[i].run(cx, v, said));
		jw_close(said);
		return RC_OK;
	}
	jw_list(said, commands[i].name);
	for (k = 0; k < jlen(v); k++) {
		jw_object(said, NULL);
		TRY(commands[i].run(cx, jitem(v, k), said));
		jw_close(said);
	}
	jw_close(said);
	return RC_OK;
}

static enum rc
run_commands(struct cx *cx, struct json in, struct slice *done)
{
	struct buf *b = ARENA_NEW(cx->mem, struct buf);
	struct jw said;
	size_t i;

	*b = buf_new(cx->mem, DONE_BYTES_MAX);
	said = jw_new(b);
	jw_object(&said, NULL);
	for (i = RESET + 1; i < COMMANDS; i++)
		if (json_kind(jat(in, commands[i].name)) != JSON_NULL)
			TRY(run_command(
			    cx, i, jat(in, commands[i].name), &said));
	jw_close(&said);
	TRY(jw_end(&said));
	*done = buf_slice(b);
	return RC_OK;
}

/* POST /sandbox/control */
enum rc
control_set(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct sandbox *s = sandbox();
	struct rules before = s->rules;
	struct slice done;
	struct json in;
	enum rc rc;

	TRY(control_key(cx, rq));
	TRY(read_body(cx, rq, &in));
	TRY(check_names(cx, in));
	if (json_kind(jat(in, commands[RESET].name)) != JSON_NULL)
		TRY(reset(cx, in, NULL));
	TRY(rules_set(cx, &s->rules, in));
	resize_buckets(&before);
	rc = run_commands(cx, in, &done);
	sandbox_keep(cx); /* also what was done before one failed */
	TRY(rc);
	return say_state(rp, done);
}

/* GET /sandbox/control */
enum rc
control_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	TRY(control_key(cx, rq));
	return say_state(rp, (struct slice){ NULL, 0 });
}

/* POST /sandbox/id_token {shop, ...}: see jwt.h. */
enum rc
id_token_mint(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct world_shop *ws;
	const char *token;
	struct json in;
	struct jw *w;

	TRY(control_key(cx, rq));
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
