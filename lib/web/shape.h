/* Shapes: one table a body, a query or a reply. It checks, fills a struct, and
 * is written out as JSON Schema for openapi.json. */
#ifndef WEB_SHAPE_H
#define WEB_SHAPE_H

#include <stddef.h>

#include "base/cx.h"
#include "base/json.h"
#include "base/pairs.h"

enum field_type {
	FIELD_T_TEXT, /* const char * */
	FIELD_T_INT, /* int64_t */
	FIELD_T_BOOL, /* bool */
	FIELD_T_TIME, /* RFC 3339 -> int64_t epoch seconds */
	FIELD_T_WORD, /* one of .words -> const char * */
	FIELD_T_WORDS, /* list of those -> struct words */
	FIELD_T_TEXTS, /* list of text -> struct words */
	FIELD_T_OBJECT, /* .shape -> void * in the arena */
	FIELD_T_LIST, /* list of .shape: replies only */
	FIELD_T_ANY /* any JSON -> struct json */
};

struct words {
	const char *const *list;
	size_t n;
};

struct shape;
struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t given; /* of a bool: was it there; 0, its place: not asked */
	bool need; /* must be there */
	bool null; /* in a reply: may be null */
	/* A number's range; a text's bytes; a list's items. Both 0: no rule
	 * (but a list has at most 100 items, and a text that must be there is
	 * not empty). max 0 below min: no upper end. */
	int64_t min, max;
	const char *const *words; /* ended by NULL */
	bool (*ok)(const char *text); /* a further rule of a text */
	const char *rule; /* that rule in words */
	const struct shape *shape;
	const char *note; /* description in openapi.json */
	const char *fallback; /* text of the value when absent */
	bool hide; /* a secret: a refusal does not say what was got */
};

struct shape {
	const char *name; /* names the schema in openapi.json */
	size_t bytes; /* of the struct; 0 for replies */
	const struct field *fields;
};

/* clang-format off */
#define FIELD_(t, s, m, ...) \
	{ .name = #m, .type = (t), .offset = offsetof(struct s, m), __VA_ARGS__ }
#define FIELD_TEXT(s, m, ...) FIELD_(FIELD_T_TEXT, s, m, __VA_ARGS__)
#define FIELD_INT(s, m, ...) FIELD_(FIELD_T_INT, s, m, __VA_ARGS__)
#define FIELD_BOOL(s, m, ...) FIELD_(FIELD_T_BOOL, s, m, __VA_ARGS__)
#define FIELD_TIME(s, m, ...) FIELD_(FIELD_T_TIME, s, m, __VA_ARGS__)
#define FIELD_WORD(s, m, ...) FIELD_(FIELD_T_WORD, s, m, __VA_ARGS__)
#define FIELD_WORDS(s, m, ...) FIELD_(FIELD_T_WORDS, s, m, __VA_ARGS__)
#define FIELD_TEXTS(s, m, ...) FIELD_(FIELD_T_TEXTS, s, m, __VA_ARGS__)
#define FIELD_ANY(s, m, ...) FIELD_(FIELD_T_ANY, s, m, __VA_ARGS__)
#define FIELD_OBJECT(s, m, sh, ...) \
	FIELD_(FIELD_T_OBJECT, s, m, .shape = (sh), __VA_ARGS__)
/* As a further word of a field: member m of struct s says whether it came. */
#define GIVEN(s, m) .given = offsetof(struct s, m)
#define FIELD_END { .name = NULL }
#define SHAPE(s, f) { .name = #s, .bytes = sizeof(struct s), .fields = (f) }

/* Replies have no struct: R_TEXT("id", .note = "...") and so on. */
#define R_(t, n, ...) { .name = (n), .type = (t), .need = true, __VA_ARGS__ }
#define R_TEXT(n, ...) R_(FIELD_T_TEXT, n, __VA_ARGS__)
#define R_INT(n, ...) R_(FIELD_T_INT, n, __VA_ARGS__)
#define R_BOOL(n, ...) R_(FIELD_T_BOOL, n, __VA_ARGS__)
#define R_TIME(n, ...) R_(FIELD_T_TIME, n, __VA_ARGS__)
#define R_WORD(n, w, ...) R_(FIELD_T_WORD, n, .words = (w), __VA_ARGS__)
#define R_TEXTS(n, ...) R_(FIELD_T_TEXTS, n, __VA_ARGS__)
#define R_OBJECT(n, sh, ...) R_(FIELD_T_OBJECT, n, .shape = (sh), __VA_ARGS__)
#define R_LIST(n, sh, ...) R_(FIELD_T_LIST, n, .shape = (sh), __VA_ARGS__)
#define R_ANY(n, ...) R_(FIELD_T_ANY, n, __VA_ARGS__)
#define REPLY_SHAPE(nm, f) { .name = (nm), .fields = (f) }
/* clang-format on */

/*
 * As a route's query: any parameters, for the handler to read from
 * rq->query_pairs and rq->raw_query. As its body: any bytes of any type, for
 * the handler to read from rq->raw_body. rq->query or rq->body is NULL then.
 */
extern const struct shape any_query, any_body;

/*
 * A JSON object against the shape: unknown members, wrong types, ranges, a
 * missing member: RC_INPUT, with the field's path, its rule and what was got.
 * *out is a new struct in the arena, fallbacks filled in.
 */
enum rc shape_read(struct cx *cx, const struct shape *shape, struct json in,
    const void **out) MUST_USE;

/* The same for a query string's pairs. */
enum rc shape_read_pairs(struct cx *cx, const struct shape *shape,
    const struct pairs *in, const void **out) MUST_USE;

/* The shape as JSON Schema (2020-12), under `name` in the writer. */
void shape_schema(struct jw *w, const char *name, const struct shape *shape);

#endif
