/* What can be read of an object that is too large for a tree. */
#include "base/json.h"

/* Behind the text that begins at `p`. Past the gate, so it does end. */
static const char *
behind_text(const char *p)
{
	for (p++; *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p + 1;
}

/* Where the member that begins at `p` ends: its comma, or the object's brace.
 */
static const char *
member_end(const char *p)
{
	int depth = 0;

	while (depth > 0 || (*p != ',' && *p != '}')) {
		if (*p == '"') {
			p = behind_text(p);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	}
	return p;
}

struct slice
json_outline(struct arena *mem, struct slice text, size_t most)
{
	struct buf out = buf_new(mem, text.n + 2);
	const char *p = text.p, *end;

	buf_addc(&out, '{');
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	for (; *p == '{' || *p == ','; p = end) {
		end = member_end(++p);
		if ((size_t)(end - p) > most)
			continue;
		if (out.n > 1)
			buf_addc(&out, ',');
		buf_addn(&out, p, (size_t)(end - p));
	}
	buf_addc(&out, '}');
	return buf_slice(&out);
}
