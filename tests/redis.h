/* A Redis of the test case's own. */
#ifndef TEST_REDIS_H
#define TEST_REDIS_H

#include "io/redis.h"
#include "test.h"

/* Starts one on a socket in a folder of its own, which ends with the test, and
 * names it in CACHE_URL; `words` are more of redis-server's, or NULL. */
void test_redis(const char *word, const char *value);

/* It answers nobody until it is thawed; what it was asked waits. */
void test_redis_freeze(void);
void test_redis_thaw(void);
/* Ends it, or starts it again at the same place, empty. */
void test_redis_end(void);
void test_redis_again(void);

/* One command; the words end with NULL. */
struct redis_said test_redis_do(const char *word, ...);

#endif
