/* Migrations: what has run, told by number and by the text's checksum. */
#include <string.h>

#include "io/crypt.h"
#include "io/db.h"
#include "store/migration.h"

/* Where each of the two lies: in the tree, and its queries. */
static const struct {
	const struct migration *table;
	const char *folder;
	enum query known;
	enum query list;
	enum query put;
} schemas[] = {
	[SCHEMA_MAIN] = { migrations, "sql/migrations", Q_MIGRATION_KNOWN,
	    Q_MIGRATION_LIST, Q_MIGRATION_PUT },
	[SCHEMA_KEYRING] = { keyring_migrations, "sql/keyring",
	    Q_KEYRING_MIGRATION_KNOWN, Q_KEYRING_MIGRATION_LIST,
	    Q_KEYRING_MIGRATION_PUT },
};

const struct migration *
migration_table(enum schema which)
{
	return schemas[which].table;
}

const char *
migration_file(struct arena *mem, enum schema which, const struct migration *m)
{
	return text_fmt(mem, "%s/%s.sql", schemas[which].folder, m->name);
}

static enum rc
checksum(struct cx *cx, const struct migration *m, struct slice *out)
{
	unsigned char *sum = arena_alloc(cx->mem, SHA256_BYTES);

	TRY(crypt_sha256(cx, slice_of(m->text), sum));
	*out = (struct slice){ (const char *)sum, SHA256_BYTES };
	return RC_OK;
}

static int
place_of(enum schema which, int64_t number)
{
	const struct migration *table = schemas[which].table;

	for (int i = 0; table[i].name != NULL; i++)
		if (table[i].number == number)
			return i;
	return -1;
}

/* One row of the database's list, against the program's. */
static enum rc
compare(struct cx *cx, enum schema which, struct row row,
    struct migration_state *out, bool *has)
{
	int place = place_of(which, row_int(row, 0));
	const struct migration *m;
	struct slice sum;

	if (place < 0) {
		if (out->newer == NULL)
			out->newer = row_text(row, 1);
		return RC_OK;
	}
	m = &schemas[which].table[place];
	has[place] = true;
	out->applied++;
	TRY(checksum(cx, m, &sum));
	if (out->changed == NULL && !slice_same(sum, row_bytes(row, 2)))
		out->changed = migration_file(cx->mem, which, m);
	return RC_OK;
}

enum rc
migration_load(struct cx *cx, enum schema which, struct migration_state *out)
{
	struct rows rows;
	struct row row;
	bool *has;

	*out = (struct migration_state){ 0 };
	while (schemas[which].table[out->known].name != NULL)
		out->known++;
	out->has = has = ARENA_ARRAY(cx->mem, bool, out->known + 1);
	TRY(db_one(cx, schemas[which].known, NO_ARGS, &row));
	out->listed = row_bool(row, 0);
	if (!out->listed)
		return RC_OK;
	TRY(db_all(cx, schemas[which].list, NO_ARGS, &rows));
	for (size_t i = 0; i < rows.n; i++)
		TRY(compare(cx, which, rows_at(&rows, i), out, has));
	return RC_OK;
}

enum rc
migration_count(struct cx *cx, int64_t *applied, int64_t *known)
{
	struct row row;

	*applied = *known = 0;
	while (migrations[*known].name)
		++*known;
	TRY(db_one(cx, Q_MIGRATION_COUNT, NO_ARGS, &row));
	*applied = row_int(row, 0);
	return RC_OK;
}

enum rc
migration_put(struct cx *cx, enum schema which, const struct migration *m)
{
	struct slice sum;

	TRY(checksum(cx, m, &sum));
	return db_run(cx, schemas[which].put,
	    ARGS(a_int(m->number), a_text(m->name), a_bytes(sum)), NULL);
}
