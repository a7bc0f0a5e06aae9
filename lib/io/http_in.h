/* What the files of io/http share; the one place that includes curl. */
#ifndef IO_HTTP_IN_H
#define IO_HTTP_IN_H

#include <curl/curl.h>
#include <sys/socket.h>

#include "io/http.h"
#include "io/wait.h"

/* One exchange, from http_do until its arena empties. */
struct transfer {
	struct cx *cx;
	const struct http_req *req; /* only while http_do runs */
	CURL *easy;
	CURLU *url;
	const char *host; /* as the certificate must have it */
	const char *map; /* its entry of CONNECT_TO, NULL when it has none */
	char *error; /* curl's words, CURL_ERROR_SIZE */
	const char *refused; /* our reason to end it, NULL when curl's */

	struct {
		char *p;
		size_t n, cap;
	} body;
	size_t header_bytes;

	struct wait_line line; /* where its task stands */
	bool done;
	CURLcode result;

	/* Of one that is read piece by piece. */
	bool streams;
	bool headed; /* its head is there */
	bool paused;
	char *room; /* where the next bytes go; NULL: nobody reads */
	size_t room_n, got;
	size_t passed; /* so far, in all */
};

/* Makes one of a request; its ends are tied to the arena. */
enum rc http_transfer_new(struct cx *cx, const struct http_req *req,
    bool streams, struct transfer **out) MUST_USE;
/* Why it failed, in words; and what its answer's head says. */
enum rc http_transfer_failed(const struct transfer *t);
void http_transfer_head(const struct transfer *t, struct http_res *out);

/* Sets every option of t->easy from t->req. */
CURLcode http_options(struct transfer *t) MUST_USE;

/* ---- the loop: one multi handle a process */

enum rc http_loop_start(struct cx *cx) MUST_USE;
void http_loop_stop(void);
bool http_loop_started(void);

/* Runs t until t->done: RC_OK, or RC_STOPPED and the transfer is dropped.
 * Others go on meanwhile. */
enum rc http_loop_run(struct transfer *t) MUST_USE;

/* The same in parts: it is under way from enter to leave, each turn lets it go
 * on. */
enum rc http_loop_enter(struct transfer *t) MUST_USE;
enum rc http_loop_turn(struct transfer *t) MUST_USE;
void http_loop_leave(struct transfer *t);
/* Somebody stands by it: what it waited for has come. */
void http_loop_call(struct transfer *t);

/* ---- which addresses, which certificates */

/* Why no connection may be made to this address: "loopback", "private", ...;
 * NULL when it may. */
const char *http_addr_refused(const struct sockaddr *address);

/* CURLOPT_SSL_CTX_FUNCTION; `host` is the name the certificate must have. */
CURLcode http_tls_rules(CURL *easy, void *ssl_ctx, void *host);

/* ---- CONNECT_TO */

/* RC_INPUT names the entry at fault. Lives until the next http_map_read. */
enum rc http_map_read(struct cx *cx, const char *text) MUST_USE;

/* curl's entry for exactly this host and port, in the arena; NULL when no
 * entry is for it. */
const char *http_map_find(struct arena *mem, const char *host, long port);

#endif
