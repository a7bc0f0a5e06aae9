/*
 * The ingest shape under load: replaced again and again, and watched by
 * ThreadSanitizer. REL-1, REL-15.
 * kyua: timeout=120
 */
#include <atf-c.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "lib/web/fcgi.h"
#include "lib/web/served.h"
#include "test.h"

enum { CLIENTS = 8, EACH = 400, MOST = 16 << 20, HEAD_BYTES = 4096 };

/* Made before there are threads: the test's arena is nobody's but the test's.
 */
struct client {
	pthread_t thread;
	struct slice requests[EACH];
	const char *names[EACH];
	int status[EACH]; /* 0: no answer */
};
static struct client clients[CLIENTS];

/* ---- a client, without anything that threads may not share */

static bool
send_all(int fd, struct slice s)
{
	while (s.n > 0) {
		const ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		s = (struct slice){ s.p + n, s.n - (size_t)n };
	}
	return true;
}

static int
ask(struct slice request)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char head[HEAD_BYTES];
	size_t have = 0;
	ssize_t n = 1;

	if (connect(fd, (const struct sockaddr *)served_where(),
		sizeof(*served_where())) == 0 &&
	    send_all(fd, request))
		while (n > 0 && have < sizeof(head)) {
			n = read(fd, head + have, sizeof(head) - have);
			have += n > 0 ? (size_t)n : 0;
		}
	(void)close(fd);
	return have > 20 && memcmp(head + 8, "Status: ", 8) == 0
		   ? (int)strtol(head + 16, NULL, 10)
		   : 0;
}

static void *
run(void *arg)
{
	struct client *c = arg;

	for (size_t i = 0; i < EACH; i++)
		c->status[i] = ask(c->requests[i]);
	return NULL;
}

/* ---- what they ask for */

static struct slice
delivery(const char *name, const char *what, size_t n)
{
	const char *extra[] = { "HTTP_X_SHOPIFY_HMAC_SHA256",
		what != NULL && text_same(what, "bad") ? "bad" : "good",
		"HTTP_X_SHOPIFY_NAME", name, what == NULL ? NULL : "HTTP_X_DO",
		what, NULL };
	char *body = arena_alloc(test_arena(), n + 1);

	memset(body, 'x', n);
	return fcgi_request("POST", "/webhooks", body, extra);
}

static void
prepare(bool mixed)
{
	static const char *const kinds[] = { NULL, NULL, "drop", NULL, "fail",
		"bad", "share", NULL };

	for (size_t k = 0; k < CLIENTS; k++)
		for (size_t i = 0; i < EACH; i++) {
			struct client *c = &clients[k];
			const char *kind = mixed ? kinds[(i + k) % 8] : NULL;

			c->names[i] =
			    mixed && i % 5 == 0
				? "again"
				: text_fmt(test_arena(), "c%zu-%zu", k, i);
			c->requests[i] =
			    delivery(c->names[i], kind, i * 97 % 7000);
		}
}

static void
begin(void)
{
	for (size_t k = 0; k < CLIENTS; k++)
		ATF_REQUIRE_EQ(0,
		    pthread_create(&clients[k].thread, NULL, run, &clients[k]));
}

static void
end(void)
{
	for (size_t k = 0; k < CLIENTS; k++)
		ATF_REQUIRE_EQ(0, pthread_join(clients[k].thread, NULL));
}

static bool
all_answered(void)
{
	for (size_t k = 0; k < CLIENTS; k++)
		if (__atomic_load_n(
			&clients[k].status[EACH - 1], __ATOMIC_RELAXED) == 0)
			return false;
	return true;
}

/* ---- what became of it */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that were kept, in order. */
static size_t
kept(const char ***out)
{
	const char **names = ARENA_ARRAY(test_arena(), const char *, 100000);
	struct slice text, line, name;
	size_t n = 0;

	OK(file_read(test_cx(), "kept", MOST, FILE_ANY, &text));
	while (text_next(&text, '\n', &line) && n < 100000)
		if (text_next(&line, ' ', &name))
			names[n++] = text_of(test_arena(), name);
	qsort(names, n, sizeof(*names), by_text);
	*out = names;
	return n;
}

static size_t
times(const char **names, size_t n, const char *name)
{
	const char **found = bsearch(&name, names, n, sizeof(*names), by_text);
	size_t count = 0;

	if (found == NULL)
		return 0;
	while (found > names && text_same(found[-1], name))
		found--;
	for (; found < names + n && text_same(*found, name); found++)
		count++;
	return count;
}

/* Each is kept once, whoever of the programs took it; none had no answer. */
ATF_TC_WITHOUT_HEAD(replaced_under_load_it_loses_and_doubles_nothing);
ATF_TC_BODY(replaced_under_load_it_loses_and_doubles_nothing, tc)
{
	const char **names;
	int replaced = 0;
	size_t n;

	prepare(false);
	served_start("ingest_echo", NULL, NULL);
	begin();
	for (; !all_answered() || replaced < 3; replaced++)
		served_replace("ingest_echo");
	end();
	ATF_CHECK_EQ(0, served_stop());
	n = kept(&names);
	for (size_t k = 0; k < CLIENTS; k++)
		for (size_t i = 0; i < EACH; i++) {
			ATF_CHECK_EQ_MSG(200, clients[k].status[i], "%s",
			    clients[k].names[i]);
			ATF_CHECK_EQ_MSG(1,
			    times(names, n, clients[k].names[i]), "%s",
			    clients[k].names[i]);
		}
	ATF_CHECK_EQ(CLIENTS * EACH, n);
}

static void
tell(const char *name)
{
	(void)close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/* Its exit status is 66 when the sanitizer saw a race; it says which. */
ATF_TC_WITHOUT_HEAD(no_two_threads_race);
ATF_TC_BODY(no_two_threads_race, tc)
{
	const char **names;
	size_t n;

	prepare(true);
	served_start("tsan/tests/helpers/ingest_echo", NULL, NULL);
	begin();
	while (!all_answered()) {
		tell("down");
		(void)poll(NULL, 0, 50);
		(void)unlink("down");
		(void)poll(NULL, 0, 300);
	}
	end();
	ATF_CHECK_EQ(0, served_stop());
	n = kept(&names);
	for (size_t k = 0; k < CLIENTS; k++)
		for (size_t i = 0; i < EACH; i++)
			if (clients[k].status[i] == 200)
				ATF_CHECK(
				    times(names, n, clients[k].names[i]) > 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, replaced_under_load_it_loses_and_doubles_nothing);
	ATF_TP_ADD_TC(tp, no_two_threads_race);
	return atf_no_error();
}
