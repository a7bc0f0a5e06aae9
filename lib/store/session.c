/* Browser sessions: 256 random bits in a cookie, their SHA-256 here (D6). */
#include <string.h>

#include "base/clock.h"
#include "base/uuid.h"
#include "store/mint.h"
#include "store/session_in.h"

enum { AGENT_MAX_BYTES = 200 };

static void
session_times(struct session *out)
{
	out->created_at = out->seen_at = clock_wall();
	out->expires_at = out->created_at + conf_int(C_SESSION_MAX_S);
	out->idle_until = out->created_at + conf_int(C_SESSION_IDLE_S);
}

enum rc
session_mint(struct cx *cx, int64_t user_id, const char *agent,
    int32_t shop_epoch, struct session *out, const char **cookie)
{
	struct slice hash;

	*out = (struct session){
		.shop_id = cx->shop_id,
		.operator= cx->shop_id == 0,
		.user_id = user_id,
		.agent = text_cut(cx->mem, agent ? agent : "", AGENT_MAX_BYTES),
	};
	TRY(uuid_mint(cx, &out->id));
	TRY(mint_text(cx, cookie));
	TRY(mint_hash(cx, *cookie, &hash));
	session_times(out);
	return db_run(cx, Q_SESSION_PUT,
	    ARGS(a_int(out->shop_id), a_text(out->id), a_bytes(hash),
		a_bool(out->operator), user_id ? a_int(user_id) : a_null(),
		a_text(out->agent), a_int(conf_int(C_SESSION_IDLE_S)),
		a_int(conf_int(C_SESSION_MAX_S)), a_int(shop_epoch)),
	    NULL);
}

static enum rc
find_row(struct cx *cx, struct slice hash, struct session *out)
{
	struct row row;

	TRY(db_one(cx, Q_SESSION_FIND, ARGS(a_bytes(hash)), &row));
	*out = (struct session){
		.shop_id = row_int(row, 0),
		.id = row_text(row, 1),
		.operator= row_bool(row, 2),
		.user_id = row_int(row, 3),
		.shop = row_text(row, 4),
		.status = row_text(row, 5),
		.expires_at = row_int(row, 6),
		.idle_until = row_int(row, 7),
		.stale = row_bool(row, 8),
		.epoch = (int32_t)row_int(row, 9),
	};
	return RC_OK;
}

enum rc
session_find(struct cx *cx, const char *cookie, struct session *out)
{
	struct slice hash;
	bool keep;
	enum rc rc;

	if (strlen(cookie) != 43)
		return RC_ABSENT;
	TRY(mint_hash(cx, cookie, &hash));
	rc = session_copy_find(cx, hash, out, &keep);
	if (rc != RC_ABSENT)
		return rc;
	TRY(find_row(cx, hash, out));
	if (keep)
		session_copy_keep(cx, hash, out);
	return RC_OK;
}

enum rc
session_seen(struct cx *cx, int64_t shop_id, const char *id)
{
	return db_run(cx, Q_SESSION_SEEN,
	    ARGS(a_int(shop_id), a_text(id), a_int(conf_int(C_SESSION_IDLE_S))),
	    NULL);
}

static void
session_read(int64_t shop_id, struct row row, struct session *out)
{
	*out = (struct session){
		.shop_id = shop_id,
		.id = row_text(row, 0),
		.operator= row_bool(row, 1),
		.user_id = row_int(row, 2),
		.agent = row_text(row, 3),
		.created_at = row_int(row, 4),
		.seen_at = row_int(row, 5),
		.expires_at = row_int(row, 6),
		.idle_until = row_int(row, 7),
	};
}

enum rc
session_list(struct cx *cx, int64_t shop_id, const char *after, int limit,
    struct session **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_SESSION_LIST,
	    ARGS(a_int(shop_id), a_text(after), a_int(limit)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct session, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++)
		session_read(shop_id, rows_at(&rows, i), &(*out)[i]);
	return RC_OK;
}

enum rc
session_drop(struct cx *cx, int64_t shop_id, const char *id)
{
	struct row row;

	TRY(db_one(cx, Q_SESSION_DROP, ARGS(a_int(shop_id), a_text(id)), &row));
	return session_copy_end(cx, row_bytes(row, 0));
}
