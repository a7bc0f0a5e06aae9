/* /healthz and /readyz: does it answer, and can it work? */
#include "base/conf.h"
#include "ops.h"
#include "store/jobview.h"
#include "store/migration.h"

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
	R_BOOL("backlog_ok", .note = "No older than READY_BACKLOG_S."),
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
	bool backlog_ok;
};

/* What cannot be asked counts as not there. */
static struct ready
look(struct cx *cx)
{
	const int64_t most = conf_int(C_READY_BACKLOG_S);
	struct ready r = { 0 };

	r.database = migration_count(cx, &r.applied, &r.known) == RC_OK;
	if (r.database && jobview_backlog(cx, &r.backlog_s, &r.jobd) != RC_OK)
		r.jobd = false;
	r.backlog_ok = most == 0 || r.backlog_s <= most;
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
	ok = r.database && r.applied >= r.known && r.jobd && r.backlog_ok;
	w = reply_json(rp, ok ? 200 : 503);
	jw_bool(w, "ok", ok);
	jw_bool(w, "database", r.database);
	jw_object(w, "migrations");
	jw_int(w, "applied", r.applied);
	jw_int(w, "known", r.known);
	jw_close(w);
	jw_bool(w, "jobd", r.jobd);
	jw_int(w, "backlog_s", r.backlog_s);
	jw_bool(w, "backlog_ok", r.backlog_ok);
	return reply_end(rp);
}
