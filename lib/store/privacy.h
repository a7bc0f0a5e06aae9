/* Requests of the privacy law (shopify.md 3.6): asked, done, and the receipt;
 * what a data request found; who opened whose data (SEC-16 to SEC-19). */
#ifndef STORE_PRIVACY_H
#define STORE_PRIVACY_H

#include "store/keyring.h"

struct privacy_new {
	int64_t shop_id;
	const char *id; /* a UUIDv7; of a webhook its own */
	const char *kind; /* data_request, customer_redact, shop_redact */
	const char *source; /* webhook, operator */
	int64_t customer_id; /* 0: of the whole shop */
	const int64_t *orders; /* named besides */
	size_t n_orders;
};

struct privacy {
	int64_t shop_id; /* 0: of a shop that was forgotten */
	const char *id;
	const char *kind;
	const char *source;
	int64_t customer_id; /* 0: none, or forgotten */
	const char *orders; /* as Postgres writes an array: "{1,2}" */
	const char *domain; /* NULL: the shop was forgotten */
	int64_t asked_at;
	int64_t due_at;
	int64_t done_at; /* 0: not yet */
	const char *state; /* asked, done, void */
	const char *reason;
	const char *counts; /* JSON: rows by table */
	const char *shop_sha256; /* hex; NULL until done */
	const char *subject_sha256;
	int64_t package_bytes; /* 0: there is none, or no more */
	int64_t package_at;
};

/* In the caller's transaction; a second time of the same id nothing happens. */
enum rc privacy_put(struct cx *cx, const struct privacy_new *p) MUST_USE;

/* Of `shop_id`, or with 0 and cx->every_shop of all; newest first, behind
 * `after` (NULL: from the newest). */
enum rc privacy_list(struct cx *cx, int64_t shop_id, const char *after,
    int limit, struct privacy **out, size_t *n) MUST_USE;
/* RC_ABSENT, noted. */
enum rc privacy_load(struct cx *cx, int64_t shop_id, const char *id,
    struct privacy *out) MUST_USE;

/* How it ended. In the caller's transaction; digests are made of the numbers.
 */
enum rc privacy_end(struct cx *cx, const struct privacy *p, const char *state,
    const char *reason, const char *counts) MUST_USE;

/* Other requests name the customer no more. In the caller's transaction. */
enum rc privacy_forget_customer(
    struct cx *cx, const struct privacy *p) MUST_USE;
/* A forgotten shop's receipts belong to no shop. Needs cx->every_shop. */
enum rc privacy_leave(struct cx *cx, int64_t shop_id) MUST_USE;

/*
 * Empties every table of a customer (0: of these orders only); `words` tell who
 * it is in free text. *counts is JSON, rows by table. In the caller's
 * transaction; twice is once.
 */
enum rc redact_customer(struct cx *cx, int64_t shop_id, int64_t customer_id,
    const int64_t *orders, size_t n_orders, const char *const *words,
    size_t n_words, const char **counts) MUST_USE;

/* Some rows of all the shop's tables; *counts is "{}" when none is left. */
enum rc redact_shop(
    struct cx *cx, int64_t shop_id, int most, const char **counts) MUST_USE;

/* What is kept of a customer, and of orders named besides. */
struct privacy_row {
	const char *table;
	const char *id;
	const char *json; /* columns that are not sealed */
	struct slice sealed; /* p NULL: nothing is */
	struct subject subject;
};
enum rc privacy_rows(struct cx *cx, int64_t shop_id, int64_t customer_id,
    const int64_t *orders, size_t n_orders, struct privacy_row **out,
    size_t *n) MUST_USE;

/* What a request found: sealed by the subject's key for
 * privacy_package_place. */
struct blob_place privacy_package_place(int64_t shop_id, const char *id);
enum rc privacy_package_put(struct cx *cx, const struct privacy *p,
    struct subject subject, struct slice sealed, size_t bytes) MUST_USE;
/* RC_ABSENT, noted: there is none, or no more. */
enum rc privacy_package_load(struct cx *cx, int64_t shop_id, const char *id,
    struct subject *subject, struct slice *sealed) MUST_USE;

/* ---- who opened whose */

struct access {
	const char *who;
	const char *through; /* "GET /api/pulls/:id/results" */
	const char *what; /* a table, or "package" */
	const struct subject *subjects;
	size_t n;
};

/* Noted before the data leave; nothing for n = 0. */
enum rc access_put(struct cx *cx, const struct access *a) MUST_USE;

struct access_row {
	const char *id;
	const char *domain;
	int64_t at;
	const char *who;
	const char *through;
	const char *what;
	int64_t subjects;
	const char *subject; /* "c 123" of the only one; NULL */
};
/* As privacy_list; `after` is an id, 0: from the newest. */
enum rc access_list(struct cx *cx, int64_t shop_id, int64_t after, int limit,
    struct access_row **out, size_t *n) MUST_USE;

#endif
