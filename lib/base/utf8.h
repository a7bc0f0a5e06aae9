/* One character of UTF-8 at a time. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The bytes (1 to 4) of the character that starts at `p`, with `n` bytes there;
 * 0 when they are not one as RFC 3629 has it: cut, overlong, a surrogate, past
 * U+10FFFF. *code is its number.
 */
size_t utf8_next(const char *p, size_t n, uint32_t *code);

#endif
