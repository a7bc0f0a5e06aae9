/* When the operator is told, and of what. */
#include "app/alerts.h"
#include "store/alert.h"
#include "store/job.h"

enum { MESSAGE_BYTES = 1000 };

/* What one look makes of an alert. */
struct verdict {
	enum alert_name name;
	bool firing; /* from now on */
	const char *state; /* told of it; NULL: nothing */
	int64_t n; /* of dead ones: new; of a backlog: its age in seconds */
	const char *queue; /* or NULL */
	int64_t accounted; /* as alert_save */
};

/* Where nobody listens nothing stands, and nothing piles up to be told. */
static bool
is_heard(void)
{
	return *conf_text(C_ALERT_URL) != '\0';
}

static bool
may_tell(const struct alert *a)
{
	return a->told_s < 0 || a->told_s >= (double)conf_int(C_ALERT_EVERY_S);
}

static struct verdict
judge_backlog(const struct alert *a, const struct alerts_seen *seen)
{
	const double most = (double)conf_int(C_ALERT_BACKLOG_S);
	const bool over = is_heard() && most > 0 && seen->oldest_s > most;
	struct verdict v = { .name = ALERT_BACKLOG,
		.firing = a->firing,
		.n = (int64_t)seen->oldest_s,
		.queue = seen->queue,
		.accounted = -1 };

	if (over && !a->firing && may_tell(a)) {
		v.firing = true;
		v.state = "firing";
	} else if (!over && a->firing) {
		v.firing = false;
		v.state = "recovered";
	}
	return v;
}

static struct verdict
judge_dead(const struct alert *a, int64_t untold, int64_t behind)
{
	struct verdict v = { .name = ALERT_DEAD,
		.firing = a->firing,
		.n = untold,
		.accounted = behind - untold };

	if (!is_heard()) {
		v.firing = false;
		v.accounted = behind;
	} else if (untold > 0 && may_tell(a)) {
		v.firing = true;
		v.state = "firing";
		v.accounted = behind;
	} else if (untold <= 0 && a->firing && may_tell(a)) {
		v.firing = false;
		v.state = "recovered";
	}
	return v;
}

static const char *
message(struct cx *cx, const struct alert *a, const struct verdict *v)
{
	struct buf text = buf_new(cx->mem, MESSAGE_BYTES);
	struct jw w = jw_new(&text);

	jw_object(&w, NULL);
	jw_text(&w, "alert", alert_word(v->name));
	jw_text(&w, "state", v->state);
	jw_int(&w, "number", a->told + 1);
	jw_int(&w, v->name == ALERT_DEAD ? "dead" : "oldest_s", v->n);
	if (v->name == ALERT_BACKLOG)
		jw_text(&w, "queue", v->queue);
	jw_time(&w, "since", a->since);
	jw_close(&w);
	return jw_end(&w) == RC_OK ? buf_text(&text) : NULL;
}

/* By its number a message is put once, whatever happens. */
static enum rc
tell(struct cx *cx, const struct alert *a, const struct verdict *v)
{
	const struct job_new job = {
		.kind = JOB_ALERT,
		.args = message(cx, a, v),
		.unique = text_fmt(cx->mem, "alert:%s:%lld",
		    alert_word(v->name), (long long)a->told + 1),
		.same = JOB_DROP,
	};

	return job_put(cx, &job, NULL);
}

static enum rc
apply(struct cx *cx, const struct alert *a, const struct verdict *v, bool *put)
{
	if (v->state && is_heard()) {
		TRY(tell(cx, a, v));
		*put = true;
	}
	if (!v->state && v->firing == a->firing && v->accounted < 0)
		return RC_OK;
	return alert_save(
	    cx, v->name, v->firing, v->state != NULL, v->accounted);
}

static enum rc
look(struct cx *cx, const struct alerts_seen *seen, bool *put)
{
	struct alert a[ALERT_NAMES];
	struct verdict backlog, dead;
	int64_t untold, behind;

	TRY(alert_take(cx, a));
	TRY(alert_dead(cx, &untold, &behind));
	backlog = judge_backlog(&a[ALERT_BACKLOG], seen);
	dead = judge_dead(&a[ALERT_DEAD], untold, behind);
	TRY(apply(cx, &a[ALERT_BACKLOG], &backlog, put));
	return apply(cx, &a[ALERT_DEAD], &dead, put);
}

enum rc
alerts_look(struct cx *cx, const struct alerts_seen *seen, bool *put)
{
	enum rc rc;

	*put = false;
	TRY(db_begin(cx));
	rc = look(cx, seen, put);
	if (rc == RC_OK)
		return db_commit(cx);
	db_rollback(cx);
	*put = false;
	return rc == RC_ABSENT ? RC_OK : rc; /* another jobd is at it */
}
