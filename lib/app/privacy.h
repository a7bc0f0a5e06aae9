/*
 * The privacy law's three requests (shopify.md 3.6, SEC-16 to SEC-18): asked
 * for in a transaction, done by a job, told by a receipt. What is personal is
 * what each table's register says, so tables of later work are reached by being
 * declared (sql/migrations/0030_privacy.sql).
 */
#ifndef APP_PRIVACY_H
#define APP_PRIVACY_H

#include "base/json.h"
#include "store/privacy.h"

/*
 * Notes the request and puts its job; in the caller's transaction, job_wake
 * behind it. Twice with one id is once.
 */
enum rc privacy_ask(struct cx *cx, const struct privacy_new *p) MUST_USE;

/* The same of a webhook's payload, by its topic; RC_INPUT when it names no
 * customer. */
enum rc privacy_ask_payload(struct cx *cx, const char *topic,
    struct json payload, int64_t shop_id, const char *id) MUST_USE;

/* The numbers of a request's `orders`. */
size_t privacy_orders(struct cx *cx, const struct privacy *p, int64_t **out);

/*
 * Everything that is kept of the request's customer as JSON, each row with its
 * personal part opened. RC_ABSENT, not noted, when they were forgotten.
 */
enum rc privacy_find(
    struct cx *cx, const struct privacy *p, struct slice *out) MUST_USE;

/* What tells who it is: e-mail, phone, name, as what is kept has them, the
 * webhook that asks included. RC_ABSENT, not noted: no key is left to open it.
 */
enum rc privacy_words(struct cx *cx, const struct privacy *p,
    const char *const **out, size_t *n) MUST_USE;

#endif
