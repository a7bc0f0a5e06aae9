/* Keys: a shop's key wrapped by a KEK, a subject's salt (design.md 6). */
#include <stdlib.h>
#include <string.h>

#include "io/crypt.h"
#include "store/kek.h"
#include "store/keyring.h"

static struct blob_place
key_place(struct cx *cx, int64_t shop_id, int64_t key_id)
{
	return (struct blob_place){ shop_id, "shop_key", "wrapped",
		text_fmt(cx->mem, "%lld", (long long)key_id) };
}

static enum rc
unwrap(struct cx *cx, int64_t shop_id, struct row row, struct blob_key *out)
{
	const int64_t key_id = row_int(row, 0);
	const struct blob_key *kek = kek_find((uint32_t)row_int(row, 1));
	const struct blob_place place = key_place(cx, shop_id, key_id);
	struct slice plain;

	if (!kek)
		return rc_fail(cx, RC_BUG, "no KEK of number %s in KEK_DIR",
		    row_text(row, 1));
	TRY(blob_open(cx, kek, &place, row_bytes(row, 2), &plain));
	if (plain.n != sizeof(out->bytes))
		return rc_fail(cx, RC_BUG, "a shop's key has a wrong length");
	out->id = (uint32_t)key_id;
	memcpy(out->bytes, plain.p, sizeof(out->bytes));
	return RC_OK;
}

static enum rc
keys_read(struct cx *cx, int64_t shop_id, struct keys *out)
{
	struct rows rows;
	size_t i;

	*out = (struct keys){ .shop_id = shop_id };
	TRY(db_all(cx, Q_SHOP_KEY_LOAD, ARGS(a_int(shop_id)), &rows));
	if (rows.n == 0)
		return RC_ABSENT;
	out->list = arena_alloc_secret(cx->mem, rows.n * sizeof(*out->list));
	for (i = 0; i < rows.n; i++)
		TRY(unwrap(cx, shop_id, rows_at(&rows, i), &out->list[i]));
	out->n = rows.n;
	return RC_OK;
}

/* A new key, kept before the first row that needs it: an orphan does no harm.
 * A rival may be first; whoever loads next sees what was kept. */
static enum rc
key_make(struct cx *cx, int64_t shop_id)
{
	const struct blob_key *kek = kek_newest();
	const struct blob_place place = key_place(cx, shop_id, 1);
	unsigned char *key = arena_alloc_secret(cx->mem, 32);
	struct slice wrapped;

	if (!kek)
		return rc_fail(cx, RC_BUG, "no KEK was read");
	TRY(crypt_random(cx, key, 32));
	TRY(blob_seal(cx, kek, &place, (struct slice){ (const char *)key, 32 },
	    &wrapped));
	return db_run(cx, Q_SHOP_KEY_PUT,
	    ARGS(a_int(shop_id), a_int(1), a_int(kek->id), a_bytes(wrapped)),
	    NULL);
}

enum rc
keys_load(struct cx *cx, int64_t shop_id, enum keys_make make, struct keys *out)
{
	const enum rc rc = keys_read(cx, shop_id, out);

	if (rc != RC_ABSENT || make != KEYS_MAKE)
		return rc;
	TRY(key_make(cx, shop_id));
	return keys_read(cx, shop_id, out);
}

const struct blob_key *
keys_find(const struct keys *keys, uint32_t key_id)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (keys->list[i].id == key_id)
			return &keys->list[i];
	return NULL;
}

static int
by_subject(const void *a, const void *b)
{
	const struct subject *sa = a;
	const struct subject *sb = b;

	if (sa->kind != sb->kind)
		return sa->kind < sb->kind ? -1 : 1;
	return (sa->id > sb->id) - (sa->id < sb->id);
}

static size_t
drop_repeats(struct subject *list, size_t n)
{
	size_t i, kept = 0;

	qsort(list, n, sizeof(*list), by_subject);
	for (i = 0; i < n; i++)
		if (kept == 0 || by_subject(&list[i], &list[kept - 1]) != 0)
			list[kept++] = list[i];
	return kept;
}

/* Kinds and ids as the two arrays that the queries take. */
struct columns {
	const char **kinds;
	int64_t *ids;
	size_t n;
};

static struct columns
columns_of(struct cx *cx, const struct subject *list, size_t n)
{
	struct columns c = {
		.kinds = ARENA_ARRAY(cx->mem, const char *, n + 1),
		.ids = ARENA_ARRAY(cx->mem, int64_t, n + 1),
		.n = n,
	};
	size_t i;

	for (i = 0; i < n; i++) {
		c.kinds[i] = list[i].kind == 'c' ? "c" : "o";
		c.ids[i] = list[i].id;
	}
	return c;
}

static enum rc
salt_read(struct cx *cx, struct row row, struct salt *out)
{
	const struct slice salt = row_bytes(row, 2);

	out->subject.kind = row_text(row, 0)[0];
	out->subject.id = row_int(row, 1);
	if (salt.n != sizeof(out->bytes))
		return rc_fail(cx, RC_BUG, "a salt of wrong length");
	memcpy(out->bytes, salt.p, salt.n);
	return RC_OK;
}

static void
drop_repeated_salts(struct keys *keys)
{
	size_t i, kept = 0;

	qsort(keys->salts, keys->n_salts, sizeof(*keys->salts), by_subject);
	for (i = 0; i < keys->n_salts; i++)
		if (kept == 0 ||
		    by_subject(&keys->salts[i], &keys->salts[kept - 1]) != 0)
			keys->salts[kept++] = keys->salts[i];
	keys->n_salts = kept;
}

/* Adds those that there are; *found says how many. */
static enum rc
salts_read(
    struct cx *cx, struct keys *keys, const struct columns *c, size_t *found)
{
	struct salt *all;
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_SUBJECT_SALT_LOAD,
	    ARGS(a_int(keys->shop_id), a_texts(c->kinds, c->n),
		a_ints(c->ids, c->n)),
	    &rows));
	*found = rows.n;
	all = arena_alloc_secret(
	    cx->mem, (keys->n_salts + rows.n + 1) * sizeof(*all));
	if (keys->n_salts > 0)
		memcpy(all, keys->salts, keys->n_salts * sizeof(*all));
	for (i = 0; i < rows.n; i++)
		TRY(salt_read(cx, rows_at(&rows, i), &all[keys->n_salts + i]));
	keys->salts = all;
	keys->n_salts += rows.n;
	drop_repeated_salts(keys);
	return RC_OK;
}

static enum rc
salts_make(struct cx *cx, int64_t shop_id, const struct columns *c)
{
	struct slice *salts = ARENA_ARRAY(cx->mem, struct slice, c->n + 1);
	size_t i;

	for (i = 0; i < c->n; i++) {
		char *bytes = arena_alloc_secret(cx->mem, 32);

		TRY(crypt_random(cx, bytes, 32));
		salts[i] = (struct slice){ bytes, 32 };
	}
	return db_run(cx, Q_SUBJECT_SALT_PUT,
	    ARGS(a_int(shop_id), a_texts(c->kinds, c->n), a_ints(c->ids, c->n),
		a_byteses(salts, c->n)),
	    NULL);
}

enum rc
keys_subjects(struct cx *cx, struct keys *keys, enum keys_make make,
    const struct subject *list, size_t n)
{
	struct subject *own = ARENA_ARRAY(cx->mem, struct subject, n + 1);
	struct columns c;
	size_t found;

	if (n > 0)
		memcpy(own, list, n * sizeof(*own));
	c = columns_of(cx, own, drop_repeats(own, n));
	TRY(salts_read(cx, keys, &c, &found));
	if (make != KEYS_MAKE || found == c.n)
		return RC_OK;
	TRY(salts_make(cx, keys->shop_id, &c));
	return salts_read(cx, keys, &c, &found);
}

enum rc
keys_subject(struct cx *cx, const struct keys *keys, struct subject subject,
    uint32_t key_id, struct blob_key *out)
{
	const struct blob_key *shop =
	    key_id ? keys_find(keys, key_id) : &keys->list[0];
	const struct salt *salt = bsearch(&subject, keys->salts, keys->n_salts,
	    sizeof(*keys->salts), by_subject);

	if (!salt || !shop || keys->n == 0)
		return RC_ABSENT;
	out->id = shop->id;
	return crypt_hkdf(cx, (struct slice){ (const char *)shop->bytes, 32 },
	    (struct slice){ (const char *)salt->bytes, 32 },
	    slice_of("stockroom subject"), out->bytes, 32);
}
