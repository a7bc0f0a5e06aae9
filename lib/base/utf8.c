/* UTF-8 as RFC 3629 has it. */
#include "base/utf8.h"
#include "base/text.h"

/* How many bytes a first byte announces, and the bits it brings; 0: none. */
static size_t
head(unsigned char c, uint32_t *bits)
{
	if (c < 0x80) {
		*bits = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf) {
		*bits = c & 0x1fU;
		return 2;
	}
	if ((c & 0xf0) == 0xe0) {
		*bits = c & 0x0fU;
		return 3;
	}
	*bits = c & 0x07U;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t
utf8_next(const char *p, size_t n, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len, i;
	uint32_t c;

	if (n == 0)
		return 0;
	len = head((unsigned char)p[0], &c);
	if (len == 0 || len > n)
		return 0;
	for (i = 1; i < len; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)p[i] & 0x3fU);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return len;
}

bool
text_utf8(struct slice s)
{
	uint32_t code;
	size_t at, len;

	for (at = 0; at < s.n; at += len) {
		len = utf8_next(s.p + at, s.n - at, &code);
		if (len == 0)
			return false;
	}
	return true;
}
