/* OAuth states: one use, ten minutes, bound to browser and shop (SEC-2). */
#include <string.h>

#include "io/crypt.h"
#include "store/mint.h"
#include "store/state.h"

enum { LIFE_S = 600, NO_SHOP = 0 };

enum rc
state_mint(
    struct cx *cx, const char *shop, const char **state, const char **cookie)
{
	struct slice state_hash, cookie_hash;

	TRY(mint_text(cx, state));
	TRY(mint_text(cx, cookie));
	TRY(mint_hash(cx, *state, &state_hash));
	TRY(mint_hash(cx, *cookie, &cookie_hash));
	TRY(db_run(cx, Q_STATE_PRUNE, ARGS(a_int(NO_SHOP)), NULL));
	return db_run(cx, Q_STATE_PUT,
	    ARGS(a_int(NO_SHOP), a_bytes(state_hash), a_text(shop),
		a_bytes(cookie_hash), a_int(LIFE_S)),
	    NULL);
}

static enum rc
refuse(struct cx *cx)
{
	return rc_fail(cx, RC_AUTH,
	    "the state is unknown, used, too old or another browser's");
}

enum rc
state_take(
    struct cx *cx, const char *state, const char *cookie, const char *shop)
{
	struct slice state_hash, cookie_hash, kept;
	struct row row;
	enum rc rc;

	if (!state || !cookie)
		return refuse(cx);
	TRY(mint_hash(cx, state, &state_hash));
	TRY(mint_hash(cx, cookie, &cookie_hash));
	rc = db_one(
	    cx, Q_STATE_TAKE, ARGS(a_int(NO_SHOP), a_bytes(state_hash)), &row);
	if (rc == RC_ABSENT)
		return refuse(cx);
	TRY(rc);
	kept = row_bytes(row, 1);
	if (kept.n != cookie_hash.n ||
	    !crypt_same(kept.p, cookie_hash.p, kept.n) ||
	    !text_same(row_text(row, 0), shop))
		return refuse(cx);
	return RC_OK;
}
