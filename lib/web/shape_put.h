/* One value through its field's rules into its struct; shape.c's inside. */
#ifndef WEB_SHAPE_PUT_H
#define WEB_SHAPE_PUT_H

#include "web/shape.h"

enum { PUT_ITEMS_MAX = 100 };

struct put {
	struct cx *cx;
	const struct field *field;
	const char *path; /* "resources[1]", for the sender */
	void *into; /* the struct that is filled */
};

/* Where the field lies in the struct. */
void *put_place(const struct put *p);

/* The field has come; noted where the struct asks. */
void put_given(const struct put *p);

/* Each: RC_INPUT with path, rule and what was got, where the rule is broken. */
enum rc put_int(const struct put *p, int64_t number) MUST_USE;
enum rc put_bool(const struct put *p, bool flag) MUST_USE;
/* Any type but an object, from text: a query's value or a fallback. A list
 * comes with commas. */
enum rc put_text(const struct put *p, const char *text) MUST_USE;
/* list[i] of a list: checked, and a word replaced by the table's own. */
enum rc put_item(const struct put *p, const char **list, size_t i) MUST_USE;
enum rc put_list(
    const struct put *p, const char *const *list, size_t n) MUST_USE;

/* The refusal. `got` NULL: absent. */
enum rc put_refuse(const struct put *p, const char *got);
enum rc put_refuse_item(const struct put *p, const char *got);

/* What was got, in words: a number 7, a text "abc", an object. */
const char *put_got(const struct put *p, struct json in);
const char *put_kind(struct json in);

/* A field's rules as JSON Schema without its description: a parameter's. */
void shape_schema_field(struct jw *w, const char *name, const struct field *f);

#endif
