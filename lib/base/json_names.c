/*
 * Names of open JSON objects. They are sorted when their object closes: n log n
 * whatever hashes a sender makes collide.
 */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/json_names.h"
#include "base/mem.h"
#include "base/utf8.h"

struct names
names_new(struct slice text)
{
	return (struct names){ .text = text };
}

void
names_free(struct names *ns)
{
	free(ns->list);
	*ns = (struct names){ .n = 0 };
}

void
names_add(struct names *ns, const char *at)
{
	if (ns->n == ns->cap) {
		ns->cap = ns->cap ? ns->cap * 2 : 32;
		ns->list = mem_grow(ns->list, ns->cap * sizeof(*ns->list));
	}
	ns->list[ns->n++] = (struct name){ .at = (uint32_t)(at - ns->text.p) };
}

static bool
hex4(struct slice text, uint32_t *code)
{
	unsigned char b[2];

	if (text.n < 6 || text.p[0] != '\\' || text.p[1] != 'u' ||
	    !hex_to((struct slice){ text.p + 2, 4 }, b, 2))
		return false;
	*code = (uint32_t)(b[0] << 8 | b[1]);
	return true;
}

size_t
json_escape(struct slice text, uint32_t *code)
{
	uint32_t low;

	if (!hex4(text, code) || (*code >= 0xdc00 && *code <= 0xdfff))
		return 0;
	if (*code < 0xd800 || *code > 0xdbff)
		return 6;
	text.p += 6;
	text.n -= 6;
	if (!hex4(text, &low) || low < 0xdc00 || low > 0xdfff)
		return 0;
	*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	return 12;
}

static uint32_t
short_escape(char c)
{
	static const char from[] = "bfnrt";
	static const char to[] = "\b\f\n\r\t";
	const char *hit = strchr(from, c);

	return (uint32_t)(hit ? to[hit - from] : c);
}

/* The next character of a checked name, moved past; -1 at its end. */
static int64_t
name_next(struct slice *rest)
{
	uint32_t code;
	size_t n;

	if (*rest->p == '"')
		return -1;
	if (*rest->p != '\\')
		n = utf8_next(rest->p, rest->n, &code);
	else if (rest->p[1] == 'u')
		n = json_escape(*rest, &code);
	else {
		code = short_escape(rest->p[1]);
		n = 2;
	}
	rest->p += n;
	rest->n -= n;
	return code;
}

static struct slice
name_text(const struct names *ns, const struct name *name)
{
	return (struct slice){ ns->text.p + name->at, ns->text.n - name->at };
}

/* FNV-1a. */
static void
take_hash(const struct names *ns, struct name *name)
{
	struct slice rest = name_text(ns, name);
	int64_t c;

	name->hash = 2166136261;
	while ((c = name_next(&rest)) >= 0)
		name->hash = (name->hash ^ (uint32_t)c) * 16777619;
}

/* By hash, then by what they say. */
static int
compare(const void *left, const void *right, void *names)
{
	const struct name *l = left, *r = right;
	struct slice a = name_text(names, l), b = name_text(names, r);
	int64_t c, d;

	if (l->hash != r->hash)
		return l->hash < r->hash ? -1 : 1;
	do {
		c = name_next(&a);
		d = name_next(&b);
	} while (c == d && c >= 0);
	return (c > d) - (c < d);
}

/* Where the one of the two begins that stands further back. */
static const char *
later(const struct names *ns, const struct name *a, const struct name *b)
{
	return ns->text.p + (a->at > b->at ? a->at : b->at);
}

const char *
names_twice(struct names *ns, size_t first)
{
	const size_t n = ns->n - first;
	struct name *list;
	size_t i;

	ns->n = first;
	if (n < 2)
		return NULL;
	list = ns->list + first;
	for (i = 0; i < n; i++)
		take_hash(ns, &list[i]);
	qsort_r(list, n, sizeof(*list), compare, ns);
	for (i = 1; i < n; i++)
		if (compare(&list[i - 1], &list[i], ns) == 0)
			return later(ns, &list[i - 1], &list[i]);
	return NULL;
}
