/* For the JSON gate: names already seen in the objects that are open. */
#ifndef BASE_JSON_NAMES_H
#define BASE_JSON_NAMES_H

#include <stdint.h>

#include "base/text.h"

/*
 * Eight bytes a name, so that even a text that is all names costs little more
 * than itself; what a name says is read again from the text.
 */
struct name {
	uint32_t hash;
	uint32_t at; /* of the first byte behind the quote */
};
#define JSON_NAMES_REACH UINT32_MAX

struct names {
	struct slice text;
	struct name *list;
	size_t n;
	size_t cap;
};

struct names names_new(struct slice text);
void names_free(struct names *ns);

/* Notes the name that begins at `at`; it need not have been checked yet. */
void names_add(struct names *ns, const char *at);

/*
 * Whether a name stands twice among those noted since there were `first`: the
 * later one's place, else NULL. Forgets them. All must have passed the gate.
 */
const char *names_twice(struct names *ns, size_t first);

/*
 * The \u escape (a pair of them for a surrogate pair) that `text` begins with:
 * its length and character, or 0 when it is broken or half a pair.
 */
size_t json_escape(struct slice text, uint32_t *code);

#endif
