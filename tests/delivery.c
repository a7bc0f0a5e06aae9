/* Deliveries as the door keeps them: sealed to the inbox, with its own rights.
 */
#include "delivery.h"

#include <atf-c.h>
#include <string.h>

#include "base/uuid.h"
#include "io/crypt.h"

static struct cx *door;
static struct inbox_door look;

struct cx *
test_door(void)
{
	if (!door) {
		door = test_rival("webhooks");
		door->shop_id = 0;
	}
	return door;
}

/* As the door does it: an ephemeral pair against the newest public half. */
static void
look_again(void)
{
	struct inbox_public newest;

	if (inbox_public_load(test_door(), &newest) == RC_ABSENT) {
		OK(inbox_make(test_cx()));
		OK(inbox_public_load(test_door(), &newest));
	}
	if (newest.id != look.id)
		OK(inbox_door_open(test_cx(), newest.id, newest.bytes, &look));
}

static struct slice
seal(const char *id, const char *body)
{
	const struct blob_place place = webhook_place(id);
	const size_t n = strlen(body);
	char *room =
	    arena_alloc(test_arena(), INBOX_HEAD_BYTES + n + INBOX_TAIL_BYTES);
	struct slice out;

	memcpy(room + INBOX_HEAD_BYTES, body, n);
	OK(inbox_seal(
	    test_cx(), &look, &place, room + INBOX_HEAD_BYTES, n, &out));
	return out;
}

struct webhook_new *
test_delivery(const char *topic, const char *body)
{
	struct webhook_new *w = ARENA_NEW(test_arena(), struct webhook_new);

	look_again();
	*w = (struct webhook_new){ .domain = "a.myshopify.com",
		.topic = topic,
		.api_version = "2026-10",
		.trace = "0123456789abcdef",
		.bytes = (int64_t)strlen(body),
		.inbox_id = look.id };
	OK(uuid_mint(test_cx(), &w->id));
	OK(uuid_mint(test_cx(), &w->webhook_id));
	w->sealed = seal(w->id, body);
	OK(crypt_sha256(test_cx(), slice_of(body), w->sha256));
	OK(crypt_sha256(test_cx(), slice_of(w->webhook_id), w->key));
	return w;
}

const char *
test_delivered(const char *topic, const char *body)
{
	struct webhook_new *w = test_delivery(topic, body);

	OK(webhook_keep(test_door(), &w, 1));
	return w->id;
}

struct webhook
test_webhook(int64_t shop, const char *id)
{
	const char *at = test_answer(
	    "t", text_fmt(test_arena(),
		     "SELECT received_at FROM webhook WHERE id = '%s'", id));
	struct webhook w;

	OK(webhook_load(test_cx(), shop, at, id, &w));
	return w;
}
