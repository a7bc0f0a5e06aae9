/* Small files whole: settings and secrets. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/cx.h"
#include "base/text.h"

/* Who may read it: anybody, or its owner alone (then it is wiped, SEC-36). */
enum file_for { FILE_ANY, FILE_OWNER };

/*
 * All of a regular file, in cx->mem, with a NUL behind it. RC_ABSENT when there
 * is none; RC_INPUT when it cannot be read, is no regular file, is longer than
 * `max` bytes, or is open to others than its owner where that is asked: by its
 * mode, so root is told too. A link is followed.
 */
enum rc file_read(struct cx *cx, const char *path, size_t max,
    enum file_for who, struct slice *out) MUST_USE;

#endif
