/* Hints: a connection that only hears what others notify. */
#include <string.h>

#include "io/db_inside.h"

static bool
has_channel(const struct db *db, const char *channel)
{
	for (const char *const *p = db->channels; *p != NULL; p++)
		if (text_same(*p, channel))
			return true;
	return false;
}

static enum rc
add_channel(struct cx *cx, struct db *db, const char *channel)
{
	int n = 0;

	while (db->channels[n] != NULL)
		n++;
	if (n == CHANNELS_MAX)
		return rc_fail(cx, RC_BUG, "more than %d channels", n);
	db->channels[n] = text_dup(db->mem, channel);
	return RC_OK;
}

static enum rc
listen_one(struct cx *cx, struct conn *ear, const char *channel)
{
	char *name = PQescapeIdentifier(ear->pg, channel, strlen(channel));
	struct turn t = turn_new(ear);
	enum turn_end end;
	enum rc rc = RC_OK;

	if (name == NULL)
		t.broken = true;
	else
		turn_text(&t, text_fmt(cx->mem, "LISTEN %s", name));
	PQfreemem(name);
	end = turn_run(&t);
	if (end != TURN_OK)
		rc = turn_fail(cx, "listen", &t, end);
	turn_drop(&t);
	return rc;
}

static enum rc
listen_all(struct cx *cx, struct db *db)
{
	enum rc rc = conn_connect(cx, &db->ear);

	for (int i = 0; rc == RC_OK && db->channels[i] != NULL; i++)
		rc = listen_one(cx, &db->ear, db->channels[i]);
	if (rc != RC_OK)
		conn_close(&db->ear);
	return rc;
}

enum rc
db_listen(struct cx *cx, const char *channel)
{
	struct db *db = cx->db;
	bool known = has_channel(db, channel);

	if (!known)
		TRY(add_channel(cx, db, channel));
	if (db->ear.pg == NULL)
		return listen_all(cx, db);
	return known ? RC_OK : listen_one(cx, &db->ear, channel);
}

int
db_listen_fd(struct cx *cx)
{
	return cx->db->ear.pg == NULL ? -1 : PQsocket(cx->db->ear.pg);
}

bool
db_hint(struct cx *cx, const char **channel, const char **payload)
{
	struct conn *ear = &cx->db->ear;
	PGnotify *note;

	if (ear->pg == NULL)
		return false;
	note = PQnotifies(ear->pg);
	if (note == NULL && PQconsumeInput(ear->pg))
		note = PQnotifies(ear->pg);
	if (note == NULL) {
		if (PQstatus(ear->pg) != CONNECTION_OK)
			conn_close(ear);
		return false;
	}
	*channel = text_dup(cx->mem, note->relname);
	*payload = text_dup(cx->mem, note->extra);
	PQfreemem(note);
	return true;
}
