/* Deliveries that wait to be sent: files in a folder, each a batch. The sandbox
 * writes them whole; the sender (sender.h) maps one, notes in it how far each
 * delivery is, and takes it away when all are over. So both may be killed. */
#ifndef SANDBOX_SPOOL_H
#define SANDBOX_SPOOL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/json.h"

/* One delivery. */
struct parcel {
	const char *shop;
	const char *topic; /* "orders/create" */
	const char *delivery; /* X-Shopify-Webhook-Id */
	const char *event; /* X-Shopify-Event-Id */
	const char *uri;
	int64_t hook; /* the subscription's number; 0: the app's own */
	int64_t
	    copy; /* 0, or the how-manieth repeat of it that a fault asked */
	int64_t scale; /* its retries come so many times faster */
	int64_t due_ms; /* epoch, by the machine's clock */
	const char *const *headers; /* "Name: value" */
	size_t n_headers;
	struct slice body;
};

/* ---- writing a batch */

struct spool {
	const char *folder;
	const char *path; /* until it is whole */
	FILE *file;
	size_t n; /* parcels in it */
};

/* Begins a batch in `folder`, which is made where it is missing. RC_BUSY. */
enum rc spool_begin(
    struct cx *cx, const char *folder, struct spool *out) MUST_USE;
enum rc spool_put(
    struct cx *cx, struct spool *s, const struct parcel *p) MUST_USE;
/* The sender may have it from now on. An empty one comes to nothing. */
enum rc spool_end(struct cx *cx, struct spool *s) MUST_USE;
void spool_forget(struct spool *s);

/* ---- reading one */

enum { SPOOL_WAITS, SPOOL_OVER };

/* What stands before each parcel in the file; the sender writes in it. */
struct spool_head {
	char magic[8];
	uint32_t about_bytes; /* JSON behind this: all but the body */
	uint32_t state; /* SPOOL_WAITS or SPOOL_OVER */
	uint64_t body_bytes; /* behind that */
	int64_t due_ms;
	int64_t first_ms; /* of its first try; 0: none yet */
	int64_t tries;
};

struct spool_map {
	char *p;
	size_t n;
};

/* Maps a batch, for as long as nobody calls spool_unmap. RC_INPUT when it is
 * none. */
enum rc spool_map(
    struct cx *cx, const char *path, struct spool_map *out) MUST_USE;
void spool_unmap(struct spool_map *m);

/* The next parcel's head; `*at` is 0 at first. NULL at the end. */
struct spool_head *spool_next(const struct spool_map *m, size_t *at);

/* What it says; texts in cx->mem, the body in the file. */
enum rc spool_read(
    struct cx *cx, const struct spool_head *h, struct parcel *out) MUST_USE;

/* Whether a file of the folder is a batch, by its name. */
bool spool_is_batch(const char *name);

/* How many parcels wait in the folder. */
size_t spool_waiting(struct cx *cx, const char *folder);

/* Milliseconds from the n-th failed try to the next; -1: there is none. Eight
 * retries in four hours, each twice as late as the one before (3.3). */
enum { SPOOL_TRIES = 9 };
int64_t spool_retry_ms(int64_t n, int64_t scale);

#endif
