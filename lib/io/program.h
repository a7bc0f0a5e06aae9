/* Programs of others, run for us by execd: we may not execve (D16). */
#ifndef IO_PROGRAM_H
#define IO_PROGRAM_H

#include "base/cx.h"
#include "base/text.h"

/* A line or more that it wrote on standard error: text, without a last newline.
 */
typedef void program_words(struct cx *cx, const char *text);

struct program_ask {
	const char *path; /* absolute; its only argument, too */
	const char *const *env; /* all of its NAME=value, ended by NULL */
	struct slice input; /* what it reads on standard input */
	size_t max_bytes; /* of its standard output that are kept */
	int64_t soft_ms; /* SIGTERM then, to its whole process group */
	int64_t hard_ms; /* and SIGKILL, to all that is left of it */
	/* Once we are told to stop: SIGTERM at once, SIGKILL so much later. */
	int64_t (*grace_ms)(void);
	program_words *words;
};

enum program_how {
	PROGRAM_EXITED, /* status: what it exited with */
	PROGRAM_SIGNALLED, /* status: the signal */
	PROGRAM_LATE, /* it met a limit; status: the limit in seconds */
	PROGRAM_UNSTARTED /* status: errno */
};

struct program_end {
	enum program_how how;
	int status;
	bool stopped; /* we were told to stop while it ran */
	struct slice output; /* max_bytes at most; in the arena */
	int64_t output_bytes; /* all it wrote */
};

/*
 * Runs it from beginning to end: nothing of it is left when this returns, nor
 * when we die. RC_BUSY when execd cannot be reached or is lost; not RC_STOPPED:
 * a run that was told to stop has ended some way, too.
 */
enum rc program_run(struct cx *cx, const struct program_ask *p,
    struct program_end *out) MUST_USE;

/* Where execd listens: a path, or "@" and an abstract name; copied. Said before
 * the fork of those who ask it. NULL: there is none. */
void program_door(const char *address);

#endif
