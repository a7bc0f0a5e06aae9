/* /healthz and /readyz: does it answer, and can it work? */
#include "gen/migrations.h"
#include "io/db.h"
#include "ops.h"

static const struct field health_fields[] = { R_BOOL("ok"), FIELD_END };
const struct shape health_reply = REPLY_SHAPE("health_reply", health_fields);

static const struct field migration_fields[] = {
	R_INT("applied"),
	R_INT("known"),
	FIELD_END,
};
static const struct shape migrations_shape =
    REPLY_SHAPE("ready_migrations", migration_fields);
static const struct field ready_fields[] = {
	R_BOOL("ok"),
	R_BOOL("database"),
	R_OBJECT("migrations", &migrations_shape),
	R_BOOL("jobd", .note = "One is alive."),
	R_INT("backlog_s", .note = "Age of the oldest job that could run."),
	FIELD_END,
};
const struct shape ready_reply = REPLY_SHAPE("ready_reply", ready_fields);

enum rc
health_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	(void)cx;
	(void)rq;
	jw_bool(reply_json(rp, 200), "ok", true);
	return reply_end(rp);
}

struct ready {
	bool database;
	int64_t applied, known;
	bool jobd;
	int64_t backlog_s;
};

static int64_t
known(void)
{
	int64_t n = 0;

	while (migrations[n].name)
		n++;
	return n;
}

/* What cannot be asked counts as not there. */
static struct ready
look(struct cx *cx)
{
	struct ready r = { .known = known() };
	struct row row;

	if (db_one(cx, Q_MIGRATION_COUNT, NO_ARGS, &row) == RC_OK) {
		r.database = true;
		r.applied = row_int(row, 0);
	}
	if (r.database && db_one(cx, Q_JOB_BACKLOG, NO_ARGS, &row) == RC_OK) {
		r.backlog_s = (int64_t)row_real(row, 0);
		r.jobd = row_bool(row, 1);
	}
	rc_forget(cx);
	return r;
}

enum rc
ready_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct ready r;
	bool ok;
	struct jw *w;

	(void)rq;
	cx->every_shop = true; /* only an age leaves */
	r = look(cx);
	ok = r.database && r.applied >= r.known && r.jobd;
	w = reply_json(rp, ok ? 200 : 503);
	jw_bool(w, "ok", ok);
	jw_bool(w, "database", r.database);
	jw_object(w, "migrations");
	jw_int(w, "applied", r.applied);
	jw_int(w, "known", r.known);
	jw_close(w);
	jw_bool(w, "jobd", r.jobd);
	jw_int(w, "backlog_s", r.backlog_s);
	return reply_end(rp);
}
