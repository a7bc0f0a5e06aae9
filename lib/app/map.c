/* From Shopify's JSON to a record of one of our tables, by a table of fields.
 */
#include "app/map.h"
#include "base/code.h"
#include "shopify/name.h"

enum { SEALED_MAX_BYTES = 256 << 10 };

static void
write_gid(struct jw *w, const char *name, struct json value)
{
	const char *gid = jtext_or(value, "", NULL);
	int64_t id;

	if (gid && gid_number(gid, &id))
		jw_int(w, name, id);
	else
		jw_null(w, name);
}

/* Absent and null are null: Shopify blanks what it may not show. */
static void
write_field(struct jw *w, const struct map_field *f, struct json object)
{
	const struct json value = jat(object, f->path);

	if (f->how == MAP_GID)
		write_gid(w, f->name, value);
	else if (!value.node)
		jw_null(w, f->name);
	else
		jw_json(w, f->name, value);
}

/* Where the fields of a place stood in the row. */
static struct json
place_before(const struct map_before *before, enum map_where where)
{
	if (!before)
		return (struct json){ NULL, RC_BUG };
	if (where == TO_SEALED)
		return before->sealed;
	return where == TO_DOC ? jat(before->row, "doc") : before->row;
}

/* The fields of one place as an object's members; how many were not null. */
static size_t
write_fields(struct jw *w, const struct map *map, enum map_where where,
    struct json object, const struct map_before *before)
{
	const struct json was = place_before(before, where);
	const struct map_field *f;
	size_t n = 0;

	for (f = map->fields; f->name; f++) {
		const bool said = !was.node || jhas(object, f->path);

		if (f->where != where)
			continue;
		n += jat(said ? object : was, said ? f->path : f->name).node !=
		     NULL;
		if (said)
			write_field(w, f, object);
		else
			jw_json(w, f->name, jat(was, f->name));
	}
	return n;
}

static bool
has_place(const struct map *map, enum map_where where)
{
	const struct map_field *f;

	for (f = map->fields; f->name; f++)
		if (f->where == where)
			return true;
	return false;
}

static enum rc
seal(struct cx *cx, const struct map *map, const struct map_owner *owner,
    int64_t id, struct slice plain, struct slice *out)
{
	const struct blob_place place = { owner->keys->shop_id, map->table,
		"sealed", text_fmt(cx->mem, "%lld", (long long)id) };
	struct blob_key *key;

	if (owner->key != NULL)
		return blob_seal(cx, owner->key, &place, plain, out);
	key = arena_alloc_secret(cx->mem, sizeof(struct blob_key));
	TRY(keys_subject(cx, owner->keys, owner->subject, 0, key));
	return blob_seal(cx, key, &place, plain, out);
}

enum rc
map_sealed(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, int64_t id, struct slice *out)
{
	struct buf plain = buf_new(cx->mem, SEALED_MAX_BYTES);
	struct jw own = jw_new(&plain);
	size_t n;
	enum rc rc;

	*out = (struct slice){ NULL, 0 };
	if (owner->keys == NULL || !has_place(map, TO_SEALED))
		return RC_OK;
	jw_object(&own, NULL);
	n = write_fields(&own, map, TO_SEALED, object, owner->before);
	jw_close(&own);
	TRY(jw_end(&own));
	if (n == 0)
		return RC_OK;
	rc = seal(cx, map, owner, id, buf_slice(&plain), out);
	/* Forgotten: late data about them is dropped. */
	return rc == RC_ABSENT ? RC_OK : rc;
}

void
map_doc(struct jw *w, const struct map *map, struct json object)
{
	write_fields(w, map, TO_DOC, object, NULL);
}

/* Members `sealed` and, where the table has them, whose key it was. */
static void
write_sealed(struct jw *w, const struct map_owner *owner, struct slice blob)
{
	if (blob.p == NULL)
		return;
	jw_text(w, "sealed", base64_of(w->out->mem, blob.p, blob.n));
	if (owner->subject_columns) {
		jw_text(
		    w, "subject_kind", owner->subject.kind == 'c' ? "c" : "o");
		jw_int(w, "subject_id", owner->subject.id);
	}
}

static void
write_parent(const struct map_owner *owner, struct jw *w)
{
	if (!owner->parent_column)
		return;
	jw_int(w, owner->parent_column, owner->parent_id);
	if (owner->parent_updated_at)
		jw_text(w, "parent_updated_at", owner->parent_updated_at);
}

enum rc
map_id(struct cx *cx, const struct map *map, struct json object, int64_t *id)
{
	const char *gid;

	TRY(jget_text(cx, object, "id", &gid));
	if (!gid_number(gid, id))
		return rc_fail(cx, RC_REMOTE, "%s is no id of a %s",
		    text_cut(cx->mem, gid, 80), map->table);
	return RC_OK;
}

enum rc
map_record(struct cx *cx, const struct map *map, struct json object,
    const struct map_owner *owner, struct jw *w, int64_t *id)
{
	struct slice blob;

	TRY(map_id(cx, map, object, id));
	jw_object(w, NULL);
	jw_int(w, "id", *id);
	write_fields(w, map, TO_COLUMN, object, owner->before);
	write_parent(owner, w);
	if (has_place(map, TO_DOC)) {
		jw_object(w, "doc");
		write_fields(w, map, TO_DOC, object, owner->before);
		jw_close(w);
	}
	TRY(map_sealed(cx, map, object, owner, *id, &blob));
	write_sealed(w, owner, blob);
	jw_close(w);
	return RC_OK;
}
