/* A helper program on a FastCGI socket of its own, and who talks to it. */
#include "lib/web/served.h"

#include <atf-c.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/web/fcgi.h"
#include "test.h"

enum {
	PATIENCE_S = 10,
	BACKLOG = 1024,
	MOST = 16 << 20,
	PART = 65536,
	END_MS = 300
};

static struct sockaddr_un where = { .sun_family = AF_UNIX,
	.sun_path = "program.sock" };
static int listener = -1;
static pid_t program;

static int
new_socket(void)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct timeval patience = { .tv_sec = PATIENCE_S };

	ATF_REQUIRE(fd >= 0);
	ATF_REQUIRE_EQ(0, setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			      sizeof(patience)));
	return fd;
}

/* Told first, for one that is killed leaves no counts of what it ran. */
static void
end_program(void)
{
	int status, ms = 0;

	if (program <= 0)
		return;
	(void)kill(program, SIGTERM);
	while (waitpid(program, &status, WNOHANG) == 0 && ms++ < END_MS)
		(void)poll(NULL, 0, 1);
	if (ms > END_MS)
		(void)kill(program, SIGKILL);
}

static const char *
path_of(const char *name)
{
	const char *build = getenv("STOCKROOM_BUILD");

	return text_fmt(test_arena(), "%s/%s%s.fcgi", build ? build : "build",
	    strchr(name, '/') == NULL ? "tests/helpers/" : "", name);
}

static void
spawn(const char *name, const char *one, const char *two)
{
	char *argv[] = { (char *)(uintptr_t)name, NULL };
	char *env[] = { "RUN_DIR=.", "LOG_LEVEL=err", (char *)(uintptr_t)one,
		(char *)(uintptr_t)two, NULL };
	posix_spawn_file_actions_t actions;

	ATF_REQUIRE_EQ(0, posix_spawn_file_actions_init(&actions));
	ATF_REQUIRE_EQ(
	    0, posix_spawn_file_actions_adddup2(&actions, listener, 0));
	ATF_REQUIRE_EQ(
	    0, posix_spawn(&program, path_of(name), &actions, NULL, argv, env));
	(void)posix_spawn_file_actions_destroy(&actions);
}

void
served_start(const char *name, const char *one, const char *two)
{
	if (listener < 0)
		(void)atexit(end_program);
	else
		(void)close(listener);
	(void)unlink(where.sun_path);
	listener = new_socket();
	ATF_REQUIRE_EQ(
	    0, bind(listener, (struct sockaddr *)&where, sizeof(where)));
	ATF_REQUIRE_EQ(0, listen(listener, BACKLOG));
	spawn(name, one, two);
}

/* Whether it would hear SIGTERM: before, it would only die of it. */
static bool
hears(pid_t pid)
{
	FILE *f =
	    fopen(text_fmt(test_arena(), "/proc/%ld/status", (long)pid), "r");
	unsigned long long caught = 0;
	char *line = NULL;
	size_t room = 0;

	ATF_REQUIRE(f != NULL);
	while (getline(&line, &room, f) > 0)
		if (text_starts(line, "SigCgt:"))
			caught = strtoull(line + strlen("SigCgt:"), NULL, 16);
	free(line);
	(void)fclose(f);
	return (caught >> (SIGTERM - 1) & 1) != 0;
}

static int
end_of(pid_t pid)
{
	int status;

	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_REQUIRE_MSG(
	    WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static void
tell_to_stop(pid_t pid)
{
	while (!hears(pid))
		(void)poll(NULL, 0, 1);
	ATF_REQUIRE_EQ(0, kill(pid, SIGTERM));
}

void
served_replace(const char *name)
{
	const pid_t before = program;

	spawn(name, NULL, NULL);
	tell_to_stop(before);
	ATF_CHECK_EQ(0, end_of(before));
}

int
served_end(void)
{
	const pid_t pid = program;

	program = 0;
	(void)close(listener);
	listener = -1;
	return end_of(pid);
}

int
served_stop(void)
{
	tell_to_stop(program);
	return served_end();
}

const struct sockaddr_un *
served_where(void)
{
	return &where;
}

pid_t
served_pid(void)
{
	return program;
}

int
served_connect(void)
{
	const int fd = new_socket();

	ATF_REQUIRE_EQ_MSG(0,
	    connect(fd, (struct sockaddr *)&where, sizeof(where)), "%s",
	    strerror(errno));
	return fd;
}

bool
served_say(int fd, struct slice bytes)
{
	while (bytes.n > 0) {
		const ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		bytes = (struct slice){ bytes.p + n, bytes.n - (size_t)n };
	}
	return true;
}

const char *
served_hear(int fd)
{
	struct buf b = buf_new(test_arena(), MOST);
	char *part = arena_alloc(test_arena(), PART);
	ssize_t n;

	while ((n = read(fd, part, PART)) > 0)
		buf_addn(&b, part, (size_t)n);
	if (n < 0 && errno == EAGAIN)
		atf_tc_fail("no answer and no end");
	(void)close(fd);
	return fcgi_said(buf_slice(&b));
}

const char *
served_talk(struct slice bytes)
{
	const int fd = served_connect();

	(void)served_say(fd, bytes);
	return served_hear(fd);
}
