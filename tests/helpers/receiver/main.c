/*
 * Takes webhooks in place of the app: receiver FOLDER
 *
 *	FOLDER/port	on which it listens, once it does
 *	FOLDER/answer	words, read with each request: the n-th request since
 *			it was written gets the n-th, the last one again and
 *			again. A status, or "hang": no answer at all.
 *	FOLDER/N.head	what came, N from 1: first line and headers
 *	FOLDER/N.body	and its body
 *
 * Only the first KEPT_MAX are kept. It ends when FOLDER/port is taken away and
 * one more connection comes, or by a signal.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { PEERS_MAX = 128, REQUEST_BYTES_MAX = 17 << 20, KEPT_MAX = 200 };

struct peer {
	int fd;
	char *p; /* what came and is not answered */
	size_t n;
};

static struct {
	struct arena *mem; /* emptied with each request */
	const char *folder;
	struct pollfd fds[PEERS_MAX + 1]; /* the first listens */
	struct peer peers[PEERS_MAX + 1];
	nfds_t n;
	int64_t taken; /* requests */
	int64_t since; /* requests since `answer` was written */
	struct timespec written;
} r;

static const char *
path(const char *name)
{
	return text_fmt(r.mem, "%s/%s", r.folder, name);
}

static void
write_file(const char *name, const char *p, size_t n)
{
	FILE *f = fopen(path("new"), "w");

	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0 ||
	    rename(path("new"), path(name)) < 0)
		exit(EXIT_FAILURE);
}

/* The word for this request, in r.mem. */
static const char *
next_answer(void)
{
	FILE *f = fopen(path("answer"), "r");
	char *text = arena_alloc(r.mem, 4096);
	const char *word = "200";
	struct slice rest, part;
	struct stat st;
	int64_t i;

	if (f == NULL)
		return word;
	rest = (struct slice){ text, fread(text, 1, 4095, f) };
	if (fstat(fileno(f), &st) == 0 &&
	    memcmp(&st.st_mtim, &r.written, sizeof(r.written)) != 0) {
		r.written = st.st_mtim;
		r.since = 0;
	}
	(void)fclose(f);
	for (i = 0; i <= r.since; i++) {
		while (rest.n > 0 && rest.p[rest.n - 1] == '\n')
			rest.n--;
		if (!text_next(&rest, ' ', &part))
			break;
		word = text_of(r.mem, part);
	}
	r.since++;
	return word;
}

static void
answer(int fd)
{
	const char *word = next_answer();
	const char *text =
	    text_fmt(r.mem, "HTTP/1.1 %s x\r\nContent-Length: 0\r\n\r\n", word);

	if (!text_same(word, "hang"))
		(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void
keep(const char *head, size_t head_n, struct slice body)
{
	if (++r.taken > KEPT_MAX)
		return;
	write_file(
	    text_fmt(r.mem, "%lld.body", (long long)r.taken), body.p, body.n);
	write_file(
	    text_fmt(r.mem, "%lld.head", (long long)r.taken), head, head_n);
}

/* The value of Content-Length, or 0. */
static size_t
length_of(const char *head)
{
	const char *at = strcasestr(head, "\r\nContent-Length:");

	return at != NULL ? strtoul(at + 17, NULL, 10) : 0;
}

/* Answers a whole request at the front; false when there is none. */
static bool
take_request(struct peer *peer)
{
	const char *end = memmem(peer->p, peer->n, "\r\n\r\n", 4);
	size_t head_n, body_n;

	if (end == NULL)
		return false;
	head_n = (size_t)(end - peer->p) + 4;
	peer->p[head_n - 1] = '\0';
	body_n = length_of(peer->p);
	peer->p[head_n - 1] = '\n';
	if (peer->n < head_n + body_n)
		return false;
	keep(peer->p, head_n, (struct slice){ peer->p + head_n, body_n });
	answer(peer->fd);
	peer->n -= head_n + body_n;
	memmove(peer->p, peer->p + head_n + body_n, peer->n);
	arena_empty(r.mem);
	return true;
}

static void
let_go(nfds_t i)
{
	(void)close(r.peers[i].fd);
	free(r.peers[i].p);
	r.n--;
	r.peers[i] = r.peers[r.n];
	r.fds[i] = r.fds[r.n];
}

static bool
read_more(struct peer *peer)
{
	const ssize_t n =
	    recv(peer->fd, peer->p + peer->n, REQUEST_BYTES_MAX - peer->n, 0);

	if (n <= 0)
		return false;
	peer->n += (size_t)n;
	while (take_request(peer))
		continue;
	return true;
}

static void
welcome(void)
{
	const int fd = accept(r.fds[0].fd, NULL, NULL), yes = 1;

	if (fd < 0)
		return;
	if (access(path("port"), F_OK) < 0)
		exit(EXIT_SUCCESS);
	if (r.n > PEERS_MAX) {
		(void)close(fd);
		return;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	r.fds[r.n] = (struct pollfd){ .fd = fd, .events = POLLIN };
	r.peers[r.n] = (struct peer){ fd, malloc(REQUEST_BYTES_MAX), 0 };
	if (r.peers[r.n++].p == NULL)
		exit(EXIT_FAILURE);
}

static void
open_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(a);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *text;

	if (bind(fd, (void *)&a, n) < 0 || listen(fd, PEERS_MAX) < 0 ||
	    getsockname(fd, (void *)&a, &n) < 0)
		exit(EXIT_FAILURE);
	r.fds[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	r.n = 1;
	text = text_fmt(r.mem, "%d\n", ntohs(a.sin_port));
	write_file("port", text, strlen(text));
}

int
main(int argc, char **argv)
{
	nfds_t i;

	if (argc != 2)
		return EXIT_FAILURE;
	r.mem = arena_new();
	r.folder = argv[1];
	open_port();
	while (poll(r.fds, r.n, -1) >= 0) {
		if (r.fds[0].revents)
			welcome();
		for (i = r.n - 1; i > 0; i--)
			if (r.fds[i].revents && !read_more(&r.peers[i]))
				let_go(i);
	}
	return EXIT_FAILURE;
}
