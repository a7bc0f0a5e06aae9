/* A Postgres of the test case's own, by tests/pg.sh. */
#include <atf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "io/db.h"
#include "server.h"

static const char prelude[] = "top=$STOCKROOM_SRC; . \"$top/tests/pg.sh\"\n"
			      "atf_fail() { echo \"$*\" >&2; exit 1; }\n"
			      "[ ! -f pg.dir ] || PG_DIR=$(cat pg.dir)\n";

static bool
ran(const char *words)
{
	const char *script = text_fmt(test_arena(), "%s%s", prelude, words);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		(void)setenv("STOCKROOM_SRC", ".", 0);
		(void)execl("/bin/sh", "sh", "-e", "-c", script, (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void
test_server(const char *words)
{
	if (ran(words))
		return;
	(void)fprintf(stderr, "failed: %s\n", words); /* several lines */
	atf_tc_fail("what was asked of tests/pg.sh failed");
}

void
test_server_stop(void)
{
	(void)ran("pg_stop");
}

/* The first line of a file that the server or pg.sh wrote. */
static const char *
line_of(const char *path)
{
	struct slice text;
	struct slice line = { "", 0 };

	test_ok(file_read(test_cx(), path, 4096, FILE_ANY, &text));
	(void)text_next(&text, '\n', &line);
	return text_of(test_arena(), line);
}

const char *
test_server_dir(void)
{
	return line_of("pg.dir");
}

const char *
test_url(const char *database, const char *program)
{
	return text_fmt(test_arena(), "host=%s dbname=%s user=%s%s",
	    test_server_dir(), database, program ? "stockroom_" : "postgres",
	    program ? program : "");
}

pid_t
test_server_pid(void)
{
	const char *path =
	    text_fmt(test_arena(), "%s/data/postmaster.pid", test_server_dir());

	return (pid_t)strtol(line_of(path), NULL, 10);
}

static void
end(void)
{
	struct cx *cx = test_cx();

	arena_empty(cx->mem);
	db_close(cx->db);
	db_close(cx->keyring);
}

struct cx *
test_database(const char *program)
{
	struct cx *cx = test_cx();

	test_server("pg_case");
	cx->db = db_open("test", test_url("t", program), NULL, 1);
	cx->keyring = db_open("test", test_url("t_keys", program), NULL, 1);
	(void)atexit(end);
	return cx;
}
