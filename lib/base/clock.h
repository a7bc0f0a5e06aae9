/* Time: the steady clock for waits, the wall clock for tokens and people. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

int64_t clock_ms(void); /* CLOCK_MONOTONIC, for waits and spans */
int64_t clock_us(void);
int64_t clock_wall(void); /* epoch seconds: JWT and OAuth only (D15) */

/* "2026-11-24T23:17:00Z" (RFC 3339) in the arena. */
char *clock_text(struct arena *mem, int64_t epoch_s);

/* RFC 3339, any offset, any fraction, to epoch microseconds. */
bool clock_read(const char *text, int64_t *epoch_us) MUST_USE;

#endif
