/* Starting the sandbox, and finding its shops. */
#include <string.h>

#include "base/clock.h"
#include "io/crypt.h"
#include "sandbox.h"

static struct sandbox the_sandbox;

struct sandbox *
sandbox(void)
{
	return &the_sandbox;
}

int64_t
sandbox_now(void)
{
	return clock_wall() + the_sandbox.rules.clock_skew_s;
}

/* The hour, so that programs started for one request each agree. */
static int64_t
this_hour(void)
{
	const int64_t now = clock_wall();

	return now - now % 3600;
}

enum rc
sandbox_start(struct cx *cx)
{
	struct sandbox *s = &the_sandbox;
	struct cx own = { .mem = arena_new(), .program = cx->program };
	struct world_shop *main_shop;

	s->mem = own.mem;
	s->grants.mem = s->ledger.mem = s->faults.mem = s->mem;
	s->hooks.mem = s->edits.mem = s->tries.mem = s->bulks.mem = s->mem;
	TRY(crypt_start(cx));
	TRY(types_start(&own));
	TRY(settings_read(&own, &s->settings));
	s->bulks.folder = s->settings.bulk;
	TRY(rules_start(&own, &s->rules));
	s->started = s->rules;
	TRY(sandbox_restore(cx));
	if (s->settings.now != 0)
		s->born_at = s->settings.now;
	if (s->born_at == 0) {
		s->born_at = this_hour();
		s->changed = true;
	}
	s->world.mem = s->mem;
	s->world.settings = &s->settings;
	s->world.now = s->born_at;
	s->world.edits = &s->edits;
	TRY(world_find(cx, &s->world, s->settings.shop, &main_shop));
	sandbox_keep_soon(cx);
	return RC_OK;
}

enum rc
sandbox_host_shop(struct cx *cx, const char *host, struct world_shop **out)
{
	const size_t n = host ? strcspn(host, ":") : 0;
	const char *domain;

	if (n == 0)
		return RC_ABSENT;
	domain =
	    text_lower(cx->mem, text_of(cx->mem, (struct slice){ host, n }));
	TRY(world_find(cx, &the_sandbox.world, domain, out));
	if ((*out)->bucket.size == 0)
		(*out)->bucket = bucket_new((double)the_sandbox.rules.bucket,
		    (double)the_sandbox.rules.restore, clock_ms());
	return RC_OK;
}
