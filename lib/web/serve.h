/* Programs: FastCGI or one CGI request, guarded, routed, answered. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "web/route.h"

/* What the web floor asks the floors above: given by the program's table. */
struct doors {
	/* Once a process, after fork and conf: opens db, keyring, http. */
	enum rc (*start)(struct cx *cx);
	/* Closes what that opened, or as much of it as there is. */
	void (*stop)(struct cx *cx);
	/* Fills rq->who for the route's callers and sets cx->shop_id; RC_AUTH,
	 * RC_DENIED. */
	enum rc (*who)(
	    struct cx *cx, const struct route *route, struct req *rq);
	/*
	 * RC_LIMITED with cx->retry_after_ms; adds RateLimit headers. Called
	 * for PER_ADDRESS before `who` (rq->who.by is 0 then), and for
	 * PER_CALLER after it.
	 */
	enum rc (*limit)(struct cx *cx, const struct route *route,
	    const struct req *rq, struct reply *rp);
	/* Adds headers to a refusal that is written already; may be NULL. */
	void (*refused)(
	    struct cx *cx, const struct req *rq, struct reply *rp, enum rc rc);
};

struct program {
	const char *name;
	const struct route *routes;
	const struct doors *doors; /* NULL: nobody is looked for */
};

/*
 * main() of every prefork program: descriptor 0 a listening socket = FastCGI,
 * else one CGI request. -t checks the configuration, -r prints the routes as
 * OpenAPI. Returns an exit status.
 */
int serve(int argc, char **argv, const struct program *program);

#endif
