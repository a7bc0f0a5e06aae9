/* A Redis of the test case's own. */
#include <atf-c.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "io/wait.h"
#include "redis.h"

enum { STARTED_MS = 20000, WORDS_MAX = 10 };

static struct {
	pid_t pid;
	const char *socket;
	const char *word; /* or NULL */
	const char *value;
} redis;

static void
become(void)
{
	const char *const quiet[] = { "--loglevel", "warning" };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)execlp("redis-server", "redis-server", "--port", "0",
	    "--unixsocket", redis.socket, "--save", "", "--appendonly", "no",
	    "--dir", ".", redis.word != NULL ? redis.word : quiet[0],
	    redis.word != NULL ? redis.value : quiet[1], (char *)NULL);
	_exit(127);
}

/* Its socket is there before it listens. */
static bool
takes_calls(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool did;

	ATF_REQUIRE(fd >= 0 && strlen(redis.socket) < sizeof(to.sun_path));
	memcpy(to.sun_path, redis.socket, strlen(redis.socket) + 1);
	did = connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	ATF_REQUIRE_EQ(0, close(fd));
	return did;
}

void
test_redis_again(void)
{
	const int64_t until = clock_ms() + STARTED_MS;

	redis.pid = fork();
	if (redis.pid == 0)
		become();
	while (!takes_calls()) {
		ATF_REQUIRE_MSG(clock_ms() < until, "Redis does not start");
		OK(wait_until(test_cx(), clock_ms() + 5));
	}
}

void
test_redis(const char *word, const char *value)
{
	char folder[] = "/tmp/redis.XXXXXX";

	ATF_REQUIRE(mkdtemp(folder) != NULL);
	redis.socket = text_fmt(test_arena(), "%s/s", folder);
	redis.word = word;
	redis.value = value;
	test_redis_again();
	conf_set(
	    C_CACHE_URL, text_fmt(test_arena(), "unix://%s", redis.socket));
	OK(redis_start(test_cx()));
}

void
test_redis_freeze(void)
{
	ATF_REQUIRE_EQ(0, kill(redis.pid, SIGSTOP));
}

void
test_redis_thaw(void)
{
	ATF_REQUIRE_EQ(0, kill(redis.pid, SIGCONT));
}

void
test_redis_end(void)
{
	ATF_REQUIRE_EQ(0, kill(redis.pid, SIGKILL));
	ATF_REQUIRE_EQ(redis.pid, waitpid(redis.pid, NULL, 0));
	ATF_REQUIRE_EQ(0, unlink(redis.socket));
}

struct redis_said
test_redis_do(const char *word, ...)
{
	struct slice words[WORDS_MAX];
	struct redis_said said;
	size_t n = 0;
	va_list ap;

	va_start(ap, word);
	for (; word != NULL && n < WORDS_MAX; word = va_arg(ap, const char *))
		words[n++] = slice_of(word);
	va_end(ap);
	OK(redis_do(test_cx(), words, n, &said));
	return said;
}
