/* A server for tests: a process, and a process for each of its connections. */
#include "tls_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_MAX_BYTES = 1 << 20 };

struct tls_peer {
	const struct tls_server *server;
	int fd;
	SSL *ssl; /* NULL: plain */
	char *got; /* terminated */
	size_t n;
	struct tls_report report;
};

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

/* ---- one connection */

void
tls_say(struct tls_peer *p, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	if (p->ssl)
		(void)SSL_write(p->ssl, bytes, (int)n);
	else
		(void)!write(p->fd, bytes, n);
}

void
tls_say_text(struct tls_peer *p, const char *text)
{
	tls_say(p, text, strlen(text));
}

bool
tls_ok(struct tls_peer *p, const char *head, const char *body)
{
	(void)head, (void)body;
	tls_say_text(p, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	return true;
}

bool
tls_echo(struct tls_peer *p, const char *head, const char *body)
{
	char *first = NULL;

	need(asprintf(&first, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
		 strlen(head) + strlen(body)) > 0,
	    "asprintf");
	tls_say_text(p, first);
	tls_say_text(p, head);
	tls_say_text(p, body);
	free(first);
	return true;
}

static bool
get_more(struct tls_peer *p)
{
	const size_t room = REQUEST_MAX_BYTES - p->n;
	ssize_t n;

	n = p->ssl ? SSL_read(p->ssl, p->got + p->n, (int)room)
		   : read(p->fd, p->got + p->n, room);
	if (n <= 0)
		return false;
	p->n += (size_t)n;
	p->got[p->n] = '\0';
	/* What a client says to shake hands with us is no request yet. */
	if (p->ssl || p->got[0] != 0x16)
		p->report.bytes += (size_t)n;
	return true;
}

static size_t
body_bytes(const char *head)
{
	const char *length = strcasestr(head, "\r\nContent-Length:");

	return length ? strtoul(length + 17, NULL, 10) : 0;
}

/* Where the body begins; NULL until head and body are whole. */
static char *
whole(struct tls_peer *p)
{
	char *end = strstr(p->got, "\r\n\r\n");

	if (!end || strlen(end + 4) < body_bytes(p->got))
		return NULL;
	return end + 4;
}

static bool
one_request(struct tls_peer *p)
{
	tls_answer *answer = p->server->answer;
	char *body, *head;
	bool more;

	p->n = 0;
	p->got[0] = '\0';
	while (!(body = whole(p)))
		if (!get_more(p))
			return false;
	p->report.requests++;
	head = strndup(p->got, (size_t)(body - p->got));
	need(head, "strndup");
	more = answer ? answer(p, head, body) : tls_ok(p, head, body);
	free(head);
	return more;
}

static void
talk(struct tls_peer *p, SSL_CTX *ctx)
{
	if (p->server->plain) {
		/* To an opening that is not ours to understand, too. */
		if (get_more(p))
			(void)tls_ok(p, "", "");
		return;
	}
	p->ssl = SSL_new(ctx);
	need(p->ssl && SSL_set_fd(p->ssl, p->fd) == 1, "SSL_new");
	p->report.shook_hands = SSL_accept(p->ssl) == 1;
	while (p->report.shook_hands && one_request(p))
		;
	if (p->report.shook_hands)
		(void)SSL_shutdown(p->ssl);
	SSL_free(p->ssl);
}

static void
connection(const struct tls_server *s, SSL_CTX *ctx, int fd, int report)
{
	struct tls_peer p = { .server = s, .fd = fd };

	p.got = calloc(1, REQUEST_MAX_BYTES + 1);
	need(p.got, "calloc");
	talk(&p, ctx);
	free(p.got);
	(void)close(fd);
	(void)!write(report, &p.report, sizeof(p.report));
}

/* ---- the server */

static SSL_CTX *
context(const struct tls_server *s)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	need(ctx, "SSL_CTX_new");
	/* What is refused must be the client's doing. */
	SSL_CTX_set_security_level(ctx, 0);
	need(SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0") == 1 &&
		 SSL_CTX_set_min_proto_version(ctx, s->lowest) == 1 &&
		 SSL_CTX_set_max_proto_version(ctx, s->highest) == 1,
	    "SSL_CTX");
	cert_use(ctx, &s->cert);
	return ctx;
}

static void
die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(EXIT_FAILURE);
}

_Noreturn static void
serve(const struct tls_server *s, SSL_CTX *ctx, int listener, int report)
{
	const pid_t self = getpid();
	int fd;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd >= 0 && fork() == 0) {
			die_with(self);
			connection(s, ctx, fd, report);
			_exit(0);
		}
		if (fd >= 0)
			(void)close(fd);
	}
}

static int
listen_somewhere(int *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t n = sizeof(in);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	need(bind(fd, (struct sockaddr *)&in, n) == 0 && listen(fd, 64) == 0 &&
		 getsockname(fd, (struct sockaddr *)&in, &n) == 0,
	    "listen");
	*port = ntohs(in.sin_port);
	return fd;
}

void
tls_start(struct tls_server *s)
{
	const int listener = listen_somewhere(&s->port);
	SSL_CTX *ctx = s->plain ? NULL : context(s);
	const pid_t self = getpid();
	int report[2];

	need(pipe(report) == 0, "pipe");
	s->pid = fork();
	if (s->pid == 0) {
		die_with(self);
		(void)close(report[0]);
		serve(s, ctx, listener, report[1]);
	}
	need(s->pid > 0, "fork");
	SSL_CTX_free(ctx);
	(void)close(listener);
	(void)close(report[1]);
	s->report = report[0];
}

void
tls_stop(struct tls_server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
	(void)close(s->report);
}

bool
tls_next(struct tls_server *s, int ms, struct tls_report *out)
{
	struct pollfd fd = { s->report, POLLIN, 0 };

	return poll(&fd, 1, ms) == 1 &&
	       read(s->report, out, sizeof(*out)) == (ssize_t)sizeof(*out);
}
