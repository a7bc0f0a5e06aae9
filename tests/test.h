/* What C tests share: a context to work in, and the fixtures. */
#ifndef TEST_H
#define TEST_H

#include "base/cx.h"
#include "base/json.h"
#include "base/text.h"

/* Defined in a build with AddressSanitizer. */
#if defined(__SANITIZE_ADDRESS__)
#define TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TEST_ASAN 1
#endif
#endif

/* The same each time, freed when the test ends. */
struct arena *test_arena(void);
struct cx *test_cx(void); /* program "test", in test_arena */

/* A file under tests/fixtures, terminated; the test ends without it. */
struct slice test_fixture(const char *path);

/* A JSON text that must be good. */
struct json test_json(struct slice text);

/* Ends the test when `rc` is none of the failures; says what was noted. */
void test_ok(enum rc rc);
#define OK(call) test_ok(call)

#endif
