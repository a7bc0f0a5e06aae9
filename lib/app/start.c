/* What a program opens once, by its name: one role, only its own secrets. */
#include "app/start.h"
#include "io/crypt.h"
#include "io/db.h"
#include "io/http.h"
#include "io/redis.h"
#include "store/kek.h"

/* The list of design.md 4; the doors (webhooks, events) are not on it. */
static bool
has_keyring(const char *program)
{
	static const char *const list[] = { "auth", "pulls", "ai", "ops",
		"jobd", NULL };
	int i;

	for (i = 0; list[i]; i++)
		if (text_same(list[i], program))
			return true;
	return false;
}

/* Where the socket's peer is not trusted, the role's password. */
static enum rc
password(struct cx *cx, struct db *db)
{
	struct secret secret;
	const enum rc rc = conf_secret(cx, C_DB_PASSWORD_FILE, &secret);

	if (rc == RC_ABSENT) {
		rc_forget(cx);
		return RC_OK;
	}
	TRY(rc);
	db_password(db, secret);
	return RC_OK;
}

static enum rc
open_db(struct cx *cx, enum conf url, const char *role, struct db **out)
{
	*out = db_open(cx->program, conf_text(url), role, 1);
	return password(cx, *out);
}

enum rc
app_open(struct cx *cx, const char *role)
{
	TRY(crypt_start(cx));
	return open_db(cx, C_DATABASE_URL, role, &cx->db);
}

enum rc
app_start(struct cx *cx)
{
	const char *role = text_fmt(cx->mem, "stockroom_%s", cx->program);

	TRY(app_open(cx, role));
	if (!has_keyring(cx->program))
		return RC_OK;
	TRY(open_db(cx, C_KEYRING_URL, role, &cx->keyring));
	TRY(kek_start(cx));
	TRY(redis_start(cx));
	return http_start(cx);
}

void
app_stop(struct cx *cx)
{
	http_stop();
	redis_stop();
	db_close(cx->keyring);
	db_close(cx->db);
	cx->keyring = NULL;
	cx->db = NULL;
}
