/* Access scopes: what is needed against what was granted (shopify.md 2.3). */
#ifndef APP_SCOPES_H
#define APP_SCOPES_H

#include "base/json.h"

struct scopes {
	const char *const *list;
	size_t n;
};

/* "a,b" taken apart, blanks and empty parts left out. */
struct scopes scopes_of(struct cx *cx, const char *list);

/* Those of `needed` that `granted` lacks; write_x implies read_x. */
struct scopes scopes_missing(
    struct cx *cx, struct scopes needed, struct scopes granted);

/* The setting SCOPES. */
struct scopes scopes_needed(struct cx *cx);

/* As a list of texts. */
void scopes_write(struct jw *w, const char *name, struct scopes scopes);

#endif
