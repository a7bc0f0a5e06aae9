/* Webhooks as rows: kept by the door, applied by a job. */
#ifndef STORE_WEBHOOK_H
#define STORE_WEBHOOK_H

#include "store/inbox.h"
#include "store/keyring.h"

/* What the door keeps of one delivery. */
struct webhook_new {
	const char *id; /* ours, a UUIDv7 */
	const char *domain;
	const char *topic;
	const char *webhook_id; /* of the delivery; NULL when not said */
	const char *event_id;
	const char *api_version;
	const char *triggered_at; /* RFC 3339 */
	const char *trace;
	unsigned char sha256[32]; /* of the body as it came */
	int64_t bytes;
	struct slice sealed; /* the body, by the inbox */
	uint32_t inbox_id; /* the pair that it is sealed to */
	unsigned char key[32]; /* what makes the delivery single */
};

/* Keeps them all and puts a job for each that is new; one statement, one
 * transaction. No two of a list may have one key: the ingest sees to that. */
enum rc webhook_keep(
    struct cx *cx, struct webhook_new *const *list, size_t n) MUST_USE;

/* Where a kept body belongs. */
struct blob_place webhook_place(const char *id);

/* A row that a job works on; times as Postgres wrote them. */
struct webhook {
	int64_t shop_id;
	const char *at; /* received at: the day's partition */
	const char *id;
	const char *domain;
	const char *topic;
	int32_t shop_epoch;
	struct slice body; /* sealed */
	bool in_inbox; /* by the inbox still */
	const char *state;
	const char *reason; /* of the state */
	int64_t triggered_at; /* 0: not said */
};

/* By the job's args; RC_ABSENT. */
enum rc webhook_load(struct cx *cx, int64_t shop_id, const char *at,
    const char *id, struct webhook *out) MUST_USE;

/* What became of it. `sealed` is its body under `subject`'s key, kind 's' the
 * shop's; p NULL: the body is not kept. In the caller's transaction. */
enum rc webhook_note(struct cx *cx, const struct webhook *w, const char *state,
    const char *reason, struct slice sealed, struct subject subject) MUST_USE;

/* Its job ended for good; the body stays as it is. */
enum rc webhook_fail(
    struct cx *cx, const struct webhook *w, const char *why) MUST_USE;

/* Some of those that failed and are sealed by the inbox still, of every shop:
 * which they are, to be loaded. Needs cx->every_shop. */
enum rc webhook_failed(struct cx *cx, struct webhook **out, size_t *n) MUST_USE;

/* The second key, in the caller's transaction: RC_CONFLICT (not noted) when
 * this body was applied before in this installation. */
enum rc webhook_body_single(
    struct cx *cx, const struct webhook *w, struct slice body) MUST_USE;

/* A row as people look at it. */
struct webhookview {
	const char *id;
	int64_t shop_id;
	const char *domain;
	const char *topic;
	const char *webhook_id;
	const char *event_id;
	const char *api_version;
	double received_at, triggered_at,
	    applied_at; /* epoch seconds; 0: not */
	int64_t bytes;
	const char *state;
	const char *reason; /* of the state */
	const char *trace;
};

struct webhookview_ask {
	const char *after; /* NULL: from the newest */
	const char *topic; /* NULL: any */
	const char *state; /* NULL: any */
	int limit;
};

/* Of cx->shop_id; with cx->every_shop of all. */
enum rc webhookview_list(struct cx *cx, const struct webhookview_ask *ask,
    struct webhookview **out, size_t *n) MUST_USE;
enum rc webhookview_load(
    struct cx *cx, const char *id, struct webhookview *out) MUST_USE;

#endif
