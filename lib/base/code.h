/* Strict encodings (RFC 4648, 3986): hex, base64 and url, base62, percent. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include "base/arena.h"
#include "base/text.h"

char *hex_of(struct arena *mem, const void *p, size_t n); /* lower case */

/* Decoders take exactly `n` bytes' worth: right length, right alphabet, no
 * blanks, zero spare bits; else false. */
bool hex_to(struct slice text, void *out, size_t n) MUST_USE;

char *base64_of(struct arena *mem, const void *p, size_t n);
bool base64_to(
    struct arena *mem, struct slice text, struct slice *out) MUST_USE;

char *base64url_of(struct arena *mem, const void *p, size_t n); /* unpadded */
bool base64url_to(
    struct arena *mem, struct slice text, struct slice *out) MUST_USE;

/* 32 bytes as 43 characters of 0-9A-Za-z, most significant first. */
char *base62_of32(struct arena *mem, const unsigned char p[32]);

/* %XX and, in a form, + as a space. False on a broken escape or NUL. */
enum percent { PERCENT_PATH, PERCENT_FORM };
bool percent_to(struct arena *mem, struct slice text, enum percent how,
    char **out) MUST_USE;

/* Everything but RFC 3986's unreserved characters becomes %XX. */
char *percent_of(struct arena *mem, const char *text);

/* CRC-32 (IEEE 802.3): the checksum of our API keys, not a defence. */
uint32_t crc32_of(const void *p, size_t n);

#endif
