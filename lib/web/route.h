/* Route rows: a row is its whole contract, openapi.json comes from it. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/reply.h"
#include "web/req.h"
#include "web/shape.h"

typedef enum rc handler_fn(
    struct cx *cx, const struct req *rq, struct reply *rp);

/* Which limits a call counts against: an or of these. */
enum rate { PER_NOBODY = 0, PER_ADDRESS = 1, PER_CALLER = 2 };

struct route {
	enum method method;
	const char *path; /* "/api/auth/keys/:id" */
	int caller; /* enum caller, or-ed */
	const char *scope; /* a key must have it; NULL: none */
	int rate; /* enum rate, or-ed */
	const struct shape *query; /* NULL: no query string is read */
	const struct shape *body; /* NULL: no body is read */
	const struct shape *reply; /* NULL: no JSON body */
	int status; /* of a success */
	const char *summary; /* one sentence for openapi.json and the manual */
	handler_fn *handler;
};

/*
 * The row for method and path, `params` filled (decoded, in cx->mem). NULL: no
 * such path (*allowed 0), or not by this method (*allowed has those that do).
 * HEAD goes to GET's row.
 */
const struct route *route_find(struct cx *cx, const struct route *routes,
    enum method method, const char *path, const char *params[4], int *allowed);

/* The rows as a piece of OpenAPI 3.1: {"paths":{...},"components":{...}}. */
void route_openapi(
    struct jw *w, const char *program, const struct route *routes);

#endif
