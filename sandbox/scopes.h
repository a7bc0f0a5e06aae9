/* Access scopes as comma lists. */
#ifndef SANDBOX_SCOPES_H
#define SANDBOX_SCOPES_H

#include "base/cx.h"
#include "types.h"

/* The list's words, in `mem`; blanks around them do not count. */
struct texts scopes_read(struct arena *mem, const char *list);

/* Whether every word looks like a scope: read_x, write_x, and so on. */
bool scopes_ok(const struct texts *scopes);

/*
 * What is granted for what was asked: each once, read_x left out beside
 * write_x; read_all_orders joins read_orders where `all_orders` is set and
 * goes where it is not.
 */
const char *scopes_grant(struct cx *cx, const char *asked, bool all_orders);

/* Whether `scopes` has `scope`, or the write_x that has it in it. */
bool scopes_have(const struct texts *scopes, const char *scope);

#endif
