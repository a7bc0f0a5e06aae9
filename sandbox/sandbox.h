/* The whole pretended Shopify: one of it in the process. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "bulk.h"
#include "edits.h"
#include "faults.h"
#include "grants.h"
#include "hooks.h"
#include "ledger.h"
#include "rules.h"
#include "tries.h"
#include "world.h"

struct sandbox {
	struct arena *mem; /* as long as the process */
	struct settings settings;
	struct rules rules;
	struct rules started; /* as the environment had them */
	struct grants grants;
	struct ledger ledger;
	struct faults faults;
	struct hooks hooks;
	struct edits edits;
	struct bulks bulks;
	struct tries tries;
	struct world world;
	int64_t sent; /* deliveries made so far */
	int64_t
	    born_at; /* what made-up times end at; kept, so that they stay */
	int64_t kept_ms; /* when the state was last written */
	bool changed; /* since then */
};

struct sandbox *sandbox(void);

/* Reads settings and state, makes the main shop. */
enum rc sandbox_start(struct cx *cx) MUST_USE;

/* Epoch seconds by the sandbox's clock. */
int64_t sandbox_now(void);

/* The shop of a request by its Host, or by a name in its path. RC_ABSENT: no
 * such shop. */
enum rc sandbox_host_shop(
    struct cx *cx, const char *host, struct world_shop **out) MUST_USE;

/* Writes the state now, whole and in one step (keep.c). */
void sandbox_keep(struct cx *cx);
/* The same, but counts alone wait up to a second. */
void sandbox_keep_soon(struct cx *cx);
/* What was kept, into the sandbox; nothing when there is no file yet. */
enum rc sandbox_restore(struct cx *cx) MUST_USE;

#endif
