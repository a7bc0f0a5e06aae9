/*
 * Holds HEADS requests whose head never ends and BODIES whose body does not, a
 * byte more of each five times a second, one begun anew for each that the
 * server ends; meanwhile asks for GOOD answers, one after another, of the door,
 * of a page and of a program whose bodies are held up too. Prints one JSON
 * line.
 *
 * slow PORT SECRET DOMAIN HEADS BODIES GOOD
 *
 * Exits with 1 when a good request was not answered as it should be, or when
 * fewer were held.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/code.h"
#include "base/cx.h"
#include "io/crypt.h"

enum { ANSWER_BYTES = 8192, REQUEST_BYTES = 4096, ROUND_MS = 200 };

/* What is held, by turns; each ends where it may go on for long. */
static const char *const begun[] = {
	"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
	"POST /webhooks HTTP/1.1\r\nHost: x\r\nX-Slow: ",
	"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{",
	"POST /api/auth/keys HTTP/1.1\r\nHost: x\r\n"
	"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
};

static struct {
	int port;
	size_t heads, bodies;
} plan;
static atomic_bool over;
static atomic_size_t held;
static size_t begun_anew;

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static int
line_open(void)
{
	const int one = 1;
	const struct timeval patience = { .tv_sec = 20 };
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)plan.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)setsockopt(
	    fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

/* ---- what is held */

static int
slow_open(size_t i)
{
	const char *text =
	    begun[i < plan.heads ? i % 2 : 2 + (i - plan.heads) % 2];
	const int fd = line_open();

	(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
	return fd;
}

/* False when it has an answer, or its end. */
static bool
slow_step(int fd)
{
	char answer;

	return recv(fd, &answer, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN &&
	       send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

static void *
hold(void *arg)
{
	const struct timespec pause = { .tv_nsec = ROUND_MS * 1000000L };
	const size_t n = plan.heads + plan.bodies;
	int *fds = arg;

	for (size_t i = 0; i < n; i++)
		fds[i] = slow_open(i);
	while (!over) {
		held = n;
		(void)nanosleep(&pause, NULL);
		for (size_t i = 0; i < n; i++) {
			if (slow_step(fds[i]))
				continue;
			(void)close(fds[i]);
			fds[i] = slow_open(i);
			begun_anew++;
		}
	}
	return NULL;
}

/* ---- good requests */

struct good {
	struct slice request;
	int status;
};

static struct good
good_webhook(struct cx *cx, const char *secret, const char *domain, size_t i)
{
	struct buf all = buf_new(cx->mem, REQUEST_BYTES);
	const char *body = text_fmt(cx->mem, "{\"id\":%zu}", i);
	unsigned char mac[32];

	if (crypt_hmac(cx, slice_of(secret), slice_of(body), mac) != RC_OK)
		die("hmac");
	buf_addf(&all,
	    "POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
	    "X-Shopify-Topic: themes/publish\r\n"
	    "X-Shopify-Hmac-Sha256: %s\r\nX-Shopify-Shop-Domain: %s\r\n\r\n%s",
	    strlen(body), base64_of(cx->mem, mac, sizeof(mac)), domain, body);
	return (struct good){ buf_slice(&all), 200 };
}

static struct good
good_make(struct cx *cx, const char *secret, const char *domain, size_t i)
{
	switch (i % 3) {
	case 0:
		return good_webhook(cx, secret, domain, i);
	case 1:
		return (struct good){ slice_of("GET /healthz HTTP/1.1\r\n"
					       "Host: x\r\n\r\n"),
			200 };
	default:
		return (struct good){ slice_of("GET /api/auth/keys HTTP/1.1\r\n"
					       "Host: x\r\n\r\n"),
			401 };
	}
}

/* Its status line is enough: the connection is not used again. */
static bool
good_ask(const struct good *g, int64_t *took_us)
{
	const int64_t begun_us = clock_us();
	const int fd = line_open();
	char answer[ANSWER_BYTES] = "";
	ssize_t n = 0;

	if (send(fd, g->request.p, g->request.n, MSG_NOSIGNAL) ==
	    (ssize_t)g->request.n)
		n = recv(fd, answer, sizeof(answer) - 1, 0);
	*took_us = clock_us() - begun_us;
	(void)close(fd);
	if (n > 12 && strtol(answer + 9, NULL, 10) == g->status)
		return true;
	(void)fprintf(stderr, "after %lld us instead of %d: %.200s\n",
	    (long long)*took_us, g->status, n > 0 ? answer : "nothing");
	return false;
}

static int
by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t
number(const char *text)
{
	int64_t n;

	if (!text_int(text, 0, 1000000, &n)) {
		(void)fprintf(stderr, "slow: %s is no number\n", text);
		exit(2);
	}
	return (size_t)n;
}

static void
say(int64_t *took_us, size_t n, size_t bad)
{
	qsort(took_us, n, sizeof(*took_us), by_time);
	(void)printf("{\"p50_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, "
		     "\"good\": %zu, \"bad\": %zu, \"held\": %zu, "
		     "\"begun_anew\": %zu}\n",
	    (double)took_us[n / 2] / 1e3, (double)took_us[n * 99 / 100] / 1e3,
	    (double)took_us[n - 1] / 1e3, n - bad, bad, (size_t)held,
	    begun_anew);
}

static void
wait_until_held(void)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	const int64_t end_ms = clock_ms() + 20000;

	while (held == 0 && clock_ms() < end_ms && plan.heads + plan.bodies > 0)
		(void)nanosleep(&moment, NULL);
}

int
main(int argc, char **argv)
{
	struct cx cx = { .mem = arena_new(), .program = "slow" };
	struct rlimit fds = { 4096, 4096 };
	pthread_t holder;
	int64_t *took_us;
	size_t n, bad = 0;

	if (argc != 7) {
		(void)fprintf(
		    stderr, "use: slow PORT SECRET DOMAIN HEADS BODIES GOOD\n");
		return 2;
	}
	plan.port = (int)number(argv[1]);
	plan.heads = number(argv[4]);
	plan.bodies = number(argv[5]);
	n = number(argv[6]);
	took_us = ARENA_ARRAY(cx.mem, int64_t, n);
	(void)setrlimit(RLIMIT_NOFILE, &fds);
	if (n == 0 || crypt_start(&cx) != RC_OK ||
	    pthread_create(&holder, NULL, hold,
		ARENA_ARRAY(cx.mem, int, plan.heads + plan.bodies + 1)) != 0)
		die("start");
	wait_until_held();
	for (size_t i = 0; i < n; i++) {
		const struct good g = good_make(&cx, argv[2], argv[3], i);

		bad += !good_ask(&g, &took_us[i]);
	}
	over = true;
	(void)pthread_join(holder, NULL);
	say(took_us, n, bad);
	bad += held < plan.heads + plan.bodies;
	arena_free(cx.mem);
	return bad == 0 ? 0 : 1;
}
