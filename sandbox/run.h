/* Running a plan over a shop: the answer's `data`, and what it really cost. */
#ifndef SANDBOX_RUN_H
#define SANDBOX_RUN_H

#include "plan.h"
#include "stock.h"

/* What an app may see of customers (shopify.md 4.5). */
enum approval { APPROVED_FULL, APPROVED_LEVEL1, APPROVED_NOT };

/* The app that asks, and with which token. */
struct app {
	const char *client_id;
	const char *app_url;
	struct texts scopes; /* granted */
	enum approval approval;
	bool all_orders; /* sees orders older than 60 days */
};

struct run {
	struct cx *cx;
	struct shop *shop;
	const struct app *app;
	const char *version;
	int64_t now; /* epoch seconds, by the sandbox's clock */
	int64_t page_objects_max;
	struct jw *w; /* where data goes */
	struct problems *problems;
	struct jw *search; /* the list for extensions.search, begun on use */
	struct buf search_text;
	const struct crumb *path; /* of the field being answered */
	const struct plan_field *field;
	bool bulk; /* connections are whole, and not part of their object */
};

enum { ORDERS_SEEN_S = 60 * 24 * 3600 };

/* Writes the members of `data` for the root plan; gives the actual cost. */
double run_plan(struct run *run, const struct plan *plan);

/* One object as a line of a bulk file, into run->w; `parent` is its parent's
 * gid or NULL. */
void run_line(struct run *run, const struct plan *plan, const void *object,
    const char *parent);

/* What a field of an object of that type is. */
struct value run_value(struct run *run, const struct type *type,
    const void *object, const struct plan_field *f);

/* Says what is wrong with the field being answered; gives a null. */
struct value run_refuse(struct run *run, const char *code, const char *message);

/* Whether the token has the scope (write_x has read_x in it). */
bool run_may(const struct run *run, const char *scope);

/* Whether this token sees the order: no older than 60 days without
 * read_all_orders. */
bool run_sees(const struct run *run, const struct order *order);

/* An exact Count. */
struct value run_count(struct run *run, int64_t n);

#endif
