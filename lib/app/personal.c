/* Opening what is sealed in pulled rows, for a caller who may see it. */
#include "app/personal.h"

static size_t
subjects_of(struct cx *cx, const struct pulled_rows *rows, struct subject **out)
{
	size_t i, n = 0;

	*out = ARENA_ARRAY(cx->mem, struct subject, rows->n + 1);
	for (i = 0; i < rows->n; i++)
		if (rows->list[i].sealed.p)
			(*out)[n++] = rows->list[i].subject;
	return n;
}

static enum rc
key_of(struct cx *cx, const struct keys *keys, struct subject subject,
    uint32_t key_id, struct blob_key *out)
{
	const struct blob_key *shop;

	if (subject.kind != 's')
		return keys_subject(cx, keys, subject, key_id, out);
	shop = keys_find(keys, key_id);
	if (!shop)
		return RC_ABSENT;
	*out = *shop;
	return RC_OK;
}

enum rc
personal_open_one(struct cx *cx, const struct keys *keys,
    const struct blob_place *place, struct slice sealed, struct subject subject,
    const char **out)
{
	struct blob_key *key =
	    arena_alloc_secret(cx->mem, sizeof(struct blob_key));
	struct slice plain;
	uint32_t key_id;
	enum rc rc;

	*out = NULL;
	if (!blob_key_id(sealed, &key_id))
		return rc_fail(
		    cx, RC_BUG, "a row of %s holds no blob", place->table);
	rc = key_of(cx, keys, subject, key_id, key);
	if (rc == RC_ABSENT) /* forgotten: dark for good */
		return RC_OK;
	TRY(rc);
	TRY(blob_open(cx, key, place, sealed, &plain));
	*out = text_of(cx->mem, plain);
	return RC_OK;
}

static enum rc
open_row(struct cx *cx, const struct keys *keys, const char *table,
    const struct pulled_row *row, const char **out)
{
	const struct blob_place place = { cx->shop_id, table, "sealed",
		text_fmt(cx->mem, "%lld", (long long)row->id) };

	*out = NULL;
	if (!row->sealed.p)
		return RC_OK;
	return personal_open_one(
	    cx, keys, &place, row->sealed, row->subject, out);
}

enum rc
personal_open(
    struct cx *cx, const struct pulled_rows *rows, const char *const **out)
{
	const char **texts = ARENA_ARRAY(cx->mem, const char *, rows->n + 1);
	struct subject *subjects;
	const size_t n = subjects_of(cx, rows, &subjects);
	struct keys keys;
	size_t i;
	enum rc rc;

	*out = texts;
	if (n == 0)
		return RC_OK;
	rc = keys_load(cx, cx->shop_id, KEYS_AS_THEY_ARE, &keys);
	if (rc == RC_ABSENT) /* the shop's key was destroyed */
		return RC_OK;
	TRY(rc);
	TRY(keys_subjects(cx, &keys, KEYS_AS_THEY_ARE, subjects, n));
	for (i = 0; i < rows->n; i++)
		TRY(open_row(
		    cx, &keys, rows->table, &rows->list[i], &texts[i]));
	return RC_OK;
}
