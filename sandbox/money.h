/* Money as text: hundredths to "1.50" or "1.5". */
#ifndef SANDBOX_MONEY_H
#define SANDBOX_MONEY_H

#include "base/arena.h"
#include "base/rc.h"

#include <stdbool.h>
#include <stdint.h>

/* The scalar Money: always two places, "25.90". */
const char *money_text(struct arena *mem, int64_t cents);

/* The scalar Decimal: as many as needed and at least one, "25.9", "0.0". */
const char *money_decimal(struct arena *mem, int64_t cents);

/* "2.1", "-3", "2.55" to hundredths; false for anything else. */
bool money_read(const char *text, int64_t *cents) MUST_USE;

#endif
