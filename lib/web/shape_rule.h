/* A field's rule in words, for the sender of what breaks it. */
#ifndef WEB_SHAPE_RULE_H
#define WEB_SHAPE_RULE_H

#include "web/shape.h"

/* "text of 1 to 80 bytes"; in the arena. */
const char *shape_rule(struct arena *mem, const struct field *f);

/* The rule of one item of a list. */
const char *shape_rule_item(struct arena *mem, const struct field *f);

/* Whether `max` is left out above a `min`. */
bool shape_open_end(const struct field *f);

#endif
