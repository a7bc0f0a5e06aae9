/* What is said of jobds, in JSON. */
#include "app/workers.h"
#include "store/worker.h"

static void
put_worker(struct jw *w, const struct worker *jobd)
{
	jw_object(w, NULL);
	jw_id(w, "id", jobd->id);
	jw_text(w, "host", jobd->host);
	jw_int(w, "pid", jobd->pid);
	jw_time(w, "started_at", jobd->started_at);
	jw_time(w, "beat_at", jobd->beat_at);
	jw_time(w, "lease_until", jobd->lease_until);
	jw_bool(w, "alive", jobd->alive);
	jw_bool(w, "idle", jobd->idle);
	jw_int(w, "running", jobd->running);
	if (jobd->slots)
		jw_raw(w, "pools", slice_of(jobd->slots));
	else
		jw_null(w, "pools");
	jw_close(w);
}

enum rc
workers_write(struct cx *cx, struct jw *w)
{
	struct worker *list;
	size_t n, i;

	TRY(worker_list(cx, &list, &n));
	jw_list(w, "items");
	for (i = 0; i < n; i++)
		put_worker(w, &list[i]);
	jw_close(w);
	return RC_OK;
}
