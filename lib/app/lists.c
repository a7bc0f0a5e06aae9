/* Lists over the API: {items, next}, paged by an opaque cursor. */
#include "app/lists.h"
#include "base/uuid.h"

bool
list_after_ok(const char *text)
{
	return uuid_ok(text);
}

static const struct field list_fields[] = {
	FIELD_TEXT(list_query, after, .max = 36, .ok = list_after_ok,
	    .rule = "a cursor that a list gave as next",
	    .note = "Go on behind this cursor."),
	FIELD_INT(list_query, limit, .min = 1, .max = LIST_LIMIT_MAX,
	    .fallback = "50", .note = "Items at most."),
	FIELD_TEXT(list_query, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape list_query = SHAPE(list_query, list_fields);

static const struct field shop_fields[] = {
	FIELD_TEXT(shop_query, shop, .max = 100,
	    .note = "The shop that the operator means."),
	FIELD_END,
};
const struct shape shop_query = SHAPE(shop_query, shop_fields);

enum rc
list_end(struct reply *rp, struct jw *w, const char *last, bool full)
{
	jw_close(w);
	jw_text(w, "next", full ? last : NULL);
	return reply_end(rp);
}
