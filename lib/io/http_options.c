/* What a transfer may and may not do: curl's options and callbacks. */
#include "io/http_in.h"

#include <fcntl.h>
#include <string.h>

#include "base/conf.h"

enum {
	CONNECT_MS = 5000,
	TOTAL_MS = 30000,
	QUIET_MS = 15000,
	LEAST_BYTES_A_SECOND = 1,
	HEADERS_MAX_BYTES = 64 * 1024,
	FIRST_BODY_BYTES = 4096
};

/* ---- what comes in */

static size_t
refuse(struct transfer *t, const char *why)
{
	t->refused = why;
	return CURL_WRITEFUNC_ERROR;
}

/* Bodies hold tokens and people's data: each copy is wiped in the end. */
static void
grow(struct transfer *t, size_t need)
{
	size_t cap = t->body.cap ? t->body.cap : FIRST_BODY_BYTES;
	char *p;

	while (cap < need)
		cap *= 2;
	p = arena_alloc_secret(t->cx->mem, cap);
	if (t->body.n > 0)
		memcpy(p, t->body.p, t->body.n);
	t->body.p = p;
	t->body.cap = cap;
}

/* What nobody reads yet stays with curl, and the sender waits. */
static size_t
pass_on(struct transfer *t, const char *p, size_t n)
{
	if (t->passed + n > t->req->max_bytes)
		return refuse(t, "the answer is too long");
	if (t->room == NULL || n > t->room_n - t->got) {
		t->paused = true;
		http_loop_call(t);
		return CURL_WRITEFUNC_PAUSE;
	}
	memcpy(t->room + t->got, p, n);
	t->got += n;
	t->passed += n;
	http_loop_call(t);
	return n;
}

static size_t
on_body(char *p, size_t one, size_t n, void *user)
{
	struct transfer *t = user;

	(void)one;
	if (t->streams)
		return pass_on(t, p, n);
	if (n > t->req->max_bytes - t->body.n)
		return refuse(t, "the answer is too long");
	if (t->body.n + n >= t->body.cap)
		grow(t, t->body.n + n + 1);
	memcpy(t->body.p + t->body.n, p, n);
	t->body.n += n;
	return n;
}

static size_t
on_header(char *p, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	long status = 0;

	(void)one;
	t->header_bytes += n;
	if (t->header_bytes > HEADERS_MAX_BYTES)
		return refuse(t, "the answer's headers are too long");
	if (!t->streams || n > 2 || *p == ' ')
		return n;
	/* The empty line: behind it comes the body, unless it was a 1xx. */
	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->headed = status >= 200;
	http_loop_call(t);
	return n;
}

/* What is packed can be longer than what is in it; only slightly by right. */
static int
on_progress(void *user, curl_off_t total, curl_off_t got, curl_off_t up_total,
    curl_off_t up)
{
	struct transfer *t = user;
	const size_t max = t->req->max_bytes;

	(void)total, (void)up_total, (void)up;
	if ((size_t)got <= max + max / 8 + 1024)
		return 0;
	t->refused = "the answer is too long";
	return 1;
}

/* ---- where it goes */

/* Here the address is known that is really gone to, whatever DNS said before.
 */
static curl_socket_t
on_open(void *user, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = user;
	const char *what = t->map ? NULL : http_addr_refused(&to->addr);

	(void)purpose;
	t->refused = NULL; /* of another address of this host */
	if (!what)
		return socket(
		    to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	t->refused = text_fmt(
	    t->cx->mem, "its address is not a public one but %s", what);
	return CURL_SOCKET_BAD;
}

/* ---- what goes out */

/* A line in the arena, wiped in the end: headers carry tokens. */
static struct curl_slist *
line(struct transfer *t, const char *name, const char *between,
    const char *value, struct curl_slist *next)
{
	const size_t n = strlen(name) + strlen(between) + strlen(value) + 1;
	struct curl_slist *l = ARENA_NEW(t->cx->mem, struct curl_slist);

	l->data = arena_alloc_secret(t->cx->mem, n);
	(void)snprintf(l->data, n, "%s%s%s", name, between, value);
	l->next = next;
	return l;
}

static struct curl_slist *
headers(struct transfer *t)
{
	/* An empty one is curl's for none: never wait for "100 Continue". */
	struct curl_slist *list = line(t, "Expect", ":", "", NULL);

	/* With a semicolon curl sends a header that is empty. */
	for (const struct http_header *h = t->req->headers; h && h->name; h++)
		list = line(t, h->name, *h->value ? ": " : ";", h->value, list);
	return list;
}

/* ---- the options; each function ends at the first that curl refuses */

#define SET(option, value)                                                     \
	do {                                                                   \
		const CURLcode set_code =                                      \
		    curl_easy_setopt(t->easy, option, (value));                \
		if (set_code != CURLE_OK)                                      \
			return set_code;                                       \
	} while (0)

#define TRY_CURL(call)                                                         \
	do {                                                                   \
		const CURLcode try_code = (call);                              \
		if (try_code != CURLE_OK)                                      \
			return try_code;                                       \
	} while (0)

/* What the environment or a home folder might want otherwise (SEC-23). */
static CURLcode
alone(struct transfer *t)
{
	SET(CURLOPT_PROTOCOLS_STR, "https");
	SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(CURLOPT_OPENSOCKETDATA, t);
	if (t->map)
		SET(CURLOPT_CONNECT_TO, line(t, t->map, "", "", NULL));
	return CURLE_OK;
}

static CURLcode
verified(struct transfer *t)
{
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SSL_CTX_FUNCTION, http_tls_rules);
	SET(CURLOPT_SSL_CTX_DATA, (void *)(uintptr_t)t->host);
	/* One file, no folder: so CA_FILE really replaces what the system
	 * trusts, and curl reads the file once a day, not once a connection. */
	SET(CURLOPT_CAPATH, NULL);
	if (*conf_text(C_CA_FILE))
		SET(CURLOPT_CAINFO, conf_text(C_CA_FILE));
	return CURLE_OK;
}

static CURLcode
bounded(struct transfer *t)
{
	const int64_t total =
	    t->req->timeout_ms ? t->req->timeout_ms : TOTAL_MS;
	const int64_t quiet = t->req->quiet_ms ? t->req->quiet_ms : QUIET_MS;

	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	SET(CURLOPT_TIMEOUT_MS, t->streams ? 0L : (long)total);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)LEAST_BYTES_A_SECOND);
	SET(CURLOPT_LOW_SPEED_TIME, (long)((quiet + 999) / 1000));
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->req->max_bytes);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_XFERINFODATA, t);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	/* A name server that hangs must not hold us when we leave. */
	SET(CURLOPT_QUICK_EXIT, 1L);
	return CURLE_OK;
}

static CURLcode
request(struct transfer *t)
{
	const bool has_body = t->req->body.n > 0;

	if (has_body || text_same(t->req->method, "POST")) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDS, has_body ? t->req->body.p : "");
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->req->body.n);
	}
	if (text_same(t->req->method, "HEAD"))
		SET(CURLOPT_NOBODY, 1L);
	else if (!text_same(t->req->method, has_body ? "POST" : "GET"))
		SET(CURLOPT_CUSTOMREQUEST, t->req->method);
	SET(CURLOPT_CURLU, t->url);
	SET(CURLOPT_HTTPHEADER, headers(t));
	SET(CURLOPT_USERAGENT, "stockroom/" STOCKROOM_VERSION);
	/* A piece of what is packed cannot be asked for by its place. */
	if (!t->streams)
		SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_PIPEWAIT, 1L);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	return CURLE_OK;
}

CURLcode
http_options(struct transfer *t)
{
	SET(CURLOPT_PRIVATE, t);
	SET(CURLOPT_ERRORBUFFER, t->error);
	TRY_CURL(alone(t));
	TRY_CURL(verified(t));
	TRY_CURL(bounded(t));
	return request(t);
}
