/* Requests of the privacy law, and what they empty. */
#include "store/privacy.h"
#include "store/mint.h"

static struct slice
trace_of(const struct cx *cx)
{
	return cx->trace ? slice_of(cx->trace) : (struct slice){ NULL, 0 };
}

enum rc
privacy_put(struct cx *cx, const struct privacy_new *p)
{
	return db_run(cx, Q_PRIVACY_PUT,
	    ARGS(a_int(p->shop_id), a_text(p->id), a_text(p->kind),
		a_text(p->source),
		p->customer_id ? a_int(p->customer_id) : a_null(),
		a_ints(p->orders, p->n_orders), a_bytes(trace_of(cx))),
	    NULL);
}

/* ---- reading */

static void
read_row(struct row row, struct privacy *out)
{
	*out = (struct privacy){
		.shop_id = row_int(row, 0),
		.id = row_text(row, 1),
		.kind = row_text(row, 2),
		.source = row_text(row, 3),
		.customer_id = row_int(row, 4),
		.orders = row_text(row, 5),
		.domain = row_text(row, 6),
		.asked_at = row_int(row, 7),
		.due_at = row_int(row, 8),
		.done_at = row_int(row, 9),
		.state = row_text(row, 10),
		.reason = row_text(row, 11),
		.counts = row_text(row, 12),
		.shop_sha256 = row_text(row, 13),
		.subject_sha256 = row_text(row, 14),
		.package_bytes = row_int(row, 15),
		.package_at = row_int(row, 16),
	};
}

static enum rc
list(struct cx *cx, int64_t shop_id, const char *after, const char *id,
    int limit, struct privacy **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_PRIVACY_LIST,
	    ARGS(shop_id ? a_int(shop_id) : a_null(), a_text(after),
		a_int(limit), a_text(id)),
	    &rows));
	*out = ARENA_ARRAY(cx->mem, struct privacy, rows.n + 1);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		read_row(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
privacy_list(struct cx *cx, int64_t shop_id, const char *after, int limit,
    struct privacy **out, size_t *n)
{
	return list(cx, shop_id, after, NULL, limit, out, n);
}

enum rc
privacy_load(
    struct cx *cx, int64_t shop_id, const char *id, struct privacy *out)
{
	struct privacy *found;
	size_t n;

	TRY(list(cx, shop_id, NULL, id, 1, &found, &n));
	if (n == 0)
		return rc_fail(cx, RC_ABSENT, "no such request");
	*out = found[0];
	return RC_OK;
}

/* ---- how it ended */

/* Whom it was about, for who knows whom to ask for. */
static enum rc
digest(struct cx *cx, int64_t shop_id, int64_t customer_id, struct slice *out)
{
	return mint_hash(cx,
	    text_fmt(cx->mem, "%lld %lld", (long long)shop_id,
		(long long)customer_id),
	    out);
}

enum rc
privacy_end(struct cx *cx, const struct privacy *p, const char *state,
    const char *reason, const char *counts)
{
	struct slice shop, subject = { NULL, 0 };

	TRY(digest(cx, p->shop_id, 0, &shop));
	if (p->customer_id)
		TRY(digest(cx, p->shop_id, p->customer_id, &subject));
	return db_run(cx, Q_PRIVACY_END,
	    ARGS(a_int(p->shop_id), a_text(p->id), a_text(state),
		a_text(reason), a_text(counts), a_bytes(shop),
		a_bytes(subject)),
	    NULL);
}

enum rc
privacy_forget_customer(struct cx *cx, const struct privacy *p)
{
	return db_run(cx, Q_PRIVACY_FORGET_CUSTOMER,
	    ARGS(a_int(p->shop_id), a_int(p->customer_id), a_text(p->id)),
	    NULL);
}

enum rc
privacy_leave(struct cx *cx, int64_t shop_id)
{
	struct slice shop;

	TRY(digest(cx, shop_id, 0, &shop));
	return db_run(
	    cx, Q_PRIVACY_LEAVE, ARGS(a_int(shop_id), a_bytes(shop)), NULL);
}

/* ---- emptying */

enum rc
redact_customer(struct cx *cx, int64_t shop_id, int64_t customer_id,
    const int64_t *orders, size_t n_orders, const char *const *words,
    size_t n_words, const char **counts)
{
	struct row row;

	TRY(db_one(cx, Q_REDACT_CUSTOMER,
	    ARGS(a_int(shop_id), customer_id ? a_int(customer_id) : a_null(),
		a_ints(orders, n_orders), a_texts(words, n_words)),
	    &row));
	*counts = row_text(row, 0);
	return RC_OK;
}

enum rc
redact_shop(struct cx *cx, int64_t shop_id, int most, const char **counts)
{
	struct row row;

	TRY(db_one(cx, Q_REDACT_SHOP, ARGS(a_int(shop_id), a_int(most)), &row));
	*counts = row_text(row, 0);
	return RC_OK;
}

/* ---- telling */

static void
read_found(struct row row, struct privacy_row *out)
{
	const char *kind = row_text(row, 4);

	*out = (struct privacy_row){
		.table = row_text(row, 0),
		.id = row_text(row, 1),
		.json = row_text(row, 2),
		.sealed = row_bytes(row, 3),
		.subject = { kind ? kind[0] : '\0', row_int(row, 5) },
	};
}

enum rc
privacy_rows(struct cx *cx, int64_t shop_id, int64_t customer_id,
    const int64_t *orders, size_t n_orders, struct privacy_row **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_PRIVACY_ROWS,
	    ARGS(a_int(shop_id), a_int(customer_id), a_ints(orders, n_orders)),
	    &rows));
	*out = ARENA_ARRAY(cx->mem, struct privacy_row, rows.n + 1);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		read_found(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

struct blob_place
privacy_package_place(int64_t shop_id, const char *id)
{
	return (struct blob_place){ shop_id, "privacy_package", "sealed", id };
}

enum rc
privacy_package_put(struct cx *cx, const struct privacy *p,
    struct subject subject, struct slice sealed, size_t bytes)
{
	return db_run(cx, Q_PRIVACY_PACKAGE_PUT,
	    ARGS(a_int(p->shop_id), a_text(p->id),
		a_text(text_fmt(cx->mem, "%c", subject.kind)),
		a_int(subject.id), a_bytes(sealed), a_int((int64_t)bytes)),
	    NULL);
}

enum rc
privacy_package_load(struct cx *cx, int64_t shop_id, const char *id,
    struct subject *subject, struct slice *sealed)
{
	struct row row;
	const enum rc rc = db_one(
	    cx, Q_PRIVACY_PACKAGE_LOAD, ARGS(a_int(shop_id), a_text(id)), &row);

	if (rc == RC_ABSENT)
		return rc_fail(
		    cx, RC_ABSENT, "there is no package of this request");
	TRY(rc);
	*subject = (struct subject){ row_text(row, 0)[0], row_int(row, 1) };
	*sealed = row_bytes(row, 2);
	return RC_OK;
}
