/* Who opened whose personal data, when, through what: only ever added to. */
#include "store/privacy.h"

enum rc
access_put(struct cx *cx, const struct access *a)
{
	const char *only = NULL;

	if (a->n == 0)
		return RC_OK;
	if (a->n == 1)
		only = text_fmt(cx->mem, "%c %lld", a->subjects[0].kind,
		    (long long)a->subjects[0].id);
	return db_run(cx, Q_ACCESS_PUT,
	    ARGS(a_int(cx->shop_id), a_text(a->who), a_text(a->through),
		a_text(a->what), a_int((int64_t)a->n), a_text(only),
		cx->trace ? a_bytes(slice_of(cx->trace)) : a_null()),
	    NULL);
}

enum rc
access_list(struct cx *cx, int64_t shop_id, int64_t after, int limit,
    struct access_row **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_ACCESS_LIST,
	    ARGS(shop_id ? a_int(shop_id) : a_null(),
		after ? a_int(after) : a_null(), a_int(limit)),
	    &rows));
	*out = ARENA_ARRAY(cx->mem, struct access_row, rows.n + 1);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct access_row){
			.id = row_text(row, 0),
			.domain = row_text(row, 1),
			.at = row_int(row, 2),
			.who = row_text(row, 3),
			.through = row_text(row, 4),
			.what = row_text(row, 5),
			.subjects = row_int(row, 6),
			.subject = row_text(row, 7),
		};
	}
	return RC_OK;
}
