/* Everything that is kept of a customer, opened. */
#include <string.h>

#include "app/personal.h"
#include "app/privacy.h"
#include "base/clock.h"
#include "store/webhook.h"

enum { PACKAGE_MAX_BYTES = 64 << 20, WORDS_MAX = 32, WORD_MIN_BYTES = 3 };

struct found {
	struct keys keys;
	struct privacy_row *list;
	size_t n;
};

static enum rc
load(struct cx *cx, const struct privacy *p, struct found *out)
{
	struct subject *subjects;
	int64_t *orders;
	const size_t n_orders = privacy_orders(cx, p, &orders);
	size_t n = 0;

	TRY(keys_load(cx, p->shop_id, KEYS_AS_THEY_ARE, &out->keys));
	TRY(privacy_rows(cx, p->shop_id, p->customer_id, orders, n_orders,
	    &out->list, &out->n));
	subjects = ARENA_ARRAY(cx->mem, struct subject, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		if (out->list[i].sealed.p && out->list[i].subject.kind != 's')
			subjects[n++] = out->list[i].subject;
	return keys_subjects(cx, &out->keys, KEYS_AS_THEY_ARE, subjects, n);
}

/* What waits in the inbox is its job's to open. */
static enum rc
open_row(struct cx *cx, const struct found *f, int64_t shop_id,
    const struct privacy_row *row, const char **out)
{
	const bool webhook = text_same(row->table, "webhook");
	const struct blob_place place =
	    webhook
		? webhook_place(row->id)
		: (struct blob_place){ shop_id, row->table, "sealed", row->id };

	*out = NULL;
	if (!row->sealed.p || row->subject.kind == '\0')
		return RC_OK;
	return personal_open_one(
	    cx, &f->keys, &place, row->sealed, row->subject, out);
}

/* ---- as JSON */

static enum rc
write_row(struct cx *cx, const struct found *f, int64_t shop_id,
    const struct privacy_row *row, struct jw *w)
{
	const char *personal;

	TRY(open_row(cx, f, shop_id, row, &personal));
	jw_object(w, NULL);
	jw_raw(w, "row", slice_of(row->json));
	if (personal)
		jw_raw(w, "personal", slice_of(personal));
	jw_close(w);
	return RC_OK;
}

/* Rows come table by table. */
static enum rc
write_rows(struct cx *cx, const struct found *f, int64_t shop_id, struct jw *w)
{
	const char *table = NULL;

	for (size_t i = 0; i < f->n; i++) {
		if (!table || !text_same(table, f->list[i].table)) {
			if (table)
				jw_close(w);
			table = f->list[i].table;
			jw_list(w, table);
		}
		TRY(write_row(cx, f, shop_id, &f->list[i], w));
	}
	if (table)
		jw_close(w);
	return RC_OK;
}

enum rc
privacy_find(struct cx *cx, const struct privacy *p, struct slice *out)
{
	struct buf b = buf_new(cx->mem, PACKAGE_MAX_BYTES);
	struct jw w = jw_new(&b);
	struct found f;

	TRY(load(cx, p, &f));
	jw_object(&w, NULL);
	jw_text(&w, "shop", p->domain);
	jw_text(&w, "customer",
	    text_fmt(cx->mem, "%lld", (long long)p->customer_id));
	jw_text(&w, "request", p->id);
	jw_time(&w, "made_at", clock_wall());
	jw_object(&w, "data");
	TRY(write_rows(cx, &f, p->shop_id, &w));
	jw_close(&w);
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

/* ---- what tells who it is */

struct words {
	const char **list;
	size_t n;
};

static void
add_word(struct words *words, const char *word)
{
	if (!word || strlen(word) < WORD_MIN_BYTES || words->n == WORDS_MAX)
		return;
	for (size_t i = 0; i < words->n; i++)
		if (text_same(words->list[i], word))
			return;
	words->list[words->n++] = word;
}

static void
add_json(struct cx *cx, const char *text, struct words *words)
{
	static const char *const paths[] = { "email", "phone", "displayName",
		"customer.email", "customer.phone", "customer.first_name",
		"customer.last_name", "first_name", "last_name", "firstName",
		"lastName" };
	struct json j;

	if (json_read(cx, slice_of(text), PACKAGE_MAX_BYTES, RC_INPUT, &j) !=
	    RC_OK) {
		rc_forget(cx);
		return;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		add_word(words, jtext_or(j, paths[i], NULL));
}

enum rc
privacy_words(
    struct cx *cx, const struct privacy *p, const char *const **out, size_t *n)
{
	struct words words = { ARENA_ARRAY(cx->mem, const char *, WORDS_MAX),
		0 };
	const char *text;
	struct found f;

	*out = words.list;
	TRY(load(cx, p, &f));
	for (size_t i = 0; i < f.n; i++) {
		TRY(open_row(cx, &f, p->shop_id, &f.list[i], &text));
		if (text && !text_same(f.list[i].table, "order_line"))
			add_json(cx, text, &words);
	}
	*n = words.n;
	return RC_OK;
}
