/* Shopify's way with JSON and headers. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/code.h"
#include "io/crypt.h"
#include "wire.h"

/* What stands for the bytes at `p`, and how many they are; NULL: themselves.
 * All of these can only stand inside a string. */
static const char *
escape_of(const char *p, size_t left, size_t *n)
{
	*n = 1;
	switch (*p) {
	case '/':
		return "\\/";
	case '&':
		return "\\u0026";
	case '<':
		return "\\u003c";
	case '>':
		return "\\u003e";
	case '\xe2':
		break;
	default:
		return NULL;
	}
	if (left < 3 || p[1] != '\x80' || (p[2] != '\xa8' && p[2] != '\xa9'))
		return NULL;
	*n = 3;
	return p[2] == '\xa8' ? "\\u2028" : "\\u2029";
}

struct slice
wire_json(struct arena *mem, struct slice json)
{
	struct buf b = buf_new(mem, 6 * json.n + 1);
	const char *escape;
	size_t from = 0, at, n;

	for (at = 0; at < json.n; at += n) {
		escape = escape_of(json.p + at, json.n - at, &n);
		if (escape == NULL)
			continue;
		buf_addn(&b, json.p + from, at - from);
		buf_add(&b, escape);
		from = at + n;
	}
	buf_addn(&b, json.p + from, json.n - from);
	return buf_slice(&b);
}

const char *
wire_time(struct arena *mem, int64_t epoch_s, int64_t offset_minutes)
{
	const int64_t away =
	    offset_minutes < 0 ? -offset_minutes : offset_minutes;
	const char *text;

	if (epoch_s == 0)
		return NULL;
	text = clock_text(mem, epoch_s + 60 * offset_minutes);
	return text_fmt(mem, "%.19s%c%02lld:%02lld", text,
	    offset_minutes < 0 ? '-' : '+', (long long)(away / 60),
	    (long long)(away % 60));
}

const char *
wire_nanos(struct arena *mem, int64_t epoch_s, int64_t nanos)
{
	return text_fmt(
	    mem, "%.19s.%09lldZ", clock_text(mem, epoch_s), (long long)nanos);
}

enum rc
wire_hmac(
    struct cx *cx, struct slice secret, struct slice body, const char **out)
{
	unsigned char mac[SHA256_BYTES];

	TRY(crypt_hmac(cx, secret, body, mac));
	*out = base64_of(cx->mem, mac, sizeof(mac));
	return RC_OK;
}

enum rc
wire_uuid(struct cx *cx, const char **out)
{
	unsigned char bits[16];
	const char *hex;

	TRY(crypt_random(cx, bits, sizeof(bits)));
	bits[6] = (unsigned char)((bits[6] & 0x0f) | 0x40);
	bits[8] = (unsigned char)((bits[8] & 0x3f) | 0x80);
	hex = hex_of(cx->mem, bits, sizeof(bits));
	*out = text_fmt(cx->mem, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
	return RC_OK;
}
