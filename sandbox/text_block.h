/* What stands between the quotes of a GraphQL string. */
#ifndef SANDBOX_TEXT_BLOCK_H
#define SANDBOX_TEXT_BLOCK_H

#include "base/arena.h"
#include "base/text.h"

/* The value of a "string", escapes done; NULL when one of them is none. */
const char *string_text(struct arena *mem, struct slice inside);

/* The value of a """block string""": common indent and blank edges gone. */
const char *block_text(struct arena *mem, struct slice inside);

#endif
