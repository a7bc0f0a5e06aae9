/* Whether a value is one of a type: for arguments and for variables. */
#ifndef SANDBOX_FITS_H
#define SANDBOX_FITS_H

#include "doc_value.h"
#include "types.h"

enum source { FROM_DOCUMENT, FROM_JSON };

/*
 * NULL when `v` is of type `t`; else why not, in words, in `mem`. A variable
 * fits anything here: check.c compares types. From JSON a word comes as text.
 */
const char *fits(struct arena *mem, const struct typed *t,
    const struct literal *v, enum source source);

/* Whether a variable so declared may stand where `t` is wanted;
 * `has_fallback`: it or the place has one. */
bool fits_variable(
    const struct typed *declared, bool has_fallback, const struct typed *t);

#endif
