/* What is checked before a handler runs (SEC-24 to SEC-28). */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include "web/route.h"
#include "web/source.h"

enum {
	GUARD_LINE_BYTES = 8 << 10,
	GUARD_HEADER_BYTES = 16 << 10,
	GUARD_HEADERS = 100,
	GUARD_BODY_BYTES = 256 << 10
};

/*
 * Each gives RC_OK or the refusal. Where the status is none of rc.c's (405,
 * 408, 414, 415, 431, 501) it is left in rp->status for reply_problem.
 */

/* Headers, target and query: fills rq but for params, body and who. */
enum rc guard_head(struct cx *cx, const struct source *src, struct req *rq,
    struct reply *rp) MUST_USE;

/* The row that serves the request, and its params. */
enum rc guard_route(struct cx *cx, const struct route *routes,
    const struct source *src, struct req *rq, struct reply *rp,
    const struct route **out) MUST_USE;

/* A state-changing call by cookie comes from our own pages (D6). */
enum rc guard_origin(struct cx *cx, const struct req *rq) MUST_USE;

/* Query and body through the row's shapes. */
enum rc guard_shapes(struct cx *cx, const struct route *route,
    struct source *src, struct req *rq, struct reply *rp) MUST_USE;

/* Its parts, for who reads bodies himself (ingest): the query; how long the
 * body says it is (-1: it does not say), at most `most` bytes; the refusal of
 * one that is longer; and of one that was late or cut off (READ_...). */
enum rc guard_query(
    struct cx *cx, const struct route *route, struct req *rq) MUST_USE;
enum rc guard_length(
    struct cx *cx, const struct req *rq, size_t most, int64_t *out) MUST_USE;
enum rc guard_size(struct cx *cx, size_t most);
enum rc guard_cut(struct cx *cx, ssize_t said, struct reply *rp);

/* 0 when it is none of ours. */
enum method guard_method(const struct source *src);

/* X-Request-Id when it is one we keep, else a new one; in the arena. */
const char *guard_trace(struct cx *cx, const struct source *src);

#endif
