/* How handlers fared, and what their programs gave back. */
#ifndef STORE_HANDLER_H
#define STORE_HANDLER_H

#include "store/keyring.h"

struct handler_row {
	const char *name;
	int64_t last_at;
	int64_t last_job;
	int64_t done, failed;
	int64_t failing_since; /* 0: its last run went well */
	const char *error; /* of the last failure since; or NULL */
	int64_t off_at; /* 0: it is not switched off */
	const char *off_reason;
};

/* A run of it went well. */
enum rc handler_done(struct cx *cx, const char *name, int64_t job_id) MUST_USE;

struct handler_failure {
	const char *name;
	int64_t job_id;
	const char *error; /* a sentence without personal data */
	const char *off_reason; /* switches it off now; or NULL */
	int days; /* switches it off when it failed for longer; 0: never */
};

/* A run of it failed; *off: it was switched off with that. */
enum rc handler_fail(
    struct cx *cx, const struct handler_failure *f, bool *off) MUST_USE;

/* RC_UNPROCESSABLE when it is switched off, with the reason. */
enum rc handler_check_on(struct cx *cx, const char *name) MUST_USE;

/* Switches it on again; RC_ABSENT (not noted) when it was not off. */
enum rc handler_on(struct cx *cx, const char *name) MUST_USE;

/* All that ever ran. */
enum rc handler_list(
    struct cx *cx, struct handler_row **out, size_t *n) MUST_USE;

/* What a run wrote, sealed; of cx->shop_id. */
struct handler_result {
	int64_t job_id;
	const char *handler;
	int64_t bytes; /* that it wrote */
	bool cut; /* fewer are kept */
	struct subject subject; /* whose key seals it; 's': the shop's own */
	struct slice sealed;
	int64_t at;
};

/* Where it is sealed to belong. */
struct blob_place handler_result_place(
    struct cx *cx, int64_t shop_id, int64_t job_id);

/* In the transaction that ends the job. */
enum rc handler_result_put(
    struct cx *cx, int64_t shop_id, const struct handler_result *r) MUST_USE;
/* RC_ABSENT. */
enum rc handler_result_load(struct cx *cx, int64_t shop_id, int64_t job_id,
    struct handler_result *out) MUST_USE;

/* When a schedule's job was put: the same at each try of it. RC_ABSENT. */
enum rc handler_due(
    struct cx *cx, int64_t shop_id, int64_t job_id, const char **out) MUST_USE;

/* A kept delivery as a handler gets it; times as text. */
struct handler_webhook {
	const char *domain;
	const char *topic;
	const char *webhook_id, *event_id, *api_version; /* or NULL */
	const char *triggered_at; /* RFC 3339, or NULL */
	const char *received_at;
	struct slice body; /* sealed under `subject`; p NULL: not kept */
	struct subject subject;
	int32_t shop_epoch;
};

/* By what its job says; RC_ABSENT when it is kept no more. */
enum rc handler_webhook_load(struct cx *cx, int64_t shop_id, const char *at,
    const char *id, struct handler_webhook *out) MUST_USE;

#endif
