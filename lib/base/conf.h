/* Settings: base/conf.def has them; a file, over it the environment. */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cx.h"

enum conf_type { CONF_TEXT, CONF_INT, CONF_BOOL, CONF_FILE };

enum conf {
#define CONF(name, type, fallback, sentence) C_##name,
#include "base/conf.def"
#undef CONF
	C_COUNT
};

struct conf_row {
	const char *name;
	enum conf_type type;
	const char *fallback;
	const char *sentence;
};

/* The row of a setting, for the sample file, the manual and `check`. */
const struct conf_row *conf_row(enum conf c);

/*
 * Reads `path` (NULL: $STOCKROOM_CONF, else /etc/stockroom/stockroom.conf; a
 * missing default file is no fault), then the environment. RC_INPUT names the
 * line or setting at fault. Values live as long as the process.
 */
enum rc conf_load(struct cx *cx, const char *path) MUST_USE;

const char *conf_text(enum conf c); /* "" when not set */
int64_t conf_int(enum conf c);
bool conf_bool(enum conf c);

/* For tests: as if it stood in the environment. */
void conf_set(enum conf c, const char *value);

/* Bytes that must not be shown; no log verb takes one. */
struct secret {
	const char *p;
	size_t n;
};

/*
 * What the file named by a CONF_FILE setting holds, without a last newline;
 * wiped with the arena (SEC-36). RC_ABSENT when the setting is empty;
 * RC_INPUT when the file cannot be read, is empty, or others may read it.
 */
enum rc conf_secret(struct cx *cx, enum conf c, struct secret *out) MUST_USE;
/* The same for any path. */
enum rc secret_read(
    struct cx *cx, const char *path, struct secret *out) MUST_USE;

#endif
