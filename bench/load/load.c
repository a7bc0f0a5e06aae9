/*
 * Webhooks at full speed: COUNT orders of about BYTES bytes, every body and
 * delivery id different, all made and signed ahead, over keep-alive connections
 * that each wait for their answer. Prints one JSON line: what was answered, how
 * fast.
 *
 * load PORT SECRET DOMAIN COUNT CONNECTIONS BYTES
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/code.h"
#include "base/cx.h"
#include "base/uuid.h"
#include "io/crypt.h"

enum { ANSWER_BYTES = 4096, REQUEST_MAX_BYTES = 1 << 20 };

struct line {
	int fd;
	size_t request; /* which one it sends */
	size_t sent;
	char answer[ANSWER_BYTES];
	size_t n;
	int64_t began_us;
};

static struct slice *requests;
static int64_t *took_us;
static size_t n_requests, next_request, n_good, n_bad;
static int port, epoll_fd;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* An order of Shopify's shape, filled up with lines to its size. */
static void
order_write(struct buf *b, size_t number, size_t bytes)
{
	size_t i;

	buf_addf(b,
	    "{\"id\":%zu,\"admin_graphql_api_id\":\"gid:\\/\\/shopify\\/Order"
	    "\\/%zu\",\"name\":\"#%zu\",\"email\":\"c%zu@example.com\","
	    "\"updated_at\":\"2026-11-24T10:00:00-05:00\",\"line_items\":[",
	    820982911946154508 + number, 820982911946154508 + number, number,
	    number);
	for (i = 0; b->n + 200 < bytes; i++)
		buf_addf(b,
		    "%s{\"id\":%zu,\"title\":\"A thing of %zu \\u0026 more\","
		    "\"quantity\":%zu,\"price\":\"%zu.95\",\"sku\":\"S-%zu\"}",
		    i ? "," : "", number * 1000 + i, i, i % 5 + 1, i * 7 % 90,
		    number * 31 % 9973 + i);
	buf_add(b, "],\"total_price\":\"12.95\"}");
}

static void
sign(struct cx *cx, const char *secret, struct slice body, char **out)
{
	unsigned char mac[32];

	if (crypt_hmac(cx, slice_of(secret), body, mac) != RC_OK)
		die("hmac");
	*out = base64_of(cx->mem, mac, sizeof(mac));
}

static void
request_make(struct cx *cx, const char *secret, const char *domain,
    size_t number, size_t bytes)
{
	const struct arena_mark mark = arena_mark(cx->mem);
	struct buf body = buf_new(cx->mem, REQUEST_MAX_BYTES);
	struct buf all = buf_new(cx->mem, REQUEST_MAX_BYTES);
	const char *id;
	char *mac, *kept;

	order_write(&body, number, bytes);
	sign(cx, secret, buf_slice(&body), &mac);
	if (uuid_mint(cx, &id) != RC_OK)
		die("uuid");
	buf_addf(&all,
	    "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	    "X-Shopify-Topic: orders/create\r\n"
	    "X-Shopify-Hmac-Sha256: %s\r\n"
	    "X-Shopify-Shop-Domain: %s\r\n"
	    "X-Shopify-API-Version: 2026-10\r\nX-Shopify-Webhook-Id: %s\r\n"
	    "X-Shopify-Event-Id: %s\r\n"
	    "X-Shopify-Triggered-At: 2026-11-24T15:00:00.123456789Z\r\n\r\n",
	    body.n, mac, domain, id, id);
	buf_addn(&all, body.p, body.n);
	kept = malloc(all.n);
	if (!kept)
		die("malloc");
	memcpy(kept, all.p, all.n);
	requests[number] = (struct slice){ kept, all.n };
	arena_back(cx->mem, mark);
}

static void
line_watch(struct line *l, uint32_t events, int how)
{
	struct epoll_event e = { .events = events, .data = { .ptr = l } };

	if (epoll_ctl(epoll_fd, how, l->fd, &e) != 0)
		die("epoll_ctl");
}

static void
line_open(struct line *l)
{
	const int one = 1;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };

	l->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (l->fd < 0 ||
	    connect(l->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	(void)setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* A request fits a socket's buffer: a blocking write is no wait. */
static bool
line_send(struct line *l)
{
	const struct slice *r;

	if (next_request == n_requests)
		return false;
	l->request = next_request++;
	l->n = 0;
	l->began_us = clock_us();
	r = &requests[l->request];
	for (l->sent = 0; l->sent < r->n;) {
		const ssize_t n = write(l->fd, r->p + l->sent, r->n - l->sent);

		if (n <= 0)
			die("write");
		l->sent += (size_t)n;
	}
	return true;
}

/* Head and body are in; -1: not yet, else the status. */
static int
line_answer(const struct line *l)
{
	const char *end = memmem(l->answer, l->n, "\r\n\r\n", 4);
	const char *length;
	size_t body = 0;

	if (!end)
		return -1;
	length = memmem(
	    l->answer, (size_t)(end - l->answer), "Content-Length: ", 16);
	if (length)
		body = (size_t)strtoul(length + 16, NULL, 10);
	if (l->n < (size_t)(end - l->answer) + 4 + body)
		return -1;
	return (int)strtol(l->answer + 9, NULL, 10);
}

/* False when the line has nothing to send any more. */
static bool
line_read(struct line *l)
{
	const ssize_t n =
	    read(l->fd, l->answer + l->n, sizeof(l->answer) - l->n);
	int status;

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		die("the server closed a connection");
	l->n += (size_t)n;
	status = line_answer(l);
	if (status < 0)
		return true;
	took_us[l->request] = clock_us() - l->began_us;
	*(status >= 200 && status < 300 ? &n_good : &n_bad) += 1;
	return line_send(l);
}

static void
run(struct line *lines, size_t n)
{
	struct epoll_event events[64];
	size_t open = n, i;

	for (i = 0; i < n; i++) {
		line_open(&lines[i]);
		line_watch(&lines[i], EPOLLIN, EPOLL_CTL_ADD);
	}
	for (i = 0; i < n; i++)
		if (!line_send(&lines[i]))
			open--;
	while (open > 0) {
		const int got = epoll_wait(epoll_fd, events, 64, 30000);

		if (got <= 0)
			die("no answer for 30 s");
		for (i = 0; i < (size_t)got; i++)
			open -= !line_read(events[i].data.ptr);
	}
}

static int
by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double
at_share(double share)
{
	return (double)took_us[(size_t)((double)(n_requests - 1) * share)] /
	       1000;
}

static void
say(double seconds)
{
	qsort(took_us, n_requests, sizeof(*took_us), by_time);
	(void)printf("{\"rps\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, "
		     "\"max_ms\": %.2f, \"good\": %zu, \"bad\": %zu}\n",
	    (double)n_requests / seconds, at_share(0.5), at_share(0.99),
	    at_share(1), n_good, n_bad);
}

static size_t
number(const char *text)
{
	int64_t n;

	if (!text_int(text, 1, 100000000, &n)) {
		(void)fprintf(stderr, "load: %s is no number\n", text);
		exit(2);
	}
	return (size_t)n;
}

int
main(int argc, char **argv)
{
	struct cx cx = { .mem = arena_new(), .program = "load" };
	struct line *lines;
	size_t n_lines, i;
	int64_t began_us;

	if (argc != 7) {
		(void)fprintf(stderr, "use: load PORT SECRET DOMAIN COUNT "
				      "CONNECTIONS BYTES\n");
		return 2;
	}
	port = (int)number(argv[1]);
	n_requests = number(argv[4]);
	n_lines = number(argv[5]);
	requests = ARENA_ARRAY(cx.mem, struct slice, n_requests);
	took_us = ARENA_ARRAY(cx.mem, int64_t, n_requests);
	lines = ARENA_ARRAY(cx.mem, struct line, n_lines);
	epoll_fd = epoll_create1(0);
	if (epoll_fd < 0 || crypt_start(&cx) != RC_OK)
		die("start");
	for (i = 0; i < n_requests; i++)
		request_make(&cx, argv[2], argv[3], i, number(argv[6]));
	began_us = clock_us();
	run(lines, n_lines);
	say((double)(clock_us() - began_us) / 1e6);
	arena_free(cx.mem);
	return n_bad == 0 ? 0 : 1;
}
