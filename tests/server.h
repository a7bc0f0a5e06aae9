/* A Postgres of the test case's own, by tests/pg.sh. */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <sys/types.h>

#include "test.h"

/* A case that uses one is declared by this; it stops it at the end. */
/* clang-format off */
#define SERVER_CASE(name)                       \
	ATF_TC_WITH_CLEANUP(name);              \
	ATF_TC_HEAD(name, tc) { (void)tc; }     \
	ATF_TC_CLEANUP(name, tc)                \
	{                                       \
		(void)tc;                       \
		test_server_stop();             \
	}                                       \
	ATF_TC_BODY(name, tc)
/* clang-format on */

/* Runs words of tests/pg.sh; a failure is the case's. "pg_case" starts a server
 * with the migrated databases t and t_keys, "pg_start" a bare one. */
void test_server(const char *words);
void test_server_stop(void); /* where none was started, too */

/* The folder with its socket and data. */
const char *test_server_dir(void);
/* As a program's role ("pulls"), or the superuser (NULL). */
const char *test_url(const char *database, const char *program);
/* The process that takes connections. */
pid_t test_server_pid(void);

/* Starts a server with all migrations and opens both databases in test_cx(),
 * as that program; both are closed when the test ends. */
struct cx *test_database(const char *program);

#endif
