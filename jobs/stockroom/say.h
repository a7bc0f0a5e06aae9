/* JSON of ours told to a person: as a table, or member by member. */
#ifndef STOCKROOM_SAY_H
#define STOCKROOM_SAY_H

#include "base/cx.h"
#include "base/json.h"

/* A column: its heading and the member it shows. */
struct say_column {
	const char *title;
	const char *path;
};

/* The objects of a list under their headings, on standard output; `columns`
 * ends with a NULL title. */
void say_table(
    struct cx *cx, struct json list, const struct say_column *columns);

/* Every member of an object on a line of its own, lists item by item. */
void say_object(struct cx *cx, struct json object);

#endif
