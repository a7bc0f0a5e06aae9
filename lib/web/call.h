/* One request from its first check to its answer; the steps are guard.h's. */
#ifndef WEB_CALL_H
#define WEB_CALL_H

#include "web/serve.h"
#include "web/source.h"

/* Answers the request, counts it and logs it; empties cx before. */
void call_answer(
    struct cx *cx, const struct program *program, struct source *src);

/* Answers 503 to whatever was asked, without the failure noted in cx, which is
 * logged: it is about our own settings. */
void call_refuse(struct cx *cx, struct source *src);

#endif
