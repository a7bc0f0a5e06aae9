/* What can be pulled: a row a resource says how (design.md 3). */
#ifndef APP_RESOURCES_H
#define APP_RESOURCES_H

#include "app/intake.h"
#include "gen/graphql.h"

struct resource {
	const char *word; /* "products" */
	enum gql_doc page;
	const char *root; /* the connection in the answer's data */
	const char
	    *count; /* of counts.graphql: where number and precision lie */
	int first; /* objects a page asks for at first */
	enum rc (*take)(struct cx *cx, struct intake *in, struct json nodes);
	enum intake_table table; /* of what the page's nodes are counted as */
	enum gql_doc bulk; /* the same as a bulk query */
	enum gql_doc by_ids; /* reads some of them again */
	enum intake_table child; /* its lines in a bulk file; IN_TABLES: none */
	/* How many children an object says it has, by their number or, of order
	 * lines, their quantity; NULL where it does not say. */
	const char *wanted;
};

/* Ended by a NULL word. */
extern const struct resource resources[];

/* NULL when there is none of that name. */
const struct resource *resource_find(const char *word);

/* Their words, ended by NULL: for shapes. */
extern const char *const resource_words[];

#endif
