/* Alerts: whether each stands, and what was told of it. */
#include "store/alert.h"

const char *
alert_word(enum alert_name name)
{
	static const char *const words[] = { "backlog", "dead" };

	return words[name];
}

enum rc
alert_take(struct cx *cx, struct alert out[ALERT_NAMES])
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_ALERT_TAKE, NO_ARGS, &rows));
	if (rows.n != ALERT_NAMES)
		return RC_ABSENT;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		out[i] = (struct alert){
			.firing = row_bool(row, 1),
			.since = row_int(row, 2),
			.told_s = row_null(row, 3) ? -1 : row_real(row, 3),
			.told = row_int(row, 4),
		};
	}
	return RC_OK;
}

enum rc
alert_dead(struct cx *cx, int64_t *untold, int64_t *behind)
{
	struct row row;

	TRY(db_one(cx, Q_ALERT_DEAD, NO_ARGS, &row));
	*untold = row_int(row, 0);
	*behind = row_int(row, 1);
	return RC_OK;
}

enum rc
alert_save(struct cx *cx, enum alert_name name, bool firing, bool told,
    int64_t accounted)
{
	return db_run(cx, Q_ALERT_SAVE,
	    ARGS(a_text(alert_word(name)), a_bool(firing), a_bool(told),
		accounted < 0 ? a_null() : a_int(accounted)),
	    NULL);
}
