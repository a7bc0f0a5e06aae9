/* handlers.conf: which programs and addresses take what happens. */
#ifndef APP_HANDLERS_H
#define APP_HANDLERS_H

#include "base/cx.h"
#include "base/text.h"

enum handler_on { ON_WEBHOOK, ON_PULL, ON_SCHEDULE };
enum handler_does { DOES_EXEC, DOES_FORWARD };

/* A line of it: when, what, within which limits. */
struct handler {
	const char *name; /* a-z 0-9 _ -, its own */
	enum handler_on on;
	/* Topics, or resources ("*": any), or the schedule's spec alone. */
	const char *const *words;
	size_t n;
	const char *tz; /* of a schedule; else NULL */
	enum handler_does does;
	const char *target; /* a program's path, or https:// and so on */
	int soft_s; /* exec only */
	int hard_s;
	int attempts;
	const char *secret_file; /* forward only; NULL: as the settings say */
	int line;
};

struct handlers {
	const struct handler *list;
	size_t n;
};

/* The word in the file: "webhook", "pull", "schedule"; "exec", "forward". */
const char *handler_on_word(enum handler_on on);
const char *handler_does_word(enum handler_does does);

/*
 * Takes a text of handlers.conf apart, into cx->mem. RC_INPUT names the line,
 * what is wrong, the rule, and what was got.
 */
enum rc handlers_parse(
    struct cx *cx, const char *text, struct handlers *out) MUST_USE;

/*
 * Reads HANDLERS_FILE for this process; without a file, unless it is named by a
 * setting, there are none. When it cannot be taken what was read before stays.
 */
enum rc handlers_load(struct cx *cx) MUST_USE;

/* Tells processes forked from us, now or before, to read it again. Called once
 * before the first fork, it is what lets them hear that. */
void handlers_changed(void);

/* As they are in this process: read at first use, and again when told. With a
 * file that cannot be taken, none, or those from before; the log says it. */
const struct handlers *handlers_now(struct cx *cx);
/* RC_ABSENT when there is none of that name any more. */
enum rc handlers_find(
    struct cx *cx, const char *name, const struct handler **out) MUST_USE;

/* Whether it is bound to this topic or resource. */
bool handler_takes(
    const struct handler *h, enum handler_on on, const char *word);

/*
 * Who takes customers' data must hear of their wishes: a program or address
 * bound to a topic of customers/ takes customers/data_request and
 * customers/redact, too. The first that does not, and what it lacks; NULL when
 * all is well.
 */
const struct handler *handlers_deaf(
    const struct handlers *all, const char **lacks);

#endif
