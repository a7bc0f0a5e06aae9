/* Sealing and opening one thing under the key of whose data it is. */
#include "app/sealing.h"
#include "app/personal.h"

static enum rc
load(struct cx *cx, int64_t shop_id, enum keys_make make,
    struct subject subject, struct keys *out)
{
	TRY(keys_load(cx, shop_id, make, out));
	if (subject.kind == 's')
		return RC_OK;
	return keys_subjects(cx, out, make, &subject, 1);
}

enum rc
sealing_seal(struct cx *cx, struct subject subject,
    const struct blob_place *place, int64_t shop_id, struct slice plain,
    struct slice *out)
{
	struct blob_key *key =
	    arena_alloc_secret(cx->mem, sizeof(struct blob_key));
	struct keys keys;

	*out = (struct slice){ NULL, 0 };
	TRY(load(cx, shop_id, KEYS_MAKE, subject, &keys));
	*key = keys.list[0];
	if (subject.kind != 's')
		TRY(keys_subject(cx, &keys, subject, 0, key));
	return blob_seal(cx, key, place, plain, out);
}

enum rc
sealing_open(struct cx *cx, struct subject subject,
    const struct blob_place *place, int64_t shop_id, struct slice blob,
    const char **out)
{
	struct keys keys;
	const enum rc rc = load(cx, shop_id, KEYS_AS_THEY_ARE, subject, &keys);

	*out = NULL;
	if (rc == RC_ABSENT) /* the shop's key was destroyed */
		return RC_OK;
	TRY(rc);
	return personal_open_one(cx, &keys, place, blob, subject, out);
}
