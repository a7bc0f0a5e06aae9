/* Forgetting, on the keyring's side (design.md 6). */
#include "store/forget.h"

struct columns {
	const char **kinds;
	int64_t *ids;
};

static struct columns
columns_of(struct cx *cx, const struct subject *list, size_t n)
{
	const struct columns c = {
		.kinds = ARENA_ARRAY(cx->mem, const char *, n + 1),
		.ids = ARENA_ARRAY(cx->mem, int64_t, n + 1),
	};

	for (size_t i = 0; i < n; i++) {
		c.kinds[i] = text_fmt(cx->mem, "%c", list[i].kind);
		c.ids[i] = list[i].id;
	}
	return c;
}

enum rc
forget_note(struct cx *cx, int64_t shop_id, const struct subject *list,
    size_t n, const char *reason)
{
	const struct columns c = columns_of(cx, list, n);

	return db_run(cx, Q_TOMBSTONE_PUT,
	    ARGS(a_int(shop_id), a_texts(c.kinds, n), a_ints(c.ids, n),
		a_text(reason)),
	    NULL);
}

enum rc
forget_note_shop(struct cx *cx, int64_t shop_id, const char *reason)
{
	const struct subject shop = { 's', 0 };

	return forget_note(cx, shop_id, &shop, 1, reason);
}

enum rc
forget_lift(struct cx *cx, int64_t shop_id)
{
	return db_run(cx, Q_TOMBSTONE_LIFT, ARGS(a_int(shop_id)), NULL);
}

enum rc
forget_subjects(
    struct cx *cx, int64_t shop_id, const struct subject *list, size_t n)
{
	const struct columns c = columns_of(cx, list, n);

	return db_run(cx, Q_SUBJECT_SALT_DROP,
	    ARGS(a_int(shop_id), a_texts(c.kinds, n), a_ints(c.ids, n)), NULL);
}

enum rc
forget_shop(struct cx *cx, int64_t shop_id)
{
	TRY(db_run(cx, Q_SUBJECT_SALT_DROP_ALL, ARGS(a_int(shop_id)), NULL));
	return db_run(cx, Q_SHOP_KEY_DROP, ARGS(a_int(shop_id)), NULL);
}

enum rc
forgotten_list(struct cx *cx, size_t most, struct forgotten **out, size_t *n,
    const char **until)
{
	struct row known;
	struct rows rows;

	TRY(db_one(cx, Q_FORGOTTEN_LOAD, NO_ARGS, &known));
	TRY(db_all(cx, Q_TOMBSTONE_LIST_SINCE,
	    ARGS(a_text(row_text(known, 0)), a_int((int64_t)most)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct forgotten, rows.n + 1);
	*n = rows.n;
	*until = NULL;
	for (size_t i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct forgotten){ row_int(row, 0),
			{ row_text(row, 1)[0], row_int(row, 2) } };
		*until = row_text(row, 3);
	}
	return RC_OK;
}

enum rc
forgotten_done(struct cx *cx, const char *until)
{
	return db_run(cx, Q_FORGOTTEN_SAVE, ARGS(a_text(until)), NULL);
}
