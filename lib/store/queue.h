/* Queues: paused, resumed, and how much of each may run at once. All but
 * reading is the operator's (cx->every_shop). */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include "io/db.h"

enum { QUEUE_RUNNING_MOST = 10000 };

struct queue {
	int id;
	const char *name;
	bool paused;
	int max_running;
	int max_running_per_shop;
	const char *rate_key; /* NULL: none */
};

/* By number; all that there are. */
enum rc queue_list(struct cx *cx, struct queue **out, size_t *n) MUST_USE;

/* RC_ABSENT, noted as nothing, when there is none of that name; so are all that
 * follow. */
enum rc queue_load(struct cx *cx, const char *name, struct queue *out) MUST_USE;

/* Nothing starts while it is paused; what runs goes on. */
enum rc queue_pause(struct cx *cx, const char *name) MUST_USE;
enum rc queue_resume(struct cx *cx, const char *name) MUST_USE;

/* Caps: 0 to QUEUE_RUNNING_MOST, -1 leaves one as it is. RC_INPUT names the
 * cap, its rule and what was got. */
enum rc queue_caps(struct cx *cx, const char *name, int64_t max_running,
    int64_t max_running_per_shop) MUST_USE;

/* Its starts are counted by this row of rate; NULL: by none. RC_INPUT when
 * there is no such rate. */
enum rc queue_rate(struct cx *cx, const char *name, const char *key) MUST_USE;

/* ---- a shop's own cap in a queue, instead of the queue's */

struct queue_shop {
	const char *queue;
	int64_t shop_id;
	int max_running; /* 0: the shop is paused there */
};

enum rc queue_shop_list(
    struct cx *cx, struct queue_shop **out, size_t *n) MUST_USE;
/* 0 to QUEUE_RUNNING_MOST; RC_INPUT as queue_caps. */
enum rc queue_shop_cap(struct cx *cx, const char *name, int64_t shop_id,
    int64_t max_running) MUST_USE;
/* The queue's cap holds for it again. */
enum rc queue_shop_uncap(
    struct cx *cx, const char *name, int64_t shop_id) MUST_USE;

#endif
