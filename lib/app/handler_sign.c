/* Signatures by Standard Webhooks 1.0 (standardwebhooks.com), version v1. */
#include "app/handler_sign.h"

#include <string.h>

#include "base/buf.h"
#include "base/code.h"
#include "io/crypt.h"

enum { KEY_LEAST_BYTES = 24, KEY_MOST_BYTES = 64, HEAD_BYTES = 200 };

static enum rc
key_of(struct cx *cx, struct secret secret, struct slice *out)
{
	const size_t n = strlen("whsec_");
	const bool ok = secret.n > n && memcmp(secret.p, "whsec_", n) == 0 &&
			base64_to(cx->mem,
			    (struct slice){ secret.p + n, secret.n - n }, out);

	if (!ok || out->n < KEY_LEAST_BYTES || out->n > KEY_MOST_BYTES)
		return rc_fail(cx, RC_INPUT,
		    "a forward's secret must be whsec_ and base64 of 24 to 64 "
		    "bytes");
	return RC_OK;
}

/* What is signed: one text, as a receiver puts it together. */
static struct slice
signed_text(struct cx *cx, const char *id, int64_t timestamp, struct slice body)
{
	struct buf b = buf_new(cx->mem, body.n + HEAD_BYTES);

	buf_addf(&b, "%s.%lld.", id, (long long)timestamp);
	buf_addn(&b, body.p, body.n);
	return buf_slice(&b);
}

enum rc
handler_sign(struct cx *cx, const struct secret *secrets, size_t n,
    const char *id, int64_t timestamp, struct slice body, const char **out)
{
	const struct slice text = signed_text(cx, id, timestamp, body);
	unsigned char mac[SHA256_BYTES];
	const char *list = "";
	struct slice key;

	for (size_t i = 0; i < n; i++) {
		TRY(key_of(cx, secrets[i], &key));
		TRY(crypt_hmac(cx, key, text, mac));
		list = text_fmt(cx->mem, "%s%sv1,%s", list, i ? " " : "",
		    base64_of(cx->mem, mac, sizeof(mac)));
	}
	*out = list;
	return RC_OK;
}
