/* Any bytes on a FastCGI socket; and what more of them may change: some may
 * become anything, a head only whole or wrong, wrong stays wrong. */
#include <assert.h>

#include "web/peek.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct slice all = { (const char *)p, n };
	const enum peek said = peek_bytes(all);

	if (n > 0 && n < PEEK_BYTES) {
		const struct slice less = { (const char *)p, n - 1 };
		const enum peek before = peek_bytes(less);

		assert(before != PEEK_WRONG || said == PEEK_WRONG);
		assert(before != PEEK_WHOLE || said == PEEK_WHOLE);
		assert(before != PEEK_HEAD || said != PEEK_SOME);
	}
	return 0;
}
