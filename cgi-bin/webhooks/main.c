/* webhooks: the door for what Shopify calls. It checks the signature over the
 * raw bytes, seals the body to the inbox, keeps it with a job in one statement,
 * and answers. It holds no key that opens anything (design.md 6). */
#include "app/start.h"
#include "door.h"
#include "io/db.h"
#include "store/job.h"
#include "store/webhook.h"
#include "web/ingest.h"

enum {
	BODY_MAX_BYTES = 16 << 20,
	LARGE_BYTES = 2 << 20,
	BYTES_PER_MS = 8 << 10 /* to the database, when it is busy */
};

/* clang-format off */
static const struct route routes[] = {
	{ .method = POST, .path = "/webhooks", .caller = BY_ANYONE, .body = &any_body, .status = 200,
	    .summary = "Every topic that Shopify calls with: signed, kept before it is acknowledged." },
	{ .handler = NULL }
};
/* clang-format on */

/* Both families of header names (shopify.md 3.1). */
static const char *const signs[] = { "HTTP_X_SHOPIFY_", "HTTP_SHOPIFY_", NULL };

static enum rc
start(struct cx *cx)
{
	TRY(app_open(cx, "stockroom_webhooks"));
	db_deadline(cx->db, INGEST_KEEP_MS);
	return RC_OK;
}

/* Less than a second, but what is large takes its time to be sent. */
static int64_t
deadline_of(struct webhook_new *const *list, size_t n)
{
	size_t i, bytes = 0;

	for (i = 0; i < n; i++)
		bytes += list[i]->sealed.n;
	return bytes < LARGE_BYTES
		   ? INGEST_KEEP_MS
		   : INGEST_KEEP_MS + (int64_t)(bytes / BYTES_PER_MS);
}

static enum rc
keep(struct cx *cx, struct ingest_item **items, size_t n)
{
	struct webhook_new **list =
	    ARENA_ARRAY(cx->mem, struct webhook_new *, n);
	size_t i;
	enum rc rc;

	for (i = 0; i < n; i++)
		list[i] = items[i]->record;
	db_deadline(cx->db, deadline_of(list, n));
	rc = webhook_keep(cx, list, n);
	db_deadline(cx->db, INGEST_KEEP_MS);
	if (rc == RC_OK)
		job_wake(cx);
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct ingest program = {
		.name = "webhooks",
		.routes = routes,
		.max_body = BODY_MAX_BYTES,
		.signs = signs,
		.start = start,
		.stop = app_stop,
		.check = door_check,
		.keep = keep,
		.probe = db_ping,
		.tick = door_tick,
	};

	return ingest_serve(argc, argv, &program);
}
