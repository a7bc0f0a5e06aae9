/* Opening what is sealed in pulled rows, for a caller who may see it. */
#ifndef APP_PERSONAL_H
#define APP_PERSONAL_H

#include "base/json.h"
#include "store/rows.h"

/*
 * The personal part of each row as JSON text, in the rows' order; NULL where
 * nothing is sealed or its subject was forgotten. One or two round trips to the
 * keyring for a page.
 */
enum rc personal_open(struct cx *cx, const struct pulled_rows *rows,
    const char *const **out) MUST_USE;

/*
 * One blob by its subject's key, whose salt keys_subjects has loaded; kind 's':
 * the shop's own. *out is text, or NULL when the subject was forgotten: dark
 * for good.
 */
enum rc personal_open_one(struct cx *cx, const struct keys *keys,
    const struct blob_place *place, struct slice sealed, struct subject subject,
    const char **out) MUST_USE;

#endif
