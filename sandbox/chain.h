/* Rows of the state file: chains of structs, by tables of their members. */
#ifndef SANDBOX_CHAIN_H
#define SANDBOX_CHAIN_H

#include "base/json.h"

enum member_kind { MEMBER_TEXT, MEMBER_INT };

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
};

/* A chain of rows: where it hangs in its owner, where a row's link is. */
struct chain {
	const char *name;
	const struct member *members; /* ended by a NULL name */
	size_t bytes; /* of a row */
	size_t head;
	size_t next;
};

/* clang-format off */
#define ROW_TEXT(s, m) { #m, MEMBER_TEXT, offsetof(struct s, m) }
#define ROW_INT(s, m) { #m, MEMBER_INT, offsetof(struct s, m) }
#define ROW_END { NULL, MEMBER_INT, 0 }
#define CHAIN(n, s, owner, m, members) \
	{ n, members, sizeof(struct s), offsetof(struct owner, m), \
	    offsetof(struct s, next) }
/* clang-format on */

/* As the member `c->name`: a list, a row an object. */
void chain_write(struct jw *w, const struct chain *c, const void *owner);

/* The same back, in front of what hangs there; rows and texts in `mem`. */
void chain_read(
    struct arena *mem, const struct chain *c, struct json list, void *owner);

#endif
