/* Webhooks as rows: kept by the door, applied by a job. */
#include "store/webhook.h"

#include "base/code.h"
#include "io/crypt.h"
#include "store/job.h"
#include "store/mint.h"

/* The columns of a batch, one array each. */
struct columns {
	const char **texts[7];
	struct slice *bytes[4];
	int64_t *sizes;
	int64_t *pairs; /* of the inbox */
};

static struct columns
columns_new(struct cx *cx, size_t n)
{
	struct columns c = {
		.sizes = ARENA_ARRAY(cx->mem, int64_t, n),
		.pairs = ARENA_ARRAY(cx->mem, int64_t, n),
	};
	size_t i;

	for (i = 0; i < 7; i++)
		c.texts[i] = ARENA_ARRAY(cx->mem, const char *, n);
	for (i = 0; i < 4; i++)
		c.bytes[i] = ARENA_ARRAY(cx->mem, struct slice, n);
	return c;
}

static void
columns_put(struct columns *c, size_t i, const struct webhook_new *w)
{
	c->texts[0][i] = w->id;
	c->texts[1][i] = w->domain;
	c->texts[2][i] = w->topic;
	c->texts[3][i] = w->webhook_id;
	c->texts[4][i] = w->event_id;
	c->texts[5][i] = w->api_version;
	c->texts[6][i] = w->triggered_at;
	c->bytes[0][i] = slice_of(w->trace);
	c->bytes[1][i] = (struct slice){ (const char *)w->sha256, 32 };
	c->sizes[i] = w->bytes;
	c->pairs[i] = w->inbox_id;
	c->bytes[2][i] = w->sealed;
	c->bytes[3][i] = (struct slice){ (const char *)w->key, 32 };
}

enum rc
webhook_keep(struct cx *cx, struct webhook_new *const *list, size_t n)
{
	const struct job_kind_row *kind = job_kind_row(JOB_WEBHOOK_APPLY);
	struct columns c = columns_new(cx, n);
	size_t i;

	for (i = 0; i < n; i++)
		columns_put(&c, i, list[i]);
	return db_run(cx, Q_WEBHOOK_KEEP,
	    ARGS(a_texts(c.texts[0], n), a_texts(c.texts[1], n),
		a_texts(c.texts[2], n), a_texts(c.texts[3], n),
		a_texts(c.texts[4], n), a_texts(c.texts[5], n),
		a_texts(c.texts[6], n), a_byteses(c.bytes[0], n),
		a_byteses(c.bytes[1], n), a_ints(c.sizes, n),
		a_byteses(c.bytes[2], n), a_byteses(c.bytes[3], n),
		a_ints(c.pairs, n), a_int(kind->soft_s), a_int(kind->hard_s),
		a_int(kind->attempts)),
	    NULL);
}

/* The door does not know the shop's number, so the place has none. */
struct blob_place
webhook_place(const char *id)
{
	return (struct blob_place){ 0, "webhook", "body", id };
}

enum rc
webhook_load(struct cx *cx, int64_t shop_id, const char *at, const char *id,
    struct webhook *out)
{
	struct row row;

	TRY(db_one(cx, Q_WEBHOOK_LOAD,
	    ARGS(a_int(shop_id), a_text(at), a_text(id)), &row));
	*out = (struct webhook){
		.shop_id = shop_id,
		.at = at,
		.id = id,
		.domain = row_text(row, 0),
		.topic = row_text(row, 1),
		.shop_epoch = (int32_t)row_int(row, 3),
		.body = row_bytes(row, 5),
		.in_inbox = !row_null(row, 6),
		.state = row_text(row, 7),
		.triggered_at = row_int(row, 8),
		.reason = row_text(row, 9),
	};
	return RC_OK;
}

enum rc
webhook_failed(struct cx *cx, struct webhook **out, size_t *n)
{
	struct rows rows;
	size_t i;

	if (!cx->every_shop)
		return rc_fail(cx, RC_BUG, "one shop's view is not all shops'");
	TRY(db_all(cx, Q_WEBHOOK_FAILED, NO_ARGS, &rows));
	*out = ARENA_ARRAY(cx->mem, struct webhook, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct webhook){
			.shop_id = row_int(row, 0),
			.at = row_text(row, 1),
			.id = row_text(row, 2),
		};
	}
	return RC_OK;
}

enum rc
webhook_note(struct cx *cx, const struct webhook *w, const char *state,
    const char *reason, struct slice sealed, struct subject subject)
{
	const char kind[] = { subject.kind, '\0' };

	return db_run(cx, Q_WEBHOOK_NOTE,
	    ARGS(a_int(w->shop_id), a_text(w->at), a_text(w->id), a_text(state),
		a_text(reason), a_bytes(sealed),
		sealed.p ? a_text(kind) : a_null(),
		sealed.p ? a_int(subject.id) : a_null()),
	    NULL);
}

enum rc
webhook_fail(struct cx *cx, const struct webhook *w, const char *why)
{
	return db_run(cx, Q_WEBHOOK_FAIL,
	    ARGS(a_int(w->shop_id), a_text(w->at), a_text(w->id), a_text(why)),
	    NULL);
}

enum rc
webhook_body_single(struct cx *cx, const struct webhook *w, struct slice body)
{
	unsigned char hash[32];
	struct slice key;
	struct row row;
	enum rc rc;

	TRY(crypt_sha256(cx, body, hash));
	TRY(mint_hash(cx,
	    text_fmt(cx->mem, "%s %d %.*s", w->topic, (int)w->shop_epoch, 64,
		hex_of(cx->mem, hash, 32)),
	    &key));
	rc = db_one(cx, Q_WEBHOOK_BODY_PUT,
	    ARGS(a_int(w->shop_id), a_bytes(key)), &row);
	return rc == RC_ABSENT ? RC_CONFLICT : rc;
}
