/* Words of a GraphQL document. */
#include <string.h>

#include "base/buf.h"
#include "lex.h"
#include "text_block.h"

static bool
name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
look(const struct lex *l, size_t ahead)
{
	return (size_t)(l->end - l->p) > ahead ? l->p[ahead] : '\0';
}

enum rc
lex_unexpected(struct lex *l)
{
	if (l->problem != NULL)
		return RC_INPUT;
	if (l->word == WORD_END)
		l->problem = text_fmt(l->cx->mem,
		    "syntax error, unexpected end of file at [%d, %d]",
		    l->at.line, l->at.column);
	else
		l->problem = text_fmt(l->cx->mem,
		    "syntax error, unexpected \"%.*s\" at [%d, %d]",
		    (int)(l->text.n > 40 ? 40 : l->text.n), l->text.p,
		    l->at.line, l->at.column);
	return RC_INPUT;
}

static void
skip_blanks(struct lex *l)
{
	for (; l->p < l->end; l->p++) {
		if (*l->p == '#') {
			while (l->p < l->end && *l->p != '\n')
				l->p++;
			if (l->p == l->end)
				return;
		}
		if (*l->p == '\n') {
			l->line++;
			l->line_start = l->p + 1;
		} else if (*l->p != ' ' && *l->p != '\t' && *l->p != '\r' &&
			   *l->p != ',')
			return;
	}
}

static void
take(struct lex *l, enum word word, size_t n)
{
	l->word = word;
	l->text = (struct slice){ l->p, n };
	l->p += n;
}

static enum rc
take_bad(struct lex *l, size_t n)
{
	take(l, WORD_MARK, n);
	return lex_unexpected(l);
}

static enum rc
take_number(struct lex *l)
{
	enum word word = WORD_INT;
	size_t n = *l->p == '-';

	if (!digit(look(l, n)) || (look(l, n) == '0' && digit(look(l, n + 1))))
		return take_bad(l, n + 1);
	while (digit(look(l, n)))
		n++;
	if (look(l, n) == '.' && digit(look(l, n + 1))) {
		word = WORD_FLOAT;
		for (n++; digit(look(l, n)); n++)
			continue;
	}
	if (look(l, n) == 'e' || look(l, n) == 'E') {
		word = WORD_FLOAT;
		n += look(l, n + 1) == '+' || look(l, n + 1) == '-' ? 2 : 1;
		if (!digit(look(l, n)))
			return take_bad(l, n);
		while (digit(look(l, n)))
			n++;
	}
	if (name_start(look(l, n)) || look(l, n) == '.')
		return take_bad(l, n + 1);
	take(l, word, n);
	return RC_OK;
}

/* Bytes up to and with the closing quotes; 0 when they never come. */
static size_t
string_bytes(const struct lex *l, bool block)
{
	const size_t left = (size_t)(l->end - l->p);
	size_t n = block ? 3 : 1;

	for (; n < left; n++) {
		if (block && left - n >= 3 &&
		    memcmp(l->p + n, "\"\"\"", 3) == 0)
			return n + 3;
		if (l->p[n] == '\\')
			n += block && left - n >= 4 &&
				     memcmp(l->p + n, "\\\"\"\"", 4) == 0
				 ? 3
				 : !block;
		else if (!block && l->p[n] == '"')
			return n + 1;
		else if (!block && l->p[n] == '\n')
			return 0;
	}
	return 0;
}

static enum rc
take_string(struct lex *l)
{
	const bool block = l->end - l->p >= 3 && memcmp(l->p, "\"\"\"", 3) == 0;
	const size_t n = string_bytes(l, block);
	const size_t quotes = block ? 3 : 1;
	struct slice inside;
	size_t i;

	if (n == 0)
		return take_bad(l, 1);
	inside = (struct slice){ l->p + quotes, n - 2 * quotes };
	l->value = block ? block_text(l->cx->mem, inside)
			 : string_text(l->cx->mem, inside);
	take(l, WORD_TEXT, n);
	for (i = 0; i < n; i++)
		if (l->text.p[i] == '\n') {
			l->line++;
			l->line_start = l->text.p + i + 1;
		}
	return l->value == NULL ? lex_unexpected(l) : RC_OK;
}

static enum rc
take_name(struct lex *l)
{
	size_t n = 1;

	while (name_start(look(l, n)) || digit(look(l, n)))
		n++;
	take(l, WORD_NAME, n);
	return RC_OK;
}

enum rc
lex_next(struct lex *l)
{
	skip_blanks(l);
	l->at = (struct place){ l->line, (int)(l->p - l->line_start) + 1 };
	l->value = NULL;
	if (l->p == l->end) {
		take(l, WORD_END, 0);
		return RC_OK;
	}
	if (name_start(*l->p))
		return take_name(l);
	if (digit(*l->p) || *l->p == '-')
		return take_number(l);
	if (*l->p == '"')
		return take_string(l);
	if (*l->p == '.' && look(l, 1) == '.' && look(l, 2) == '.') {
		take(l, WORD_DOTS, 3);
		return RC_OK;
	}
	if (*l->p == '\0' || strchr("!$&():=@[]{|}", *l->p) == NULL)
		return take_bad(l, 1);
	take(l, WORD_MARK, 1);
	return RC_OK;
}

bool
lex_is(const struct lex *l, char c)
{
	return l->word == WORD_MARK && l->text.p[0] == c;
}

enum rc
lex_start(struct cx *cx, struct slice text, struct lex *out)
{
	const bool bom = text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0;

	*out = (struct lex){
		.cx = cx,
		.p = text.p + (bom ? 3 : 0),
		.end = text.p + text.n,
		.line = 1,
	};
	out->line_start = out->p;
	if (text.n == 0)
		out->p = out->end = out->line_start = "";
	return lex_next(out);
}
