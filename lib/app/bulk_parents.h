/* The parents of a chunk's lines: those in it, and those that came before. */
#ifndef APP_BULK_PARENTS_H
#define APP_BULK_PARENTS_H

#include "app/bulk_chunk.h"

/* Finds them all, with the keys to seal what is theirs. */
enum rc bulk_parents_join(struct cx *cx, struct bulk_chunk *c) MUST_USE;

/* By number, or NULL. */
struct bulk_parent *bulk_parent_find(const struct bulk_chunk *c, int64_t id);

/* What a row of that table needs that belongs to it. */
struct map_owner bulk_parent_owner(const struct bulk_chunk *c,
    const struct bulk_parent *parent, enum intake_table table);

/* A refund's lines must be asked for. */
void bulk_refund_note(struct cx *cx, struct bulk_chunk *c, int64_t id);

/* Notes those whose children may still come, forgets those that are whole. In
 * the caller's transaction. */
enum rc bulk_parents_keep(struct cx *cx, const struct bulk_chunk *c) MUST_USE;

#endif
