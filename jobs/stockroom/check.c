/* stockroom check: one line a thing that must be so, "ok" or "red". */
#include <stdarg.h>
#include <stdio.h>

#include "app/handlers.h"
#include "app/start.h"
#include "base/conf.h"
#include "command.h"
#include "io/crypt.h"
#include "io/db.h"
#include "store/kek.h"
#include "store/migration.h"

static int reds;

static void say(bool ok, const char *fmt, ...) PRINTF(2, 3);

static void
say(bool ok, const char *fmt, ...)
{
	va_list ap;

	(void)fputs(ok ? "ok   " : "red  ", stdout);
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
	reds += !ok;
}

/* A line for a call that can fail, with what it noted. */
static bool
say_rc(struct cx *cx, enum rc rc, const char *what)
{
	if (rc == RC_OK)
		say(true, "%s", what);
	else
		say(false, "%s: %s", what,
		    cx->fault.sentence ? cx->fault.sentence
				       : rc_row(rc)->title);
	rc_forget(cx);
	return rc == RC_OK;
}

static void
check_settings(void)
{
	const char *map = conf_text(C_CONNECT_TO);

	if (*map == '\0')
		say(true, "CONNECT_TO is empty");
	else
		say(false,
		    "CONNECT_TO is set to %s: hosts are not who they say "
		    "they are, for trials only",
		    map);
	if (*conf_text(C_ALERT_URL) == '\0')
		say(true, "ALERT_URL is empty: nobody is told of dead jobs");
	else
		say(text_starts(conf_text(C_ALERT_URL), "https://"),
		    "ALERT_URL must be an https:// address");
}

/* SEC-36: nobody but its owner may read a file with a secret. */
static void
check_secrets(struct cx *cx)
{
	struct secret secret;

	for (enum conf c = 0; c < C_COUNT; c++) {
		enum rc rc;

		if (conf_row(c)->type != CONF_FILE)
			continue;
		rc = conf_secret(cx, c, &secret);
		if (rc != RC_ABSENT)
			(void)say_rc(cx, rc, conf_row(c)->name);
		rc_forget(cx);
	}
	(void)say_rc(cx, kek_start(cx), "KEK_DIR");
	kek_stop();
}

/* Who takes customers' data must hear of their wishes. */
static void
check_handlers(struct cx *cx)
{
	const struct handler *deaf;
	const char *lacks;

	if (!say_rc(cx, handlers_load(cx), "HANDLERS_FILE"))
		return;
	deaf = handlers_deaf(handlers_now(cx), &lacks);
	if (deaf)
		say(false, "handler %s takes topics of customers/, but not %s",
		    deaf->name, lacks);
	else
		say(true, "handlers of customers/ hear of their wishes");
}

static void
check_migrations(struct cx *cx, enum schema which, const char *what)
{
	struct migration_state s;

	if (!say_rc(cx, migration_load(cx, which, &s), what))
		return;
	if (s.changed != NULL)
		say(false, "%s is not as it was when it ran", s.changed);
	if (s.newer != NULL)
		say(false,
		    "%s: has migration %s, which this program does not "
		    "know",
		    what, s.newer);
	say(s.applied == s.known, "%s: %d of %d migrations have run%s", what,
	    s.applied, s.known,
	    s.applied == s.known ? "" : "; run: stockroom migrate");
}

static void
check_logging(struct row row)
{
	say(text_same(row_text(row, 0), "UTF8"),
	    "the database's encoding is %s, must be UTF8", row_text(row, 0));
	say(text_same(row_text(row, 3), "terse"),
	    "Postgres' log_error_verbosity is %s, must be terse: else its log "
	    "shows rows",
	    row_text(row, 3));
	say(text_same(row_text(row, 4), "0"),
	    "Postgres' log_parameter_max_length_on_error is %s, must be 0: "
	    "else its log shows values",
	    row_text(row, 4));
}

/*
 * What a key protects is only gone with the key: an archive or a standby of the
 * keyring would keep it (design.md 6).
 */
static void
check_keyring(struct cx *cx, struct row row)
{
	struct cx other = *cx;
	struct row keyring;
	bool same;
	bool copied =
	    !text_same(row_text(row, 1), "off") || row_int(row, 2) > 0;

	other.db = cx->keyring;
	if (!say_rc(cx, db_one(&other, Q_SERVER_CHECK, NO_ARGS, &keyring),
		"the keyring's server"))
		return;
	same = text_same(row_text(row, 5), row_text(keyring, 5));
	say(!(same && copied),
	    "WAL archiving is %s, there are %lld replication slots, the "
	    "keyring lies on %s server%s",
	    row_text(row, 1), (long long)row_int(row, 2),
	    same ? "the same" : "another",
	    same && copied ? ": forgotten keys live on in the copies" : "");
}

static void
check_server(struct cx *cx)
{
	struct row row;

	if (!say_rc(cx, db_one(cx, Q_SERVER_CHECK, NO_ARGS, &row),
		"the database's server"))
		return;
	check_logging(row);
	check_keyring(cx, row);
}

/* As ops, the least that may read both lists. */
static struct db *
open_db(struct cx *cx, enum conf url)
{
	struct db *db =
	    db_open("stockroom", conf_text(url), "stockroom_ops", 1);
	struct secret password;

	if (conf_secret(cx, C_DB_PASSWORD_FILE, &password) == RC_OK)
		db_password(db, password);
	rc_forget(cx);
	return db;
}

static void
check_databases(struct cx *cx)
{
	cx->db = open_db(cx, C_DATABASE_URL);
	cx->keyring = open_db(cx, C_KEYRING_URL);
	check_migrations(cx, SCHEMA_MAIN, "the database");
	check_migrations(cx, SCHEMA_KEYRING, "the keyring");
	check_server(cx);
	arena_empty(cx->mem);
	app_stop(cx);
}

int
check_command(struct cx *cx, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return command_misused("check");
	check_settings();
	if (say_rc(cx, crypt_start(cx), "OpenSSL")) {
		check_secrets(cx);
		check_handlers(cx);
		check_databases(cx);
	}
	return reds == 0 ? 0 : 1;
}
