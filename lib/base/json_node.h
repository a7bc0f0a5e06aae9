/* For lib/base only: one value of a tree, of a kind that was asked before. */
#ifndef BASE_JSON_NODE_H
#define BASE_JSON_NODE_H

#include "base/json.h"

/* The member `name` of an object; name.p[name.n] must be readable. */
bool node_member(struct json object, struct slice name, struct json *out);

/* These live as long as j. */
const char *node_text(struct json j);
const char *node_json(struct json j); /* as text again; "null" for null */
int64_t node_int(struct json j);
double node_real(struct json j);
bool node_bool(struct json j);

#endif
