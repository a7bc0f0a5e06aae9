/* What all checks look into: the app's secrets and the pair that seals. */
#include "door.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "look.h"
#include "store/inbox.h"

enum { PAIR_MS = 60000 }; /* how long one ephemeral pair seals */

static struct {
	uint32_t id;
	int64_t until_ms;
} now;

static void
look_free(void *p)
{
	struct look *look = p;

	arena_free(look->mem); /* wipes the secrets in it */
	explicit_bzero(look, sizeof(*look));
	free(look);
}

/* Secrets live in the look's own arena: checks run while the committer's is
 * emptied. */
static enum rc
look_fill(struct cx *cx, const struct inbox_public *inbox, struct look *look)
{
	struct cx own = *cx;
	enum rc rc;

	own.mem = look->mem;
	rc = sign_secrets(&own, &look->secrets);
	if (rc == RC_OK)
		rc =
		    inbox_door_open(&own, inbox->id, inbox->bytes, &look->door);
	cx->fault = own.fault;
	return rc;
}

static enum rc
look_share(struct cx *cx, const struct inbox_public *inbox)
{
	struct look *look = calloc(1, sizeof(*look));
	enum rc rc;

	if (!look)
		abort();
	look->mem = arena_new();
	look->made_ms = clock_ms();
	rc = look_fill(cx, inbox, look);
	if (rc != RC_OK) {
		look_free(look);
		return rc;
	}
	ingest_share(look, look_free);
	now.id = inbox->id;
	now.until_ms = clock_ms() + PAIR_MS;
	return RC_OK;
}

enum rc
door_tick(struct cx *cx)
{
	struct inbox_public inbox;
	enum rc rc = inbox_public_load(cx, &inbox);

	if (rc == RC_OK && (inbox.id != now.id || clock_ms() >= now.until_ms))
		rc = look_share(cx, &inbox);
	/* jobd makes the first pair when it starts. */
	return rc == RC_ABSENT ? RC_OK : rc;
}
