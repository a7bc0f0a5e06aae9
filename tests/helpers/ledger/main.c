/*
 * COUNT numbered webhooks by SENDERS senders, each over a connection it keeps,
 * PER_SECOND at most in all. As Shopify does it: a second to connect, five for
 * the answer, the same delivery id on each try, anything but 2xx is a failure,
 * eight retries that wait ever longer; four hours of them last 51 seconds here,
 * in which a busy machine starts Postgres again more than once.
 *
 * ledger PORT SECRET DOMAIN COUNT SENDERS PER_SECOND
 *
 * Every try is a line on standard output, once it has ended:
 *	NUMBER|DELIVERY|TRY|STATUS	0: no answer
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/code.h"
#include "base/cx.h"
#include "base/uuid.h"
#include "io/crypt.h"

enum {
	RETRIES = 8,
	UNIT_MS = 200, /* 255 of them are 51 s */
	CONNECT_S = 1,
	ANSWER_S = 5,
	ANSWER_BYTES = 8192,
	REQUEST_BYTES = 4096,
	FIRST_ID = 2000000000
};

/* Most are of products, whose rows the test has laid; every fourth is of a
 * customer that no shop has, whose reading finds nothing. */
static const char *const topics[] = { "customers/update", "products/delete",
	"products/delete", "products/delete" };
enum { TOPICS = sizeof(topics) / sizeof(topics[0]) };

struct sender {
	pthread_t thread;
	struct arena *mem;
	int fd; /* -1: none is kept */
};

static struct {
	int port;
	const char *secret, *domain;
	int64_t count, per_second, begun_us;
} plan;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t next_number;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
sleep_us(int64_t us)
{
	const struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	if (us > 0)
		(void)nanosleep(&t, NULL);
}

/* Of another object each, so that each has its own effect. */
static struct slice
request_make(struct cx *cx, int64_t number, const char *delivery)
{
	struct buf all = buf_new(cx->mem, REQUEST_BYTES);
	const char *body = text_fmt(cx->mem,
	    "{\"id\":%lld,\"updated_at\":\"2026-11-24T10:00:00Z\","
	    "\"title\":\"caf\\u00e9 \\/ %lld\"}",
	    (long long)(FIRST_ID + number), (long long)number);
	unsigned char mac[32];

	if (crypt_hmac(cx, slice_of(plan.secret), slice_of(body), mac) != RC_OK)
		die("hmac");
	buf_addf(&all,
	    "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	    "X-Shopify-Topic: %s\r\nX-Shopify-Hmac-Sha256: %s\r\n"
	    "X-Shopify-Shop-Domain: %s\r\nX-Shopify-API-Version: 2026-10\r\n"
	    "X-Shopify-Webhook-Id: %s\r\n\r\n%s",
	    strlen(body), topics[number % TOPICS],
	    base64_of(cx->mem, mac, sizeof(mac)), plan.domain, delivery, body);
	return buf_slice(&all);
}

/* ---- one try */

static void
time_limit(int fd, int which, int seconds)
{
	const struct timeval t = { .tv_sec = seconds };

	if (setsockopt(fd, SOL_SOCKET, which, &t, sizeof(t)) != 0)
		die("setsockopt");
}

static bool
line_open(struct sender *s)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)plan.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	if (s->fd >= 0)
		return true;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		die("socket");
	time_limit(s->fd, SO_SNDTIMEO, CONNECT_S);
	time_limit(s->fd, SO_RCVTIMEO, ANSWER_S);
	return connect(s->fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
}

static void
line_close(struct sender *s)
{
	(void)close(s->fd);
	s->fd = -1;
}

/* Head and body are in; 0: not yet, else the status. */
static int
status_of(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length: ");
	size_t body = 0;

	if (!end)
		return 0;
	if (length && length < end)
		body = (size_t)strtoul(length + 18, NULL, 10);
	if (strlen(end + 4) < body)
		return 0;
	return (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
}

static int
hear(struct sender *s)
{
	char *text = arena_alloc(s->mem, ANSWER_BYTES);
	size_t n = 0;
	int status = 0;

	while (status == 0 && n < ANSWER_BYTES - 1) {
		const ssize_t got = read(s->fd, text + n, ANSWER_BYTES - 1 - n);

		if (got <= 0)
			return 0;
		n += (size_t)got;
		text[n] = '\0';
		status = status_of(text);
	}
	if (strcasestr(text, "\r\nConnection: close"))
		line_close(s);
	return status;
}

/* The status, 0 when there was none. */
static int
try_once(struct sender *s, struct slice request)
{
	int status = 0;

	if (line_open(s) && send(s->fd, request.p, request.n, MSG_NOSIGNAL) ==
				(ssize_t)request.n)
		status = hear(s);
	if (status == 0)
		line_close(s);
	return status;
}

/* ---- a sender */

/* False when all have been sent; else waits for its turn. */
static bool
take_number(int64_t *out)
{
	(void)pthread_mutex_lock(&lock);
	*out = next_number++;
	(void)pthread_mutex_unlock(&lock);
	if (*out >= plan.count)
		return false;
	sleep_us(plan.begun_us + *out * 1000000 / plan.per_second - clock_us());
	return true;
}

static void
send_number(struct cx *cx, struct sender *s, int64_t number)
{
	const char *delivery;
	struct slice request;
	int try, status;

	if (uuid_mint(cx, &delivery) != RC_OK)
		die("uuid");
	request = request_make(cx, number, delivery);
	for (try = 0; try <= RETRIES; try++) {
		if (try > 0) {
			if (s->fd >= 0)
				line_close(s); /* not kept for so long */
			sleep_us((int64_t)UNIT_MS * 1000 << (try - 1));
		}
		status = try_once(s, request);
		(void)printf("%lld|%s|%d|%d\n", (long long)number, delivery,
		    try + 1, status);
		if (status >= 200 && status < 300)
			return;
	}
}

static void *
work(void *arg)
{
	struct sender *s = arg;
	int64_t number;

	s->mem = arena_new();
	while (take_number(&number)) {
		struct cx cx = { .mem = s->mem, .program = "ledger" };

		send_number(&cx, s, number);
		arena_empty(s->mem);
	}
	arena_free(s->mem);
	return NULL;
}

static int64_t
number_of(const char *text)
{
	int64_t n;

	if (!text_int(text, 1, 1000000, &n)) {
		(void)fprintf(stderr, "ledger: %s is no number\n", text);
		exit(2);
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct cx cx = { .mem = arena_new(), .program = "ledger" };
	struct sender *senders;
	int64_t i, n;

	if (argc != 7) {
		(void)fprintf(stderr, "use: ledger PORT SECRET DOMAIN COUNT "
				      "SENDERS PER_SECOND\n");
		return 2;
	}
	plan.port = (int)number_of(argv[1]);
	plan.secret = argv[2];
	plan.domain = argv[3];
	plan.count = number_of(argv[4]);
	n = number_of(argv[5]);
	plan.per_second = number_of(argv[6]);
	plan.begun_us = clock_us();
	senders = ARENA_ARRAY(cx.mem, struct sender, (size_t)n);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (crypt_start(&cx) != RC_OK)
		die("crypt");
	for (i = 0; i < n; i++) {
		senders[i].fd = -1;
		if (pthread_create(
			&senders[i].thread, NULL, work, &senders[i]) != 0)
			die("thread");
	}
	for (i = 0; i < n; i++)
		(void)pthread_join(senders[i].thread, NULL);
	arena_free(cx.mem);
	return 0;
}
