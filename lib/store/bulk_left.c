/* What the file of a bulk operation leaves to be done. */
#include "store/bulk.h"

static void
parent_read(struct row row, struct bulk_parent *out)
{
	const char *kind = row_text(row, 2);

	*out = (struct bulk_parent){
		.id = row_int(row, 0),
		.updated_at = row_text(row, 1),
		.subject = { kind ? kind[0] : '\0', row_int(row, 3) },
		.wanted = row_int(row, 4),
		.got = row_int(row, 5),
		.stored = true,
	};
}

static void
parents_read(struct cx *cx, const struct rows *rows, struct bulk_parent **out,
    size_t *n_out)
{
	size_t i;

	*out = ARENA_ARRAY(cx->mem, struct bulk_parent, rows->n + 1);
	*n_out = rows->n;
	for (i = 0; i < rows->n; i++)
		parent_read(rows_at(rows, i), &(*out)[i]);
}

enum rc
bulk_parents_load(struct cx *cx, const struct bulk_part *part,
    const int64_t *ids, size_t n, struct bulk_parent **out, size_t *n_out)
{
	struct rows rows;

	TRY(db_all(cx, Q_BULK_PARENT_LOAD,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_ints(ids, n)),
	    &rows));
	parents_read(cx, &rows, out, n_out);
	return RC_OK;
}

enum rc
bulk_parents_saved(struct cx *cx, const struct bulk_part *part,
    const int64_t *ids, size_t n, struct bulk_parent **out, size_t *n_out)
{
	const bool products = text_same(part->resource, "products");
	struct rows rows;
	size_t i;

	TRY(db_all(cx, products ? Q_BULK_PRODUCT_PARENTS : Q_BULK_ORDER_PARENTS,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id), a_ints(ids, n)),
	    &rows));
	parents_read(cx, &rows, out, n_out);
	for (i = 0; i < *n_out; i++)
		(*out)[i].stored = false;
	return RC_OK;
}

enum rc
bulk_parents_save(struct cx *cx, const struct bulk_part *part,
    const struct bulk_parent *list, size_t n)
{
	int64_t *numbers = ARENA_ARRAY(cx->mem, int64_t, 4 * n + 1);
	const char **texts = ARENA_ARRAY(cx->mem, const char *, 2 * n + 1);
	size_t i;

	if (n == 0)
		return RC_OK;
	for (i = 0; i < n; i++) {
		numbers[i] = list[i].id;
		numbers[n + i] = list[i].subject.id;
		numbers[2 * n + i] = list[i].wanted;
		numbers[3 * n + i] = list[i].got;
		texts[i] = list[i].updated_at;
		texts[n + i] = list[i].subject.kind == '\0'  ? NULL
			       : list[i].subject.kind == 'c' ? "c"
							     : "o";
	}
	return db_run(cx, Q_BULK_PARENT_SAVE,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_ints(numbers, n), a_texts(texts, n),
		a_texts(texts + n, n), a_ints(numbers + n, n),
		a_ints(numbers + 2 * n, n), a_ints(numbers + 3 * n, n)),
	    NULL);
}

enum rc
bulk_left_put(struct cx *cx, const struct bulk_part *part, const char *kind,
    const int64_t *ids, size_t n)
{
	if (n == 0)
		return RC_OK;
	return db_run(cx, Q_BULK_LEFT_PUT,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_text(kind), a_ints(ids, n)),
	    NULL);
}

enum rc
bulk_left_drop(struct cx *cx, const struct bulk_part *part, const char *kind,
    const int64_t *ids, size_t n)
{
	if (n == 0)
		return RC_OK;
	return db_run(cx, Q_BULK_LEFT_DROP,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_text(kind), a_ints(ids, n)),
	    NULL);
}

enum rc
bulk_left_list(struct cx *cx, const struct bulk_part *part, const char *kind,
    int limit, struct bulk_left *out)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_BULK_LEFT_LIST,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_text(kind), a_int(limit)),
	    &rows));
	out->n = rows.n;
	out->ids = ARENA_ARRAY(cx->mem, int64_t, rows.n + 1);
	out->lines = ARENA_ARRAY(cx->mem, struct slice, rows.n + 1);
	for (i = 0; i < rows.n; i++) {
		out->ids[i] = row_int(rows_at(&rows, i), 0);
		out->lines[i] = row_bytes(rows_at(&rows, i), 1);
	}
	return RC_OK;
}

enum rc
bulk_children_put(
    struct cx *cx, const struct bulk_part *part, const struct bulk_left *list)
{
	if (list->n == 0)
		return RC_OK;
	return db_run(cx, Q_BULK_CHILD_PUT,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource), a_ints(list->ids, list->n),
		a_byteses(list->lines, list->n)),
	    NULL);
}

struct blob_place
bulk_child_place(struct cx *cx, const struct bulk_part *part, int64_t at)
{
	return (struct blob_place){ cx->shop_id, "bulk_left", "line",
		text_fmt(cx->mem, "%s %s %lld", part->pull_id, part->resource,
		    (long long)at) };
}

enum rc
bulk_settle(struct cx *cx, const struct bulk_part *part)
{
	TRY(db_run(cx, Q_BULK_SHORT,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id),
		a_text(part->resource)),
	    NULL));
	if (!text_same(part->resource, "products"))
		return RC_OK;
	return db_run(cx, Q_BULK_VARIANT_GONE,
	    ARGS(a_int(cx->shop_id), a_text(part->pull_id)), NULL);
}
