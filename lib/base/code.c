/* Strict encodings: one text for one value, anything else refused. */
#include <string.h>

#include "base/code.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base62_digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

char *
hex_of(struct arena *mem, const void *p, size_t n)
{
	const unsigned char *in = p;
	char *out = arena_array(mem, 2, n + 1);
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = hex_digits[in[i] >> 4];
		out[2 * i + 1] = hex_digits[in[i] & 15];
	}
	return out;
}

/* The value of a hex digit of either case, or -1. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
hex_to(struct slice text, void *out, size_t n)
{
	unsigned char *to = out;
	size_t i;

	if (text.n % 2 != 0 || text.n / 2 != n)
		return false;
	for (i = 0; i < n; i++) {
		const int high = hex_value(text.p[2 * i]);
		const int low = hex_value(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		to[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* Three bytes become four digits; `pad` fills the last four up with '='. */
static char *
sixes_of(struct arena *mem, const unsigned char *in, size_t n,
    const char *digits, bool pad)
{
	char *text = arena_array(mem, 4, n / 3 + 2);
	char *out = text;
	unsigned int bits = 0;
	int have = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		bits = bits << 8 | in[i];
		for (have += 8; have >= 6; have -= 6)
			*out++ = digits[bits >> (have - 6) & 63];
	}
	if (have > 0)
		*out++ = digits[bits << (6 - have) & 63];
	while (pad && (out - text) % 4 != 0)
		*out++ = '=';
	return text;
}

/* The reverse. Spare bits that are not zero would be a second text. */
static bool
sixes_to(
    struct arena *mem, struct slice text, const char *digits, struct slice *out)
{
	char *p = arena_alloc(mem, text.n / 4 * 3 + 4);
	unsigned int bits = 0;
	int have = 0;
	size_t i;

	*out = (struct slice){ p, 0 };
	for (i = 0; i < text.n; i++) {
		const char *digit = memchr(digits, text.p[i], 64);

		if (digit == NULL)
			return false;
		bits = (bits << 6 | (unsigned int)(digit - digits)) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			p[out->n++] = (char)(bits >> have & 0xff);
		}
	}
	return have < 6 && (bits & ((1U << have) - 1)) == 0;
}

char *
base64_of(struct arena *mem, const void *p, size_t n)
{
	return sixes_of(mem, p, n, base64_digits, true);
}

bool
base64_to(struct arena *mem, struct slice text, struct slice *out)
{
	if (text.n % 4 != 0)
		return false;
	if (text.n > 0 && text.p[text.n - 1] == '=')
		text.n -= text.p[text.n - 2] == '=' ? 2 : 1;
	return sixes_to(mem, text, base64_digits, out);
}

char *
base64url_of(struct arena *mem, const void *p, size_t n)
{
	return sixes_of(mem, p, n, base64url_digits, false);
}

bool
base64url_to(struct arena *mem, struct slice text, struct slice *out)
{
	return sixes_to(mem, text, base64url_digits, out);
}

/* Divides the number in place and gives the remainder. */
static unsigned int
divide(unsigned char n[32], unsigned int by)
{
	unsigned int rest = 0;
	int i;

	for (i = 0; i < 32; i++) {
		rest = rest << 8 | n[i];
		n[i] = (unsigned char)(rest / by);
		rest %= by;
	}
	return rest;
}

/* What goes in here is a secret more often than not, so all of it is wiped. */
char *
base62_of32(struct arena *mem, const unsigned char p[32])
{
	enum { DIGITS = 43 };
	char *text = arena_alloc_secret(mem, DIGITS + 1);
	unsigned char n[32];
	int i;

	memcpy(n, p, sizeof(n));
	for (i = DIGITS; i > 0; i--)
		text[i - 1] = base62_digits[divide(n, 62)];
	explicit_bzero(n, sizeof(n));
	return text;
}

/* The byte an escape stands for, or -1; NUL counts as broken. */
static int
escaped(struct slice text, size_t at)
{
	unsigned char byte;

	if (text.n - at < 3)
		return -1;
	if (!hex_to((struct slice){ text.p + at + 1, 2 }, &byte, 1))
		return -1;
	return byte == 0 ? -1 : byte;
}

bool
percent_to(struct arena *mem, struct slice text, enum percent how, char **out)
{
	char *to = arena_alloc(mem, text.n + 1);
	size_t i;
	int c;

	*out = to;
	for (i = 0; i < text.n; i++) {
		c = (unsigned char)text.p[i];
		if (c == '%') {
			c = escaped(text, i);
			i += 2;
		} else if (c == '+' && how == PERCENT_FORM)
			c = ' ';
		if (c <= 0)
			return false;
		*to++ = (char)c;
	}
	return true;
}

static bool
unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

char *
percent_of(struct arena *mem, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *copy = arena_array(mem, 3, strlen(text) + 1);
	char *to = copy;

	for (; *text != '\0'; text++) {
		if (unreserved(*text)) {
			*to++ = *text;
			continue;
		}
		*to++ = '%';
		*to++ = digits[(unsigned char)*text >> 4];
		*to++ = digits[*text & 15];
	}
	return copy;
}

/* A nibble a turn: a table of 16 rather than 256 lines. */
uint32_t
crc32_of(const void *p, size_t n)
{
	static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8,
		0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0,
		0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
	const unsigned char *in = p;
	uint32_t crc = 0xffffffff;
	size_t i;

	for (i = 0; i < n; i++) {
		crc ^= in[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}
