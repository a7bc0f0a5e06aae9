/* A GraphQL document as it was written: operations, fragments, selections. */
#ifndef SANDBOX_DOC_H
#define SANDBOX_DOC_H

#include <stdint.h>

#include "lex.h"

enum literal_kind {
	LIT_NULL,
	LIT_INT,
	LIT_FLOAT,
	LIT_TEXT,
	LIT_BOOL,
	LIT_ENUM,
	LIT_LIST,
	LIT_OBJECT,
	LIT_VARIABLE
};

/* A value, written in the document or given as a variable. */
struct literal {
	enum literal_kind kind;
	const char *text; /* text, word, variable's name; a number as written */
	int64_t number; /* of an int that fits, and of a bool */
	const struct literal *items; /* of a list, or an object's values */
	const char *const *names; /* an object's names */
	size_t n;
};

/* A type's name with its wrappings: [ID!]! is a required list. */
struct typed {
	const char *name; /* NULL for a list */
	const struct typed *of; /* what the list is of */
	bool required;
};

struct doc_arg {
	const char *name;
	struct literal value;
	struct place at;
	const struct doc_arg *next;
};

struct doc_directive {
	const char *name;
	const struct doc_arg *args;
	struct place at;
	const struct doc_directive *next;
};

enum doc_kind { DOC_FIELD, DOC_SPREAD, DOC_INLINE };

struct doc_selection {
	enum doc_kind kind;
	const char *name; /* field, fragment, or the inline's type (or NULL) */
	const char *key; /* a field's alias, else its name */
	const struct doc_arg *args;
	const struct doc_directive *directives;
	const struct doc_selection *inside; /* NULL: no { } was written */
	struct place at;
	const struct doc_selection *next;
};

/* A variable of an operation; also an argument in a type table. */
struct doc_variable {
	const char *name;
	struct typed type;
	const struct literal *fallback; /* NULL: none */
	struct place at;
	const struct doc_variable *next;
};

struct doc_fragment {
	const char *name;
	const char *on; /* type */
	const struct doc_selection *inside;
	struct place at;
	const struct doc_fragment *next;
};

struct doc_operation {
	const char *word; /* query, mutation, subscription */
	const char *name; /* or NULL */
	const struct doc_variable *variables;
	const struct doc_directive *directives;
	const struct doc_selection *inside;
	struct place at;
	const struct doc_operation *next;
};

struct doc {
	const struct doc_operation *operations;
	const struct doc_fragment *fragments;
	const char *problem; /* with RC_INPUT: what is wrong */
	struct place at; /* and where */
};

enum { DOC_DEPTH = 25 }; /* of selections and values inside each other */

/* Everything in cx->mem. RC_INPUT: see out->problem and out->at. */
enum rc doc_read(struct cx *cx, struct slice text, struct doc *out) MUST_USE;

const struct doc_fragment *doc_fragment(
    const struct doc *doc, const char *name);

/* "a: Int!, b: [ID!] = 1" as the type tables write arguments; and "Type!". */
enum rc doc_read_args(
    struct cx *cx, const char *text, const struct doc_variable **out) MUST_USE;
enum rc doc_read_type(
    struct cx *cx, const char *text, struct typed *out) MUST_USE;

/* "[ID!]!" again. */
const char *typed_text(struct arena *mem, const struct typed *t);

#endif
