/* API versions: which are served, and which one answers (shopify.md 1). */
#ifndef SANDBOX_VERSION_H
#define SANDBOX_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct version {
	const char *handle;
	const char *display_name;
	bool supported;
};

/* The i-th, oldest first; NULL behind the last. */
const struct version *version_at(size_t i);

/* The one that answers a request for `asked`: itself, or the oldest when it is
 * no longer served. NULL when there never was or is not yet one. */
const char *version_served(const char *asked);

#endif
