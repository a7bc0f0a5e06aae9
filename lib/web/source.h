/* Where a request comes from and its answer goes: FastCGI or plain CGI. */
#ifndef WEB_SOURCE_H
#define WEB_SOURCE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"

/* A request must be in within this time (design.md 2). */
enum { SOURCE_READ_MS = 5000 };

enum { READ_LATE = -1, READ_BROKEN = -2 };

/* Each adapter's own struct begins with this. */
struct source {
	char **params; /* "NAME=value", ended by NULL; one may come twice */
	/* Up to `n` bytes of the body: how many, 0 at its end, or READ_... */
	ssize_t (*read)(struct source *src, char *p, size_t n);
	/* False when nobody listens any more. */
	bool (*write)(struct source *src, struct slice bytes);
};

/* A CGI variable by its name, or NULL; it lives as long as the request. */
const char *source_param(const struct source *src, const char *name);

#endif
