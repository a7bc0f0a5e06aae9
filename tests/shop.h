/* A shop in a database of the test's own, and the keys to seal its rows. */
#ifndef TEST_SHOP_H
#define TEST_SHOP_H

#include "server.h"
#include "store/keyring.h"
#include "store/shop.h"

/* One that JavaScript's numbers would spoil, and another shop. */
#define SHOP INT64_C(9007199254740993)
#define OTHER INT64_C(2)

/* KEK number 1, read; KEK_DIR is ./kek. */
void test_kek(void);

/* test_database and test_kek; both shops have installed us, and SHOP is the one
 * at work. */
struct cx *test_shop(const char *program);

/* The shop's own record, as a handler has it. */
struct shop test_shop_row(void);

/* The shop's keys; made where they are missing. */
struct keys test_keys(void);

/* Gives SHOP a token: shpat_1, to be refreshed by shprt_1, that lapses in so
 * many seconds. */
void test_token(int64_t expires_in_s);

/* Another one of the same program: connections and arena of its own. */
struct cx *test_rival(const char *program);

/* As the superuser, whom row-level security does not bind. A failure is the
 * case's. `database` is "t" or "t_keys". */
void test_sql(const char *database, const char *sql);
void test_answers(const char *want, const char *database, const char *sql);
/* The first line of what it gives; "" for nothing. */
const char *test_answer(const char *database, const char *sql);

/* The code of a failure, of which the note is thrown away. */
enum rc test_code(enum rc rc);
#define CODE(want, call) ATF_CHECK_EQ(want, test_code(call))

#endif
