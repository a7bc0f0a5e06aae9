/* A pulled row as it was, for a record whose object does not say all. */
#include "app/before.h"
#include "app/personal.h"

enum { ROW_MAX_BYTES = 2 << 20 };

static enum rc
read_text(struct cx *cx, const char *text, struct json *out)
{
	return json_read(cx, slice_of(text), ROW_MAX_BYTES, RC_BUG, out);
}

enum rc
before_load(struct cx *cx, const char *word, int64_t id, struct map_before *out)
{
	const struct rows_ask ask = { .word = word, .id = id, .limit = 1 };
	const char *const *texts;
	struct pulled_rows rows;
	enum rc rc;

	*out = (struct map_before){ .row = { NULL, RC_BUG } };
	rc = pulled_rows_load(cx, &ask, &rows);
	if (rc == RC_ABSENT) {
		rc_forget(cx);
		return RC_OK;
	}
	TRY(rc);
	TRY(personal_open(cx, &rows, &texts));
	if (texts[0])
		TRY(read_text(cx, texts[0], &out->sealed));
	return read_text(cx, rows.list[0].json, &out->row);
}
