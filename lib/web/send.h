/* A reply on its way out: security headers, head, body. */
#ifndef WEB_SEND_H
#define WEB_SEND_H

#include "web/reply.h"
#include "web/req.h"
#include "web/source.h"

/* An empty reply with its body's ceiling, in cx->mem. */
void send_begin(struct cx *cx, struct reply *rp);

/* Writes it all; adds what SEC-24 asks for where the handler set no own. */
void send_reply(
    struct cx *cx, const struct req *rq, struct reply *rp, struct source *src);

/* "Not Found" for 404; "Status" for one we never send. */
const char *send_phrase(int status);

#endif
