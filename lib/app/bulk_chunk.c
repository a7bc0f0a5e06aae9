/* Lines of a bulk file: from text to rows. */
#include "app/bulk_chunk.h"

#include <stdlib.h>
#include <string.h>

#include "app/bulk_parents.h"
#include "shopify/name.h"

enum { LINE_MAX_BYTES = 2 << 20, ROWS_MAX_BYTES = 16 << 20 };

/* ---- lines */

static enum rc
wrong(struct cx *cx, const struct bulk_line *line, const char *what)
{
	rc_forget(cx);
	return rc_fail(cx, RC_REMOTE, "the bulk file at byte %lld: %s",
	    (long long)line->at, what);
}

static enum rc
line_read(struct cx *cx, struct bulk_line *line)
{
	const char *parent;

	if (json_read(cx, line->text, LINE_MAX_BYTES, RC_REMOTE,
		&line->object) != RC_OK)
		return wrong(cx, line,
		    text_dup(cx->mem,
			cx->fault.sentence ? cx->fault.sentence : "no JSON"));
	if (!gid_number(jtext_or(line->object, "id", ""), &line->id))
		return wrong(cx, line, "an object without an id");
	parent = jtext_or(line->object, "__parentId", NULL);
	if (parent != NULL && !gid_number(parent, &line->parent))
		return wrong(cx, line, "a __parentId that is no id");
	return RC_OK;
}

static bool
is_blank(struct slice text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '\r' && text.p[i] != '\t')
			return false;
	return true;
}

static size_t
count_lines(struct slice text)
{
	size_t n = 1, i;

	for (i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static enum rc
lines_read(struct cx *cx, struct bulk_chunk *c, struct slice text, int64_t at)
{
	struct slice rest = text, one;
	struct bulk_line *line;

	c->lines =
	    ARENA_ARRAY(cx->mem, struct bulk_line, count_lines(text) + 1);
	while (text_next(&rest, '\n', &one)) {
		if (is_blank(one))
			continue;
		line = &c->lines[c->n];
		line->text = one;
		line->at = at + (one.p - text.p);
		TRY(line_read(cx, line));
		c->roots += line->parent == 0;
		c->n++;
	}
	return RC_OK;
}

/* ---- rows */

static enum rc
add_row(struct cx *cx, struct bulk_chunk *c, enum intake_table table,
    struct json object, const struct map_owner *owner, int64_t *id)
{
	TRY(map_row(
	    cx, intake_rows[table].map, object, owner, &c->rows[table], id));
	c->n_rows[table]++;
	return RC_OK;
}

/* The lists that stand inside an order. */
static enum rc
add_lists(struct cx *cx, struct bulk_chunk *c, struct json node,
    const struct bulk_parent *parent)
{
	const struct json transactions = jat(node, "transactions");
	const struct json refunds = jat(node, "refunds");
	struct map_owner owner = bulk_parent_owner(c, parent, IN_TRANSACTION);
	int64_t id;
	size_t i;

	for (i = 0; i < jlen(transactions); i++)
		TRY(add_row(cx, c, IN_TRANSACTION, jitem(transactions, i),
		    &owner, &id));
	if (jint_or(node, "transactionsCount.count", 0) >
	    (int64_t)jlen(transactions))
		c->shorts[c->n_shorts++] = parent->id;
	owner = bulk_parent_owner(c, parent, IN_REFUND);
	for (i = 0; i < jlen(refunds); i++) {
		TRY(add_row(cx, c, IN_REFUND, jitem(refunds, i), &owner, &id));
		bulk_refund_note(cx, c, id);
	}
	return RC_OK;
}

static enum rc
add_root(struct cx *cx, struct bulk_chunk *c, const struct bulk_line *line)
{
	const enum intake_table table = c->source->resource->table;
	const struct bulk_parent *parent = bulk_parent_find(c, line->id);
	struct map_owner owner = bulk_parent_owner(c, parent, table);
	int64_t id;

	owner.parent_column = NULL;
	TRY(add_row(cx, c, table, line->object, &owner, &id));
	if (table == IN_ORDER || table == IN_ORDER_STUB)
		return add_lists(cx, c, line->object, parent);
	return RC_OK;
}

/* A child in its parent's measure: one, or an order line's quantity, where
 * gift cards do not count (shopify.md 5). */
static int64_t
weight(enum intake_table table, struct json object)
{
	if (table != IN_LINE)
		return 1;
	return jbool_or(object, "isGiftCard", false)
		   ? 0
		   : jint_or(object, "quantity", 0);
}

/* Sealed under the shop's own key until its parent comes. */
static enum rc
put_off(struct cx *cx, struct bulk_chunk *c, const struct bulk_line *line)
{
	const struct blob_place place =
	    bulk_child_place(cx, c->source->part, line->at);

	if (c->late) {
		c->n_orphans++;
		return RC_OK;
	}
	c->early.ids[c->early.n] = line->at;
	TRY(blob_seal(cx, &c->keys.list[0], &place, line->text,
	    &c->early.lines[c->early.n]));
	c->early.n++;
	return RC_OK;
}

static enum rc
add_child(struct cx *cx, struct bulk_chunk *c, const struct bulk_line *line)
{
	const enum intake_table table = c->source->resource->child;
	struct bulk_parent *parent = bulk_parent_find(c, line->parent);
	struct map_owner owner;
	int64_t id;

	if (table == IN_TABLES)
		return wrong(cx, line, "a child where none was asked for");
	if (parent == NULL)
		return put_off(cx, c, line);
	owner = bulk_parent_owner(c, parent, table);
	TRY(add_row(cx, c, table, line->object, &owner, &id));
	parent->got += weight(table, line->object);
	return RC_OK;
}

static void
make_room(struct cx *cx, struct bulk_chunk *c)
{
	int i;

	for (i = 0; i < IN_TABLES; i++)
		c->rows[i] = buf_new(cx->mem, ROWS_MAX_BYTES);
	c->early.ids = ARENA_ARRAY(cx->mem, int64_t, c->n + 1);
	c->early.lines = ARENA_ARRAY(cx->mem, struct slice, c->n + 1);
	c->shorts = ARENA_ARRAY(cx->mem, int64_t, c->n + 1);
}

static enum rc
map_all(struct cx *cx, struct bulk_chunk *c)
{
	size_t i;

	make_room(cx, c);
	for (i = 0; i < c->n; i++)
		TRY(c->lines[i].parent == 0 ? add_root(cx, c, &c->lines[i])
					    : add_child(cx, c, &c->lines[i]));
	return RC_OK;
}

enum rc
bulk_chunk_read(struct cx *cx, const struct bulk_source *source,
    struct slice lines, int64_t at, struct bulk_chunk *out)
{
	*out = (struct bulk_chunk){ .source = source, .keys = *source->keys };
	TRY(lines_read(cx, out, lines, at));
	TRY(bulk_parents_join(cx, out));
	return map_all(cx, out);
}

enum rc
bulk_chunk_late(struct cx *cx, const struct bulk_source *source,
    const struct bulk_left *late, struct bulk_chunk *out)
{
	struct blob_place place;
	struct bulk_line *line;

	*out = (struct bulk_chunk){
		.source = source, .keys = *source->keys, .late = true
	};
	out->lines = ARENA_ARRAY(cx->mem, struct bulk_line, late->n + 1);
	for (; out->n < late->n; out->n++) {
		line = &out->lines[out->n];
		line->at = late->ids[out->n];
		place = bulk_child_place(cx, source->part, line->at);
		TRY(blob_open(cx, &source->keys->list[0], &place,
		    late->lines[out->n], &line->text));
		TRY(line_read(cx, line));
	}
	TRY(bulk_parents_join(cx, out));
	return map_all(cx, out);
}

/* ---- keeping them */

static enum rc
save_rows(struct cx *cx, const struct bulk_chunk *c, enum intake_table table)
{
	const struct intake_row *row = &intake_rows[table];
	const struct arg list[] = {
		a_int(c->source->shop->id),
		a_text(c->source->part->pull_id),
		a_bool(row->is == IN_STUB),
		a_text(c->source->part->look),
	};

	TRY(db_run(cx, row->temp, NO_ARGS, NULL));
	TRY(db_copy(cx, row->copy, buf_slice(&c->rows[table])));
	TRY(db_run(cx, row->copied,
	    (struct args){ row->is == IN_CHILD ? 3 : 4, list }, NULL));
	intake_count(cx, table, c->n_rows[table]);
	return RC_OK;
}

enum rc
bulk_chunk_save(struct cx *cx, const struct bulk_chunk *c)
{
	const struct bulk_part *part = c->source->part;
	int i;

	TRY(shop_fence(cx, c->source->shop->id, c->source->shop->epoch));
	TRY(bulk_unsynced(cx));
	for (i = 0; i < IN_TABLES; i++)
		if (c->n_rows[i] > 0)
			TRY(save_rows(cx, c, (enum intake_table)i));
	TRY(bulk_parents_keep(cx, c));
	TRY(bulk_children_put(cx, part, &c->early));
	TRY(bulk_left_put(cx, part, "refund", c->refunds, c->n_refunds));
	return bulk_left_put(cx, part, "short", c->shorts, c->n_shorts);
}

enum rc
bulk_chunk_children(struct cx *cx, const struct bulk_chunk *c, const char **out)
{
	struct buf text = buf_new(cx->mem, 1024);
	struct jw w = jw_new(&text);
	int i;

	jw_object(&w, NULL);
	for (i = 0; i < IN_TABLES; i++)
		if (i != (int)c->source->resource->table && c->n_rows[i] > 0)
			jw_int(&w, intake_word((enum intake_table)i),
			    c->n_rows[i]);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_text(&text);
	return RC_OK;
}
