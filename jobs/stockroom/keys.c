/* stockroom keys: mint, list and revoke API keys. */
#include <stdio.h>
#include <string.h>

#include "app/scopes.h"
#include "app/start.h"
#include "base/clock.h"
#include "command.h"
#include "store/apikey.h"

struct options {
	const char *shop; /* NULL: the operator's */
	const char *label;
	const char *scopes;
	int64_t days;
};

/* Long options in any order; what is left is argv[*next]. */
static bool
options_read(int argc, char **argv, struct options *o, int *next)
{
	int i;

	*o = (struct options){ .label = "command line", .scopes = "*" };
	for (i = 2; i < argc && text_starts(argv[i], "--"); i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (text_same(argv[i], "--operator"))
			continue;
		if (!value)
			return false;
		if (text_same(argv[i], "--shop"))
			o->shop = value;
		else if (text_same(argv[i], "--label"))
			o->label = value;
		else if (text_same(argv[i], "--scopes"))
			o->scopes = value;
		else if (!text_same(argv[i], "--days") ||
			 !text_int(value, 0, 3650, &o->days))
			return false;
		i++;
	}
	*next = i;
	return true;
}

static enum rc
check_scopes(struct cx *cx, struct scopes scopes)
{
	size_t i, n = 0;

	while (apikey_scopes[n])
		n++;
	for (i = 0; i < scopes.n; i++) {
		size_t j;

		for (j = 0; j < n; j++)
			if (text_same(apikey_scopes[j], scopes.list[i]))
				break;
		if (j == n)
			return rc_fail(cx, RC_INPUT, "there is no scope %s",
			    scopes.list[i]);
	}
	return RC_OK;
}

static enum rc
mint(struct cx *cx, const struct options *o)
{
	const struct scopes scopes = scopes_of(cx, o->scopes);
	struct apikey key = {
		.label = o->label,
		.scopes = scopes.list,
		.n_scopes = scopes.n,
	};
	const char *secret;

	TRY(check_scopes(cx, scopes));
	TRY(command_shop(cx, o->shop));
	TRY(apikey_mint(cx, &key, o->days, &secret));
	(void)printf("%s\n", secret);
	return RC_OK;
}

static const char *
state_of(const struct apikey *key)
{
	if (key->revoked_at)
		return "revoked";
	return key->expires_at && key->expires_at < clock_wall() ? "lapsed"
								 : "live";
}

static enum rc
list(struct cx *cx, const struct options *o)
{
	const char *after = NULL;
	struct apikey *keys;
	size_t n, i;

	TRY(command_shop(cx, o->shop));
	do {
		TRY(apikey_list(cx, cx->shop_id, after, 100, &keys, &n));
		for (i = 0; i < n; i++)
			(void)printf("%s  %-9s  %-7s  %s  %s\n", keys[i].id,
			    keys[i].prefix, state_of(&keys[i]),
			    clock_text(cx->mem, keys[i].created_at),
			    keys[i].label);
		after = n ? keys[n - 1].id : NULL;
	} while (n == 100);
	return RC_OK;
}

static enum rc
drop(struct cx *cx, const struct options *o, const char *id)
{
	TRY(command_shop(cx, o->shop));
	if (apikey_drop(cx, cx->shop_id, id) != RC_OK)
		return rc_fail(cx, RC_ABSENT, "no live key %s", id);
	return RC_OK;
}

int
keys_command(struct cx *cx, int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	struct options o;
	enum rc rc;
	int next;

	if (argc < 2 || !options_read(argc, argv, &o, &next))
		return command_misused("keys");
	rc = app_open(cx, "stockroom_auth");
	if (rc != RC_OK)
		return command_failed(cx);
	if (text_same(verb, "mint") && next == argc)
		rc = mint(cx, &o);
	else if (text_same(verb, "list") && next == argc)
		rc = list(cx, &o);
	else if (text_same(verb, "revoke") && next == argc - 1)
		rc = drop(cx, &o, argv[next]);
	else
		return command_misused("keys");
	return rc == RC_OK ? 0 : command_failed(cx);
}
