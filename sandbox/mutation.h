/* What a mutation answers: a thing, or what was wrong with what it was given.
 */
#ifndef SANDBOX_MUTATION_H
#define SANDBOX_MUTATION_H

#include "run.h"

struct user_error {
	struct texts field;
	const char *message;
};

/* The object of every payload type; its rows show what each has. */
struct mutation {
	const void *thing; /* NULL when something was wrong */
	const char *id; /* of what was deleted, or NULL */
	struct list errors;
};

struct value mutation_done(struct run *run, const void *thing);
struct value mutation_deleted(struct run *run, const char *gid);

/* One error; `path` is the field's names, a dot between two. */
struct value mutation_wrong(
    struct run *run, const char *path, const char *message);

/* Arguments: a member of an input object as text, NULL where it is absent or
 * null; a list's texts joined with `joint`, NULL the same. */
const char *input_text(const struct literal *object, const char *name);
const char *input_texts(struct arena *mem, const struct literal *object,
    const char *name, const char *joint);

/* In mutation.c: UserError. */
extern struct type mutation_types[];

#endif
