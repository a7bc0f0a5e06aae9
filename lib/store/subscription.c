/* Webhook subscriptions as Shopify had them when they were last compared. */
#include "store/subscription.h"

enum rc
subscription_save(
    struct cx *cx, const char *topic, const char *gid, const char *uri)
{
	return db_run(cx, Q_SUBSCRIPTION_SAVE,
	    ARGS(a_int(cx->shop_id), a_text(topic), a_text(gid), a_text(uri)),
	    NULL);
}

enum rc
subscription_list(struct cx *cx, struct subscription **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_SUBSCRIPTION_LIST, ARGS(a_int(cx->shop_id)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct subscription, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct subscription){
			.topic = row_text(row, 0),
			.gid = row_text(row, 1),
			.uri = row_text(row, 2),
			.made_at = row_int(row, 3),
			.seen_at = row_int(row, 4),
		};
	}
	return RC_OK;
}
