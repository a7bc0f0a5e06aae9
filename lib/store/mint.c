/* Secrets we hand out: random text, of which only the SHA-256 is kept. */
#include "store/mint.h"
#include "base/code.h"
#include "io/crypt.h"

enum rc
mint_text(struct cx *cx, const char **out)
{
	unsigned char *bits = arena_alloc_secret(cx->mem, 32);

	TRY(crypt_random(cx, bits, 32));
	*out = base64url_of(cx->mem, bits, 32);
	return RC_OK;
}

enum rc
mint_hash(struct cx *cx, const char *text, struct slice *out)
{
	unsigned char *hash = arena_alloc(cx->mem, SHA256_BYTES);

	TRY(crypt_sha256(cx, slice_of(text), hash));
	*out = (struct slice){ (const char *)hash, SHA256_BYTES };
	return RC_OK;
}
