/* UUIDv7: 48 bits of milliseconds, 12 of their fraction, 62 random ones. */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/code.h"
#include "base/uuid.h"

/* The time goes in front, the high byte first (RFC 9562 5.7, method 3). */
static void
put_time(unsigned char id[16])
{
	struct timespec t;
	uint64_t ms;
	uint32_t fraction;
	int i;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	fraction = (uint32_t)(t.tv_nsec % 1000000 * 4096 / 1000000);
	for (i = 0; i < 6; i++)
		id[i] = (unsigned char)(ms >> (40 - 8 * i));
	id[6] = (unsigned char)(0x70 | fraction >> 8);
	id[7] = (unsigned char)fraction;
}

enum rc
uuid_mint(struct cx *cx, const char **out)
{
	unsigned char id[16];
	const char *hex;

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return rc_fail(cx, RC_BUSY, "getrandom: %s", strerror(errno));
	put_time(id);
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));
	hex = hex_of(cx->mem, id, sizeof(id));
	*out = text_fmt(cx->mem, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
	return RC_OK;
}

bool
uuid_ok(const char *text)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	struct slice rest = slice_of(text);
	struct slice part;
	unsigned char bytes[6];
	size_t i;

	if (rest.n != 36)
		return false;
	for (i = 0; i < 5; i++)
		if (!text_next(&rest, '-', &part) || part.n != groups[i] ||
		    !hex_to(part, bytes, groups[i] / 2))
			return false;
	return true;
}
