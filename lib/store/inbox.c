/* The inbox's key pairs: public halves for the door, private ones for jobd. */
#include "store/inbox.h"

#include <string.h>

#include "base/code.h"
#include "io/crypt.h"
#include "store/kek.h"

enum rc
inbox_public_load(struct cx *cx, struct inbox_public *out)
{
	struct slice bytes;
	struct row row;

	TRY(db_one(cx, Q_INBOX_PUBLIC_NEWEST, NO_ARGS, &row));
	bytes = row_bytes(row, 1);
	if (bytes.n != sizeof(out->bytes))
		return rc_fail(cx, RC_BUG, "an inbox key of wrong length");
	out->id = (uint32_t)row_int(row, 0);
	memcpy(out->bytes, bytes.p, bytes.n);
	out->fresh = row_bool(row, 2);
	return RC_OK;
}

/* The number is given by the row, so the place is named by the public half. */
static struct blob_place
place_of(struct cx *cx, const unsigned char public[32])
{
	return (struct blob_place){ 0, "inbox_key", "private_wrapped",
		hex_of(cx->mem, public, 32) };
}

static enum rc
wrap(struct cx *cx, unsigned char public[32], struct slice *wrapped)
{
	const struct blob_key *kek = kek_newest();
	unsigned char *private = arena_alloc_secret(cx->mem, 32);
	struct blob_place place;

	if (!kek)
		return rc_fail(cx, RC_BUG, "no KEK was read");
	TRY(crypt_pair(cx, private, public));
	place = place_of(cx, public);
	return blob_seal(cx, kek, &place,
	    (struct slice){ (const char *)private, 32 }, wrapped);
}

enum rc
inbox_make(struct cx *cx)
{
	unsigned char public[32];
	const struct slice half = { (const char *)public, 32 };
	struct slice wrapped;
	struct row row;

	TRY(wrap(cx, public, &wrapped));
	TRY(db_one(cx, Q_INBOX_KEY_PUT,
	    ARGS(a_int(kek_newest()->id), a_bytes(half), a_bytes(wrapped)),
	    &row));
	return db_run(cx, Q_INBOX_PUBLIC_PUT,
	    ARGS(a_int(row_int(row, 0)), a_bytes(half)), NULL);
}

static enum rc
private_load(struct cx *cx, uint32_t id, struct slice *private)
{
	const struct blob_key *kek;
	struct blob_place place;
	struct row row;

	TRY(db_one(cx, Q_INBOX_KEY_LOAD, ARGS(a_int(id)), &row));
	kek = kek_find((uint32_t)row_int(row, 0));
	if (!kek)
		return rc_fail(cx, RC_BUG, "no KEK of number %s in KEK_DIR",
		    row_text(row, 0));
	place = place_of(cx, (const unsigned char *)row_bytes(row, 2).p);
	TRY(blob_open(cx, kek, &place, row_bytes(row, 1), private));
	if (private->n != 32)
		return rc_fail(cx, RC_BUG, "an inbox key of wrong length");
	return RC_OK;
}

enum rc
inbox_body_open(struct cx *cx, const struct blob_place *place,
    struct slice blob, struct slice *plain)
{
	struct slice private;
	uint32_t id;

	if (!inbox_id(blob, &id))
		return rc_fail(cx, RC_BUG, "a body is none of the inbox");
	TRY(private_load(cx, id, &private));
	return inbox_open(
	    cx, (const unsigned char *)private.p, place, blob, plain);
}

enum rc
inbox_destroy_spent(struct cx *cx, int64_t *n)
{
	struct rows rows;
	size_t i;

	/* A row that we do not see would count as one that is not there. */
	if (!cx->every_shop)
		return rc_fail(
		    cx, RC_BUG, "one shop's view says nothing of a pair");
	TRY(db_all(cx, Q_INBOX_PUBLIC_SPENT, NO_ARGS, &rows));
	for (i = 0; i < rows.n; i++) {
		const struct args id =
		    ARGS(a_int(row_int(rows_at(&rows, i), 0)));

		TRY(db_run(cx, Q_INBOX_KEY_DESTROY, id, NULL));
		TRY(db_run(cx, Q_INBOX_PUBLIC_DROP, id, NULL));
	}
	*n = (int64_t)rows.n;
	return RC_OK;
}
