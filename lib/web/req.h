/* A request as a handler sees it: everything in it is checked already. */
#ifndef WEB_REQ_H
#define WEB_REQ_H

#include "base/cx.h"
#include "base/pairs.h"
#include "base/text.h"

enum method {
	GET = 1,
	POST = 2,
	PUT = 4,
	PATCH = 8,
	DELETE = 16,
	OPTIONS = 32,
	HEAD = 64
};

/* By its name ("GET"), 0 for none of ours; and its name. */
enum method method_of(const char *name);
const char *method_text(enum method method);

/* Who may call a route: an or of these (design.md 3). */
enum caller {
	BY_ANYONE = 1, /* no caller is looked for */
	BY_ID_TOKEN = 2, /* App Bridge session token */
	BY_SHOP_KEY = 4,
	BY_OPERATOR_KEY = 8,
	BY_SHOP_SESSION = 16,
	BY_OPERATOR_SESSION = 32,
	BY_SHOP = BY_ID_TOKEN | BY_SHOP_KEY | BY_SHOP_SESSION,
	BY_OPERATOR = BY_OPERATOR_KEY | BY_OPERATOR_SESSION,
	BY_CALLER = BY_SHOP | BY_OPERATOR
};

struct who {
	enum caller by; /* one bit; BY_ANYONE when nobody was looked for */
	int64_t shop_id; /* 0 for the operator */
	const char *shop; /* its domain, NULL for the operator */
	const char *id; /* session's or key's id, NULL for a token */
	const char *const *scopes; /* of a key; "*" for sessions and tokens */
	size_t n_scopes;
	int64_t user_id; /* Shopify's staff user of a token, or 0 */
};

struct req {
	enum method method;
	const char *path; /* decoded once */
	struct slice raw_query; /* as it came, for HMACs */
	struct pairs query_pairs; /* decoded */
	struct slice raw_body; /* as it came */
	const void *query; /* the route's query shape, filled */
	const void *body; /* the route's body shape, filled */
	const char *params[4]; /* :id and its like, in the order of the path */
	const char *address; /* REMOTE_ADDR */
	bool https;
	struct who who;
	void *source; /* for req_header */
};

/* A header's value by its HTTP name ("Idempotency-Key"), or NULL. One that came
 * twice or holds a comma where one value belongs was refused before. */
const char *req_header(const struct req *rq, const char *name);
/* The same of any CGI variables, "NAME=value", ended by NULL; or of none. */
const char *req_variable(char *const *variables, const char *name);

/* A cookie by name, or NULL; a name that came twice counts as absent. */
const char *req_cookie(struct cx *cx, const struct req *rq, const char *name);

/* "Bearer" credentials of Authorization, or NULL. */
const char *req_bearer(const struct req *rq);

#endif
