/*
 * The gate before the JSON parser (security.md D13): json-c alone accepts 16 of
 * the 188 texts that RFC 8259 forbids, and lets a name stand twice.
 */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/json.h"
#include "base/json_names.h"
#include "base/utf8.h"

struct gate {
	const char *at;
	const char *end;
	int depth;
	struct names names;
};

/* All of these give NULL, or what is wrong; then `at` is where. */
static const char *value(struct gate *g);

static int
peek(const struct gate *g)
{
	return g->at < g->end ? (unsigned char)*g->at : -1;
}

static void
blanks(struct gate *g)
{
	while (g->at < g->end && (*g->at == ' ' || *g->at == '\t' ||
				     *g->at == '\n' || *g->at == '\r'))
		g->at++;
}

/* The character after blanks, eaten when it is `c`. */
static bool
next_is(struct gate *g, char c)
{
	blanks(g);
	if (peek(g) != c)
		return false;
	g->at++;
	return true;
}

static const char *
word(struct gate *g, const char *text)
{
	const size_t n = strlen(text);

	if ((size_t)(g->end - g->at) < n || memcmp(g->at, text, n) != 0)
		return "an unknown word";
	g->at += n;
	return NULL;
}

/* At least one digit. */
static const char *
digits(struct gate *g)
{
	const char *start = g->at;

	while (g->at < g->end && *g->at >= '0' && *g->at <= '9')
		g->at++;
	return g->at == start ? "a digit is missing" : NULL;
}

/* Whether the digits, whose sign stands before them, are an int64. */
static bool
fits(const char *p, const char *end, bool minus)
{
	int64_t n = 0;

	for (; p < end; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, *p - '0', &n))
			return false;
	return minus || n != INT64_MIN;
}

static const char *
fraction_and_exponent(struct gate *g)
{
	const char *wrong = NULL;

	if (peek(g) == '.') {
		g->at++;
		wrong = digits(g);
	}
	if (wrong == NULL && (peek(g) == 'e' || peek(g) == 'E')) {
		g->at++;
		if (peek(g) == '+' || peek(g) == '-')
			g->at++;
		wrong = digits(g);
	}
	return wrong;
}

static const char *
number(struct gate *g)
{
	const bool minus = *g->at == '-';
	const char *start = g->at + minus;
	const char *end, *wrong;

	g->at = start;
	wrong = digits(g);
	end = g->at;
	if (wrong == NULL && *start == '0' && end - start > 1)
		wrong = "a number with a zero in front";
	if (wrong == NULL)
		wrong = fraction_and_exponent(g);
	if (wrong == NULL && g->at == end && !fits(start, end, minus))
		wrong = "a whole number beyond 64 bits";
	return wrong;
}

static const char *
unicode_escape(struct gate *g)
{
	const struct slice rest = { g->at, (size_t)(g->end - g->at) };
	uint32_t code;
	size_t n = json_escape(rest, &code);

	if (n == 0)
		return "a \\u escape that is no character";
	g->at += n;
	return NULL;
}

/* `at` is on the backslash. */
static const char *
escape(struct gate *g)
{
	if (g->end - g->at < 2)
		return "a text without its end";
	if (g->at[1] == 'u')
		return unicode_escape(g);
	if (g->at[1] == '\0' || strchr("\"\\/bfnrt", g->at[1]) == NULL)
		return "an unknown escape";
	g->at += 2;
	return NULL;
}

static const char *
character(struct gate *g)
{
	const size_t left = (size_t)(g->end - g->at);
	uint32_t code;
	size_t n;

	if ((unsigned char)*g->at < 0x20)
		return "a raw control character in a text";
	n = utf8_next(g->at, left, &code);
	if (n == 0)
		return "invalid UTF-8";
	g->at += n;
	return NULL;
}

/* Past what is neither escape nor end, nor needs a second look. */
static void
plain_characters(struct gate *g)
{
	while (g->at < g->end && *g->at >= 0x20 && *g->at < 0x7f &&
	       *g->at != '"' && *g->at != '\\')
		g->at++;
}

/* `at` is behind the opening quote, and then behind the closing one. */
static const char *
string(struct gate *g)
{
	const char *wrong = NULL;

	plain_characters(g);
	while (wrong == NULL && g->at < g->end && *g->at != '"') {
		wrong = *g->at == '\\' ? escape(g) : character(g);
		plain_characters(g);
	}
	if (wrong != NULL)
		return wrong;
	if (g->at == g->end)
		return "a text without its end";
	g->at++;
	return NULL;
}

static const char *
member(struct gate *g)
{
	const char *wrong;

	if (!next_is(g, '"'))
		return "a name is missing";
	names_add(&g->names, g->at);
	wrong = string(g);
	if (wrong != NULL)
		return wrong;
	if (!next_is(g, ':'))
		return "a colon is missing";
	return value(g);
}

/* What stands between the brackets, and the closing one. */
static const char *
items(struct gate *g, const char *item(struct gate *), char close)
{
	const char *wrong;

	if (next_is(g, close))
		return NULL;
	do {
		wrong = item(g);
		if (wrong != NULL)
			return wrong;
	} while (next_is(g, ','));
	return next_is(g, close) ? NULL
				 : "a comma or closing bracket is missing";
}

static const char *
object(struct gate *g)
{
	const size_t first = g->names.n;
	const char *wrong = items(g, member, '}');
	const char *twice;

	if (wrong != NULL)
		return wrong;
	twice = names_twice(&g->names, first);
	if (twice == NULL)
		return NULL;
	g->at = twice;
	return "a name stands twice in an object";
}

static const char *
nested(struct gate *g)
{
	const bool list = *g->at++ == '[';
	const char *wrong;

	if (g->depth == JSON_DEPTH) {
		g->at--;
		return "nested too deep";
	}
	g->depth++;
	wrong = list ? items(g, value, ']') : object(g);
	g->depth--;
	return wrong;
}

static const char *
value(struct gate *g)
{
	blanks(g);
	switch (peek(g)) {
	case '{':
	case '[':
		return nested(g);
	case '"':
		g->at++;
		return string(g);
	case 't':
		return word(g, "true");
	case 'f':
		return word(g, "false");
	case 'n':
		return word(g, "null");
	default:
		break;
	}
	if (peek(g) == '-' || (peek(g) >= '0' && peek(g) <= '9'))
		return number(g);
	return "a value is missing";
}

const char *
json_gate(struct slice text, size_t *at)
{
	struct gate g = { .at = text.p, .names = names_new(text) };
	const char *wrong;

	*at = 0;
	if (text.n == 0)
		return "nothing there";
	if (text.n > JSON_NAMES_REACH)
		return "too long";
	g.end = text.p + text.n;
	wrong = value(&g);
	if (wrong == NULL) {
		blanks(&g);
		if (g.at != g.end)
			wrong = "something behind the value";
	}
	names_free(&g.names);
	if (wrong != NULL)
		*at = (size_t)(g.at - text.p);
	return wrong;
}
