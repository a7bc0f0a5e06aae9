/* Changing, making and taking away things, by control. */
#include "commands.h"
#include "change.h"

enum { COUNT_MAX = 10000 };

enum rc
command_shop(struct cx *cx, struct json v, struct world_shop **out)
{
	const char *domain = jtext_or(v, "shop", sandbox()->settings.shop);

	if (sandbox_host_shop(cx, domain, out) != RC_OK)
		return rc_field(
		    cx, RC_INPUT, "shop", "a shop of the sandbox", domain);
	return RC_OK;
}

void
command_deliveries(struct jw *said, const struct outbox *o)
{
	size_t i;

	jw_list(said, "deliveries");
	for (i = 0; i < o->ids.n; i++)
		jw_text(said, NULL, o->ids.items[i]);
	jw_close(said);
}

/* ---- what is said of the things */

/* A command on things, as it came. */
struct order_to {
	struct shop *shop;
	enum stock stock;
	struct json fields;
	int64_t *ids;
	size_t n;
};

static enum rc
read_kind(struct cx *cx, struct json v, struct order_to *out)
{
	const char *type = jtext_or(v, "type", "");
	struct world_shop *ws;

	TRY(command_shop(cx, v, &ws));
	out->shop = &ws->shop;
	out->stock = change_stock(type);
	if (out->stock == STOCK_COUNT)
		return rc_field(cx, RC_INPUT, "type",
		    "products, orders or customers", type);
	out->fields = jat(v, "fields");
	return RC_OK;
}

/* The youngest of them, unless they are named. */
static enum rc
count_ids(struct cx *cx, struct json v, struct order_to *out)
{
	const struct list *all = &out->shop->all[out->stock];
	const int64_t count = jint_or(v, "count", 1);
	const struct thing *t;
	size_t i;

	if (count < 1 || count > COUNT_MAX)
		return rc_field(cx, RC_INPUT, "count", "1 to 10000",
		    jtext(cx->mem, jat(v, "count")));
	out->n = (size_t)count < all->n ? (size_t)count : all->n;
	out->ids = ARENA_ARRAY(cx->mem, int64_t, out->n + 1);
	for (i = 0; i < out->n; i++) {
		t = all->items[all->n - 1 - i];
		out->ids[i] = t->id;
	}
	return RC_OK;
}

static enum rc
read_ids(struct cx *cx, struct json v, struct order_to *out)
{
	const struct json ids = jat(v, "ids");
	size_t i;

	TRY(read_kind(cx, v, out));
	if (json_kind(ids) == JSON_NULL)
		return count_ids(cx, v, out);
	out->n = jlen(ids);
	out->ids = ARENA_ARRAY(cx->mem, int64_t, out->n + 1);
	for (i = 0; i < out->n; i++)
		TRY(jget_int(cx, jitem(ids, i), "", &out->ids[i]));
	return RC_OK;
}

/* ---- fields */

static const char *
joined_tags(struct cx *cx, struct json tags)
{
	struct buf b = buf_new(cx->mem, 64 << 10);
	size_t i;

	if (json_kind(tags) != JSON_LIST)
		return jtext_or(tags, "", NULL);
	for (i = 0; i < jlen(tags); i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "",
		    jtext_or(jitem(tags, i), "", ""));
	return buf_text(&b);
}

static enum rc
check_fields(struct cx *cx, const struct order_to *to)
{
	const char *known = to->stock == STOCK_PRODUCT
				? "title title_suffix descriptionHtml tags seo"
				: "note tags";
	struct jmember *m;
	const size_t n = jmembers(cx->mem, to->fields, &m);
	size_t i;

	for (i = 0; i < n; i++)
		if (!words_have(known, m[i].name))
			return rc_field(cx, RC_INPUT,
			    text_fmt(cx->mem, "fields.%s", m[i].name), known,
			    NULL);
	return RC_OK;
}

/* For one thing: a suffix goes behind the title that it has. */
static struct change
read_fields(struct cx *cx, const struct order_to *to, int64_t id)
{
	const struct json f = to->fields;
	const char *suffix = jtext_or(f, "title_suffix", NULL);
	const struct product *p;
	struct change c = { .title = jtext_or(f, "title", NULL),
		.html = jtext_or(f, "descriptionHtml", NULL),
		.seo_title = jtext_or(f, "seo.title", NULL),
		.seo_description = jtext_or(f, "seo.description", NULL),
		.note = jtext_or(f, "note", NULL),
		.tags = joined_tags(cx, jat(f, "tags")) };

	if (suffix == NULL)
		return c;
	p = stock_find(to->shop, STOCK_PRODUCT, id);
	if (p != NULL)
		c.title = text_fmt(
		    cx->mem, "%s%s", c.title ? c.title : p->title, suffix);
	return c;
}

/* ---- the commands */

static void
say(struct jw *said, const struct order_to *to, const struct outbox *o)
{
	size_t i;

	jw_text(said, "type", change_word(to->stock));
	jw_list(said, "ids");
	for (i = 0; i < to->n; i++)
		jw_int(said, NULL, to->ids[i]);
	jw_close(said);
	command_deliveries(said, o);
}

typedef enum rc each_fn(
    struct cx *cx, struct outbox *o, struct order_to *to, size_t i);

static enum rc
change_one(struct cx *cx, struct outbox *o, struct order_to *to, size_t i)
{
	const struct change c = read_fields(cx, to, to->ids[i]);

	return change_thing(cx, o, to->shop, to->stock, to->ids[i], &c);
}

static enum rc
make_one(struct cx *cx, struct outbox *o, struct order_to *to, size_t i)
{
	const struct change c = read_fields(cx, to, 0);

	return change_make(cx, o, to->shop, to->stock, &c, &to->ids[i]);
}

static enum rc
remove_one(struct cx *cx, struct outbox *o, struct order_to *to, size_t i)
{
	return change_remove(cx, o, to->shop, to->stock, to->ids[i]);
}

static enum rc
for_each(struct cx *cx, struct order_to *to, each_fn *each, struct jw *said)
{
	struct outbox o;
	enum rc rc = RC_OK;
	size_t i;

	TRY(check_fields(cx, to));
	TRY(outbox_begin(cx, &o));
	for (i = 0; i < to->n && rc == RC_OK; i++)
		rc = each(cx, &o, to, i);
	if (rc == RC_OK)
		rc = outbox_end(cx, &o);
	outbox_forget(&o);
	if (rc == RC_OK)
		say(said, to, &o);
	return rc;
}

enum rc
command_change(struct cx *cx, struct json v, struct jw *said)
{
	struct order_to to;

	TRY(read_ids(cx, v, &to));
	return for_each(cx, &to, change_one, said);
}

enum rc
command_create(struct cx *cx, struct json v, struct jw *said)
{
	struct order_to to;

	TRY(read_kind(cx, v, &to));
	to.n = 1;
	to.ids = ARENA_NEW(cx->mem, int64_t);
	return for_each(cx, &to, make_one, said);
}

enum rc
command_delete(struct cx *cx, struct json v, struct jw *said)
{
	struct order_to to;

	TRY(read_ids(cx, v, &to));
	to.fields = (struct json){ .node = NULL };
	return for_each(cx, &to, remove_one, said);
}

/* ---- of the app */

static enum rc
on_shop(
    struct cx *cx, struct world_shop *ws, const char *scopes, struct jw *said)
{
	struct outbox o;
	enum rc rc;

	TRY(outbox_begin(cx, &o));
	rc = scopes ? change_scopes(cx, &o, &ws->shop, scopes)
		    : change_uninstall(cx, &o, &ws->shop);
	if (rc == RC_OK)
		rc = outbox_end(cx, &o);
	outbox_forget(&o);
	if (rc == RC_OK)
		command_deliveries(said, &o);
	return rc;
}

enum rc
command_uninstall(struct cx *cx, struct json v, struct jw *said)
{
	struct world_shop *ws;
	const char *domain = jtext_or(v, "", NULL);

	if (domain != NULL)
		TRY(sandbox_host_shop(cx, domain, &ws));
	else
		TRY(command_shop(cx, v, &ws));
	return on_shop(cx, ws, NULL, said);
}

enum rc
command_scopes(struct cx *cx, struct json v, struct jw *said)
{
	const struct json list =
	    json_kind(v) == JSON_LIST ? v : jat(v, "scopes");
	struct world_shop *ws;
	struct buf b = buf_new(cx->mem, 8 << 10);
	size_t i;

	TRY(command_shop(cx, v, &ws));
	for (i = 0; i < jlen(list); i++)
		buf_addf(&b, "%s%s", i > 0 ? "," : "",
		    jtext_or(jitem(list, i), "", ""));
	if (b.n == 0)
		return rc_field(cx, RC_INPUT, "scopes",
		    "a list of access scopes", jtext(cx->mem, v));
	return on_shop(cx, ws, buf_text(&b), said);
}
