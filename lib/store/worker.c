/* The jobds as people look at them. */
#include "store/worker.h"

enum rc
worker_list(struct cx *cx, struct worker **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_WORKER_LIST, NO_ARGS, &rows));
	*out = ARENA_ARRAY(cx->mem, struct worker, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct worker){
			.id = row_int(row, 0),
			.host = row_text(row, 1),
			.pid = row_int(row, 2),
			.started_at = row_int(row, 3),
			.beat_at = row_int(row, 4),
			.lease_until = row_int(row, 5),
			.alive = row_bool(row, 6),
			.idle = row_bool(row, 7),
			.running = row_int(row, 8),
			.slots = row_text(row, 9),
		};
	}
	return RC_OK;
}

enum rc
worker_say(struct cx *cx, int64_t id, const char *slots)
{
	return db_run(cx, Q_WORKER_SAY, ARGS(a_int(id), a_text(slots)), NULL);
}
