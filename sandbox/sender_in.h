/* Between the files of the sender. */
#ifndef SANDBOX_SENDER_IN_H
#define SANDBOX_SENDER_IN_H

#include <curl/curl.h>

#include "sender.h"
#include "spool.h"

/* ---- what waits (sender_queue.c) */

struct batch {
	struct arena *mem; /* in which it lies itself */
	const char *name; /* in the folder */
	struct spool_map map;
	size_t waiting;
	struct batch *next;
};

struct item {
	int64_t due_ms; /* epoch */
	uint64_t turn; /* of two that are due at once */
	struct batch *batch;
	struct spool_head *head;
};

struct queue {
	struct arena *mem; /* as long as the process */
	const char *folder;
	struct batch *batches;
	struct item *heap; /* the first due is at 0 */
	size_t n, cap;
	uint64_t turns;
};

/* Takes in every batch of the folder that is not in it yet. */
void queue_scan(struct cx *cx, struct queue *q);
/* The same for one of that name. */
void queue_load(struct cx *cx, struct queue *q, const char *name);

/* Takes out the first one; there must be one. */
struct item queue_take(struct queue *q);
/* Puts one back, to be due at that time. */
void queue_put(struct queue *q, const struct item *item, int64_t due_ms);
/* One is over; its batch goes with the last of it. */
void queue_over(struct cx *cx, struct queue *q, const struct item *item);

/* Lets go of all that is mapped; the files stay. */
void queue_close(struct queue *q);

/* ---- what is under way (sender_lane.c) */

struct lane {
	CURL *easy;
	struct curl_slist *headers;
	struct arena *mem; /* emptied with each parcel */
	char *why; /* CURL_ERROR_SIZE bytes */
	bool busy;
	int64_t began_ms; /* epoch */
	int64_t began_us; /* steady */
	struct item item;
	struct parcel parcel;
};

/* `lasting` outlives it. False when curl has no more. */
bool lane_open(struct lane *l, struct arena *lasting);
void lane_close(struct lane *l);

/* Reads the parcel and makes the transfer; false when it cannot be sent, which
 * `l->why` says. */
bool lane_load(struct cx *cx, struct lane *l, const struct item *item);

#endif
