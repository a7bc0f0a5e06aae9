/* Asking a made-up shop, without HTTP. */
#ifndef TEST_SANDBOX_ASK_H
#define TEST_SANDBOX_ASK_H

#include "../../sandbox/answer.h"
#include "../test.h"

/* When these shops' youngest order was placed: 2026-11-24T12:00:00Z. */
#define ASK_NOW INT64_C(1795521600)

/* A shop of no things; it lives in the test's arena. */
struct shop *ask_empty(void);

/* One from the seed. */
struct shop *ask_shop(
    uint64_t seed, size_t products, size_t orders, size_t customers);

/* All scopes, all orders, a full Plus bucket, version 2026-10; `query` as
 * text. What a test wants else it changes before ask_question. */
struct question ask_of(struct shop *shop, const char *query);

/* The app that asks, to give it less. */
extern struct app ask_app;

/* The answer's JSON object; ends the test when there is none. */
struct json ask_question(struct question *q);

/* All in one; `variables` is JSON text or NULL. */
struct json ask(struct shop *shop, const char *query, const char *variables);

/* errors[0].extensions.code, or "". */
const char *ask_code(struct json answer);

/* The value as JSON text, or "" where there is none. */
const char *ask_text(struct json answer, const char *path);

#endif
