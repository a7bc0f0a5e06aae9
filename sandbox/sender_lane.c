/*
 * One parcel on its way. lib/io/http is for the outside: HTTPS only, verified,
 * to hosts that may be called. A webhook goes the other way, to the app's own
 * address, which is plain http on loopback; so this uses libcurl itself.
 */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/conf.h"
#include "hooks.h"
#include "sender_in.h"

/* Shopify's limits (shopify.md 3.3). */
enum { CONNECT_MS = 1000, ALL_MS = 5000 };

static size_t
ignore(char *p, size_t size, size_t n, void *user)
{
	(void)p;
	(void)user;
	return size * n;
}

static bool
set_options(CURL *e)
{
	const char *ca = conf_text(C_CA_FILE);
	CURLcode c = CURLE_OK;

	c |= curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	c |= curl_easy_setopt(e, CURLOPT_PROXY, "");
	c |= curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	c |= curl_easy_setopt(
	    e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	c |= curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	c |= curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)ALL_MS);
	c |= curl_easy_setopt(e, CURLOPT_USERAGENT, "Shopify-Captain-Hook");
	c |= curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, ignore);
	c |= curl_easy_setopt(e, CURLOPT_POST, 1L);
	if (*ca != '\0')
		c |= curl_easy_setopt(e, CURLOPT_CAINFO, ca);
	return c == CURLE_OK;
}

bool
lane_open(struct lane *l, struct arena *lasting)
{
	*l = (struct lane){ .easy = curl_easy_init(), .mem = arena_new() };
	if (l->easy == NULL || !set_options(l->easy))
		return false;
	l->why = arena_alloc(lasting, CURL_ERROR_SIZE);
	return curl_easy_setopt(l->easy, CURLOPT_PRIVATE, l) == CURLE_OK &&
	       curl_easy_setopt(l->easy, CURLOPT_ERRORBUFFER, l->why) ==
		   CURLE_OK;
}

void
lane_close(struct lane *l)
{
	curl_slist_free_all(l->headers);
	if (l->easy != NULL)
		curl_easy_cleanup(l->easy);
	arena_free(l->mem);
}

static struct curl_slist *
add(struct curl_slist *list, const char *header)
{
	struct curl_slist *longer = curl_slist_append(list, header);

	return longer != NULL ? longer : list;
}

static bool
set_parcel(struct lane *l)
{
	const struct parcel *p = &l->parcel;
	CURLcode c = CURLE_OK;
	size_t i;

	curl_slist_free_all(l->headers);
	l->headers = add(NULL, "Content-Type: application/json");
	l->headers = add(l->headers, "Expect:"); /* no 100-continue */
	for (i = 0; i < p->n_headers; i++)
		l->headers = add(l->headers, p->headers[i]);
	c |= curl_easy_setopt(l->easy, CURLOPT_URL, p->uri);
	c |= curl_easy_setopt(l->easy, CURLOPT_HTTPHEADER, l->headers);
	c |= curl_easy_setopt(
	    l->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->body.n);
	c |= curl_easy_setopt(l->easy, CURLOPT_POSTFIELDS, p->body.p);
	return c == CURLE_OK;
}

static int64_t
wall_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *
load(struct cx *cx, struct lane *l)
{
	struct cx own = { .mem = l->mem, .program = cx->program };

	if (spool_read(&own, l->item.head, &l->parcel) != RC_OK)
		return "the parcel cannot be read";
	if (!hooks_address_ok(l->parcel.uri))
		return "neither https nor http on loopback";
	return set_parcel(l) ? NULL : "curl takes no such request";
}

bool
lane_load(struct cx *cx, struct lane *l, const struct item *item)
{
	const char *why;

	arena_empty(l->mem);
	l->item = *item;
	l->parcel = (struct parcel){ .scale = 1 };
	l->busy = true;
	l->began_ms = wall_ms();
	l->began_us = clock_us();
	l->why[0] = '\0';
	why = load(cx, l);
	if (why != NULL)
		(void)snprintf(l->why, CURL_ERROR_SIZE, "%s", why);
	return why == NULL;
}
