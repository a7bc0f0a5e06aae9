/* Asking for one of the privacy law's three. */
#include <stdlib.h>

#include "app/privacy.h"
#include "store/job.h"

static enum job_kind
kind_of(const char *word)
{
	return text_same(word, "data_request")      ? JOB_DATA_REQUEST
	       : text_same(word, "customer_redact") ? JOB_CUSTOMER_REDACT
						    : JOB_SHOP_REDACT;
}

/* A whole shop is forgotten by a job of no shop: its own go, too. */
enum rc
privacy_ask(struct cx *cx, const struct privacy_new *p)
{
	const enum job_kind kind = kind_of(p->kind);
	struct buf args = buf_new(cx->mem, JOB_ARGS_MAX_BYTES);
	struct jw w = jw_new(&args);
	struct job_new job = {
		.kind = kind,
		.shop_id = kind == JOB_SHOP_REDACT ? 0 : p->shop_id,
		.unique = text_fmt(cx->mem, "privacy:%s", p->id),
		.priority = JOB_USUAL,
	};

	jw_object(&w, NULL);
	jw_text(&w, "privacy", p->id);
	jw_int(&w, "shop", p->shop_id);
	jw_close(&w);
	TRY(jw_end(&w));
	job.args = buf_text(&args);
	TRY(privacy_put(cx, p));
	return job_put(cx, &job, NULL);
}

/* ---- of a webhook */

static const char *
orders_path(const char *topic)
{
	return text_same(topic, "customers/redact") ? "orders_to_redact"
						    : "orders_requested";
}

static size_t
read_orders(struct cx *cx, struct json list, int64_t **out)
{
	const size_t n = jlen(list);
	size_t kept = 0;

	*out = ARENA_ARRAY(cx->mem, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		const int64_t id = jint_or(jitem(list, i), "", 0);

		if (id > 0)
			(*out)[kept++] = id;
	}
	return kept;
}

enum rc
privacy_ask_payload(struct cx *cx, const char *topic, struct json payload,
    int64_t shop_id, const char *id)
{
	struct privacy_new p = {
		.shop_id = shop_id,
		.id = id,
		.kind = "shop_redact",
		.source = "webhook",
	};
	int64_t *orders;

	if (text_same(topic, "shop/redact"))
		return privacy_ask(cx, &p);
	p.kind = text_same(topic, "customers/redact") ? "customer_redact"
						      : "data_request";
	TRY(jget_int(cx, payload, "customer.id", &p.customer_id));
	p.n_orders = read_orders(cx, jat(payload, orders_path(topic)), &orders);
	p.orders = orders;
	return privacy_ask(cx, &p);
}

size_t
privacy_orders(struct cx *cx, const struct privacy *p, int64_t **out)
{
	struct slice rest = slice_of(p->orders);
	struct slice part;
	size_t n = 0;

	*out = ARENA_ARRAY(cx->mem, int64_t, rest.n + 1);
	if (rest.n < 3) /* {} */
		return 0;
	rest = (struct slice){ rest.p + 1, rest.n - 2 };
	while (text_next(&rest, ',', &part))
		(*out)[n++] = strtoll(text_of(cx->mem, part), NULL, 10);
	return n;
}
