/* Between the files that hold a document to the schema. */
#ifndef SANDBOX_CHECK_IN_H
#define SANDBOX_CHECK_IN_H

#include "check.h"
#include "types.h"

struct check {
	struct cx *cx;
	const struct doc *doc;
	const char *version;
	struct problems *problems;
};

/* The arguments of a field: known, of fitting values, none missing. */
void check_args(struct check *c, const struct type_field *f,
    const struct doc_selection *s, const struct crumb *path);

/* Only @skip and @include, each with its `if`. */
void check_directives(
    struct check *c, const struct doc_directive *d, const struct crumb *path);

#endif
