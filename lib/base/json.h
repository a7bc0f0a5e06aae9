/* JSON: the gate (security.md D13), reading by path, writing. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cx.h"
#include "base/text.h"

/*
 * The gate: RFC 8259 grammar, valid UTF-8, depth <= JSON_DEPTH, no name twice
 * in an object, integers within int64 (or a fraction/exponent), no lone
 * surrogate escape. NULL when `text` passes, else what is wrong in words;
 * *at is the byte where.
 */
enum { JSON_DEPTH = 32 };
const char *json_gate(struct slice text, size_t *at);

/*
 * A value inside a parsed text. Copied freely; lives as long as the arena it
 * was read into. `blame` is the code for everything that is missing or wrong in
 * it: RC_INPUT for what a sender gave, RC_REMOTE for another system's answer.
 */
struct json {
	void *node; /* NULL is JSON's null, or nothing */
	enum rc blame;
};

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_REAL,
	JSON_TEXT,
	JSON_LIST,
	JSON_OBJECT
};

/*
 * Gate and parse. RC_TOO_BIG past `max` bytes, `blame` when the gate refuses.
 */
enum rc json_read(struct cx *cx, struct slice text, size_t max, enum rc blame,
    struct json *out) MUST_USE;

/*
 * The text of an object with those of its members alone that have at most
 * `most` bytes, for one that is too large to be read; "{}" of what is no
 * object. `text` has passed the gate, else it may not be asked.
 */
struct slice json_outline(struct arena *mem, struct slice text, size_t most);

/* Whether a string in `text` holds an escaped U+0000: 400 in our own API. */
bool json_nul(struct slice text);

enum json_kind json_kind(struct json j);

/*
 * By path ("data.shop.name"; "" is j itself). Absent, null or of another type:
 * blame, and the fault names the path. Text lives as long as j; a text that
 * holds U+0000 comes back with U+FFFD in its place (Postgres refuses NUL).
 */
enum rc jget(struct cx *cx, struct json j, const char *path,
    struct json *out) MUST_USE; /* anything but absent */
enum rc jget_object(
    struct cx *cx, struct json j, const char *path, struct json *out) MUST_USE;
enum rc jget_list(
    struct cx *cx, struct json j, const char *path, struct json *out) MUST_USE;
enum rc jget_text(
    struct cx *cx, struct json j, const char *path, const char **out) MUST_USE;
enum rc jget_int(
    struct cx *cx, struct json j, const char *path, int64_t *out) MUST_USE;
enum rc jget_real(struct cx *cx, struct json j, const char *path,
    double *out) MUST_USE; /* an integer will do */
enum rc jget_bool(
    struct cx *cx, struct json j, const char *path, bool *out) MUST_USE;

/* Whether anything is said of it: there, be it null, or in a null on its way.
 */
bool jhas(struct json j, const char *path);

/* Absent, null or of another type: the fallback (or a value of kind NULL). */
struct json jat(struct json j, const char *path);
const char *jtext_or(struct json j, const char *path, const char *fallback);
int64_t jint_or(struct json j, const char *path, int64_t fallback);
bool jbool_or(struct json j, const char *path, bool fallback);

size_t jlen(struct json list); /* 0 for anything else */
struct json jitem(struct json list, size_t i);

/* Members of an object, in the order of the text. */
struct jmember {
	const char *name;
	struct json value;
};
size_t jmembers(struct arena *mem, struct json object, struct jmember **out);

/* The value as compact JSON text again, in the arena; slashes unescaped. */
const char *jtext(struct arena *mem, struct json j);

/*
 * The writer. It writes into a buf; names are NULL inside lists. jw_end says
 * RC_TOO_BIG when the buffer was full, RC_BUG when something is left open.
 */
struct jw {
	struct buf *out;
	uint64_t seen; /* a bit a level: has it a member already */
	uint64_t lists; /* a bit a level: is it a list */
	int depth;
	bool wrong; /* a name where none may be, a close too many, ... */
};

struct jw jw_new(struct buf *out);
void jw_object(struct jw *w, const char *name);
void jw_list(struct jw *w, const char *name);
void jw_close(struct jw *w); /* the innermost object or list */
void jw_text(struct jw *w, const char *name, const char *text); /* or null */
void jw_textn(struct jw *w, const char *name, struct slice text);
void jw_int(struct jw *w, const char *name, int64_t value);
/* As text: ids pass 2^53, which is where JavaScript's numbers end. */
void jw_id(struct jw *w, const char *name, int64_t id);
void jw_real(struct jw *w, const char *name, double value);
/* Epoch seconds as RFC 3339; 0 is null. */
void jw_time(struct jw *w, const char *name, int64_t epoch_s);
void jw_bool(struct jw *w, const char *name, bool value);
void jw_null(struct jw *w, const char *name);
void jw_json(struct jw *w, const char *name, struct json value);
void jw_raw(struct jw *w, const char *name, struct slice json); /* as it is */
enum rc jw_end(struct jw *w) MUST_USE;

#endif
