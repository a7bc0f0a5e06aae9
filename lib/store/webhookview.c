/* Webhooks as people look at them: what came, and what became of it. */
#include "store/webhook.h"

static void
view_read(struct row row, struct webhookview *out)
{
	*out = (struct webhookview){
		.id = row_text(row, 0),
		.shop_id = row_int(row, 1),
		.domain = row_text(row, 2),
		.topic = row_text(row, 3),
		.webhook_id = row_text(row, 4),
		.event_id = row_text(row, 5),
		.api_version = row_text(row, 6),
		.received_at = row_real(row, 7),
		.triggered_at = row_real(row, 8),
		.applied_at = row_real(row, 9),
		.bytes = row_int(row, 10),
		.state = row_text(row, 11),
		.reason = row_text(row, 12),
		.trace = row_text(row, 13),
	};
}

static enum rc
list_rows(struct cx *cx, const struct webhookview_ask *ask, struct rows *rows)
{
	if (cx->every_shop)
		return db_all(cx, Q_WEBHOOK_LIST_ALL,
		    ARGS(a_text(ask->after), a_text(ask->topic),
			a_text(ask->state), a_int(ask->limit)),
		    rows);
	return db_all(cx, Q_WEBHOOK_LIST,
	    ARGS(a_int(cx->shop_id), a_text(ask->after), a_text(ask->topic),
		a_text(ask->state), a_int(ask->limit)),
	    rows);
}

enum rc
webhookview_list(struct cx *cx, const struct webhookview_ask *ask,
    struct webhookview **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(list_rows(cx, ask, &rows));
	*out = ARENA_ARRAY(cx->mem, struct webhookview, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		view_read(rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
webhookview_load(struct cx *cx, const char *id, struct webhookview *out)
{
	struct row row;

	if (cx->every_shop)
		TRY(db_one(cx, Q_WEBHOOK_VIEW_ALL, ARGS(a_text(id)), &row));
	else
		TRY(db_one(cx, Q_WEBHOOK_VIEW,
		    ARGS(a_int(cx->shop_id), a_text(id)), &row));
	view_read(row, out);
	return RC_OK;
}
