/* What a check looks into; it changes under it never. */
#ifndef LOOK_H
#define LOOK_H

#include "io/inbox.h"
#include "shopify/sign.h"

struct look {
	struct arena *mem; /* the secrets' */
	int64_t made_ms; /* when the pair was the newest one */
	struct sign_secrets secrets;
	struct inbox_door door;
};

#endif
