/* What is said of schedules and done to them, in JSON. */
#include "app/schedules.h"
#include "store/cron.h"

static void
put_schedule(struct jw *w, const struct cron_row *c)
{
	jw_text(w, "name", c->name);
	jw_text(w, "owner", c->owner);
	jw_text(w, "kind", c->kind);
	jw_id(w, "shop_id", c->shop_id);
	jw_raw(w, "args", slice_of(c->args));
	jw_int(w, "priority", c->priority);
	jw_text(w, "spec", c->spec);
	jw_text(w, "tz", c->tz);
	jw_bool(w, "paused", c->paused);
	jw_bool(w, "changed", c->changed);
	jw_time(w, "next_at", c->next_at);
	jw_time(w, "fired_at", c->fired_at);
	if (c->job_id)
		jw_id(w, "job", c->job_id);
	else
		jw_null(w, "job");
}

enum rc
schedules_write(struct cx *cx, struct jw *w)
{
	struct cron_row *list;
	size_t n, i;

	TRY(cron_list(cx, &list, &n));
	jw_list(w, "items");
	for (i = 0; i < n; i++) {
		jw_object(w, NULL);
		put_schedule(w, &list[i]);
		jw_close(w);
	}
	jw_close(w);
	return RC_OK;
}

/* What came of an act; how the schedule is now. */
static enum rc
told(struct cx *cx, const char *name, enum rc rc, struct jw *w)
{
	struct cron_row row;

	if (rc == RC_OK)
		rc = cron_load(cx, name, &row);
	if (rc == RC_ABSENT)
		return rc_fail(cx, rc, "there is no schedule %s", name);
	TRY(rc);
	put_schedule(w, &row);
	return RC_OK;
}

static enum rc
change(struct cx *cx, const char *name, const struct schedule_change *c)
{
	struct cron_row was;

	TRY(cron_load(cx, name, &was));
	if (c->spec || c->tz)
		TRY(cron_change(cx, name, c->spec ? c->spec : was.spec,
		    c->tz ? c->tz : was.tz));
	if (c->has_paused)
		return c->paused ? cron_pause(cx, name) : cron_resume(cx, name);
	return RC_OK;
}

enum rc
schedule_change_write(struct cx *cx, const char *name,
    const struct schedule_change *c, struct jw *w)
{
	enum rc rc;

	TRY(db_begin(cx));
	rc = change(cx, name, c);
	if (rc == RC_OK)
		rc = db_commit(cx);
	else
		db_rollback(cx);
	return told(cx, name, rc, w);
}

/* "pull_page, token_refresh or alert": for who asked for another. */
static const char *
kind_words(struct cx *cx)
{
	struct buf b = buf_new(cx->mem, 4000);

	for (int k = 0; k < JOB_KINDS; k++)
		buf_addf(&b, "%s%s",
		    k == 0               ? "one of "
		    : k + 1 == JOB_KINDS ? " or "
					 : ", ",
		    job_kind_row((enum job_kind)k)->word);
	return buf_text(&b);
}

static enum rc
args_of(struct cx *cx, struct json args, const char **out)
{
	*out = NULL;
	if (json_kind(args) == JSON_NULL)
		return RC_OK;
	*out = jtext(cx->mem, args);
	if (json_kind(args) == JSON_OBJECT)
		return RC_OK;
	return rc_field(
	    cx, RC_INPUT, "args", "an object", text_cut(cx->mem, *out, 60));
}

enum rc
schedule_put_write(struct cx *cx, const struct schedule_new *n, struct jw *w)
{
	struct cron_new c = { .name = n->name,
		.owner = CRON_OPERATOR,
		.spec = n->spec,
		.tz = n->tz,
		.kind = job_kind_of(n->kind),
		.shop_id = n->shop_id,
		.priority = (int)n->priority };

	if (c.kind == JOB_KINDS)
		return rc_field(cx, RC_INPUT, "kind", kind_words(cx), n->kind);
	TRY(args_of(cx, n->args, &c.args));
	return told(cx, n->name, cron_put(cx, &c), w);
}

enum rc
schedule_drop(struct cx *cx, const char *name)
{
	const enum rc rc = cron_drop(cx, name);

	return rc == RC_ABSENT
		   ? rc_fail(cx, rc, "there is no schedule %s", name)
		   : rc;
}

enum rc
schedule_run_write(struct cx *cx, const char *name, struct jw *w)
{
	return told(cx, name, cron_run(cx, name), w);
}
