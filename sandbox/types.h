/* The schema: one table of types and fields, names exactly as Shopify's. */
#ifndef SANDBOX_TYPES_H
#define SANDBOX_TYPES_H

#include <stdbool.h>

#include "doc.h"

struct run;
struct plan_field;
struct type;

/* Objects of one kind, in an order; the pointers' array is somebody else's. */
struct list {
	const void *const *items;
	size_t n;
};

struct texts {
	const char *const *items;
	size_t n;
};

enum value_kind {
	IS_NULL,
	IS_TEXT,
	IS_INT,
	IS_BOOL,
	IS_TEXTS,
	IS_OBJECT,
	IS_LIST
};

/* What a field of an object is. */
struct value {
	enum value_kind kind;
	const char *text;
	int64_t number; /* of an int or bool */
	struct texts texts;
	const void *object;
	struct list list; /* a NULL among them is a null */
	/* The object's own type, or each item's, where the field's type is an
	 * interface. */
	const struct type *type;
	const struct type *const *types;
};

typedef struct value value_fn(
    struct run *run, const void *object, const struct plan_field *f);

/* How a field's value lies in its object's struct, at an offset. */
enum how {
	HOW_CALL, /* a function says */
	HOW_FIXED, /* the same text for every object */
	HOW_YES, /* always true */
	HOW_NO,
	HOW_ID, /* int64_t, as gid://shopify/Type/number */
	HOW_TEXT, /* const char *; NULL is null */
	HOW_TEXTS, /* struct texts */
	HOW_INT, /* int64_t */
	HOW_NUMBER, /* int64_t, but written as text */
	HOW_BOOL, /* bool */
	HOW_TIME, /* int64_t epoch seconds; 0 is null */
	HOW_MONEY, /* int64_t hundredths as "1.50"; NO_MONEY is null */
	HOW_DECIMAL, /* the same as "1.5" */
	HOW_LINK, /* a pointer to an object; NULL is null */
	HOW_PART, /* an object inside the struct */
	HOW_LIST, /* struct list of objects */
	HOW_PAGE /* struct list, shown as a connection in its own order */
};

#define NO_MONEY INT64_MIN

struct type_field {
	const char *name;
	const char *type_text; /* "[ProductOption!]!" */
	enum how how;
	size_t offset;
	value_fn *call;
	const char *fixed;
	const char *args_text; /* "first: Int, after: String" */
	const char *since; /* the version that brought it; NULL: always there */
	const char *scope; /* needed beside that of its type */
	bool personal; /* level 2 of protected customer data */
	/* Made out of the texts by types_start: */
	struct typed type;
	const struct type *of; /* the type named in it */
	const struct doc_variable *args;
};

enum type_kind {
	TYPE_SCALAR,
	TYPE_ENUM,
	TYPE_OBJECT,
	TYPE_INTERFACE,
	TYPE_INPUT /* an object given as an argument */
};

struct type {
	const char *name;
	enum type_kind kind;
	struct type_field *fields; /* ended by a row without a name */
	const char *is; /* the interfaces it has: "Node Media" */
	const char *words; /* of an enum that arguments take */
	const char *scope; /* needed to see one; NULL: none */
	bool free; /* costs no point; any other object costs one */
	const struct type *node; /* of a connection or an edge */
};

/* Rows of the tables. */
/* clang-format off */
#define F_(n, t, h, ...) \
	{ .name = (n), .type_text = (t), .how = (h), __VA_ARGS__ }
#define F_AT(n, t, h, s, m, ...) \
	F_(n, t, h, .offset = offsetof(struct s, m), __VA_ARGS__)
#define F_ID(n, s, m, ...) F_AT(n, "ID!", HOW_ID, s, m, __VA_ARGS__)
#define F_TEXT(n, t, s, m, ...) F_AT(n, t, HOW_TEXT, s, m, __VA_ARGS__)
#define F_TEXTS(n, t, s, m, ...) F_AT(n, t, HOW_TEXTS, s, m, __VA_ARGS__)
#define F_INT(n, t, s, m, ...) F_AT(n, t, HOW_INT, s, m, __VA_ARGS__)
#define F_NUMBER(n, t, s, m, ...) F_AT(n, t, HOW_NUMBER, s, m, __VA_ARGS__)
#define F_BOOL(n, t, s, m, ...) F_AT(n, t, HOW_BOOL, s, m, __VA_ARGS__)
#define F_TIME(n, t, s, m, ...) F_AT(n, t, HOW_TIME, s, m, __VA_ARGS__)
#define F_MONEY(n, t, s, m, ...) F_AT(n, t, HOW_MONEY, s, m, __VA_ARGS__)
#define F_LINK(n, t, s, m, ...) F_AT(n, t, HOW_LINK, s, m, __VA_ARGS__)
#define F_PART(n, t, s, m, ...) F_AT(n, t, HOW_PART, s, m, __VA_ARGS__)
#define F_SELF(n, t, ...) F_(n, t, HOW_PART, .offset = 0, __VA_ARGS__)
#define F_LIST(n, t, s, m, ...) F_AT(n, t, HOW_LIST, s, m, __VA_ARGS__)
#define F_PAGE(n, t, s, m, ...) F_AT(n, t, HOW_PAGE, s, m, __VA_ARGS__)
#define F_CALL(n, t, c, ...) F_(n, t, HOW_CALL, .call = (c), __VA_ARGS__)
#define F_FIXED(n, t, v) F_(n, t, HOW_FIXED, .fixed = (v))
#define F_YES(n) F_(n, "Boolean!", HOW_YES, .fixed = NULL)
#define F_NO(n) F_(n, "Boolean!", HOW_NO, .fixed = NULL)
#define F_IN(n, t) F_(n, t, HOW_CALL, .call = NULL)
#define F_END { .name = NULL }
#define T_INPUT(n, f) { .name = (n), .kind = TYPE_INPUT, .fields = (f) }
#define T_OBJECT(n, f, ...) \
	{ .name = (n), .kind = TYPE_OBJECT, .fields = (f), __VA_ARGS__ }
/* clang-format on */

#define ARGS_PAGE                                                              \
	"after: String, before: String, first: Int, last: Int, "               \
	"reverse: Boolean = false"

/* Ties the tables together: once a process, before anything else here. What it
 * makes lives in cx->mem, which the caller keeps. RC_BUG: a table is wrong. */
enum rc types_start(struct cx *cx) MUST_USE;

/* A type by name, or NULL. */
const struct type *types_find(const char *name);

/* QueryRoot or Mutation; NULL for any other word. */
const struct type *types_root(const char *word);

/* The i-th of all types, NULL behind the last. */
const struct type *types_at(size_t i);

/* The field `name` as `version` has it, or NULL. "__typename" is one of every
 * object's. */
const struct type_field *type_field(
    const struct type *t, const char *name, const char *version);

/* Whether an object of type `t` may be asked for as `as`. */
bool type_is(const struct type *t, const struct type *as);

/* Whether the type has fields that can be asked for. */
bool type_composite(const struct type *t);

/* Whether `word` is in a blank-separated list. */
bool words_have(const char *words, const char *word);

/* Shorthands for value functions. */
struct value value_null(void);
struct value value_words(const char *text); /* NULL is null */
struct value value_int(int64_t n);
struct value value_bool(bool b);
struct value value_object(const void *object); /* NULL is null */
struct value value_list(struct list list);

#endif
