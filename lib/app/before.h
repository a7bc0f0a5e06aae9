/* A pulled row as it was, for a record whose object does not say all. */
#ifndef APP_BEFORE_H
#define APP_BEFORE_H

#include "app/map.h"

/* Row `id` of the table that people know by `word`; node NULL where there is
 * none. */
enum rc before_load(struct cx *cx, const char *word, int64_t id,
    struct map_before *out) MUST_USE;

#endif
