/* GraphQL's words: a text becomes tokens (GraphQL specification, section 2). */
#ifndef SANDBOX_LEX_H
#define SANDBOX_LEX_H

#include "base/cx.h"
#include "base/text.h"

/* Where something stands in a document; both count from 1. */
struct place {
	int line;
	int column;
};

enum word {
	WORD_END,
	WORD_MARK, /* one of ! $ & ( ) : = @ [ ] { | }, see text */
	WORD_DOTS, /* ... */
	WORD_NAME,
	WORD_INT,
	WORD_FLOAT,
	WORD_TEXT /* a string or block string; see value */
};

struct lex {
	struct cx *cx;
	const char *p; /* behind the current token */
	const char *end;
	const char *line_start;
	int line;
	/* the current token */
	enum word word;
	struct slice text; /* as written */
	const char *value; /* of a string, escapes done */
	struct place at;
	const char *problem; /* set once something was wrong */
};

/* Begins at the first token of `text`, which must outlive the tokens. */
enum rc lex_start(struct cx *cx, struct slice text, struct lex *out) MUST_USE;

/* The next token. RC_INPUT, with `problem` set, where there is none. */
enum rc lex_next(struct lex *l) MUST_USE;

/* Whether the current token is the mark `c`. */
bool lex_is(const struct lex *l, char c);

/* RC_INPUT; `problem` says that the current token cannot stand here. */
enum rc lex_unexpected(struct lex *l);

#endif
