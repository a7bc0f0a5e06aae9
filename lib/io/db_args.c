/* The values of a query, from C to what Postgres reads. */
#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "io/db_inside.h"

enum { OID_BYTEA = 17 };

struct arg
a_null(void)
{
	return (struct arg){ .kind = ARG_NULL };
}

struct arg
a_text(const char *text)
{
	return (struct arg){ .kind = text ? ARG_TEXT : ARG_NULL, .p = text };
}

struct arg
a_int(int64_t value)
{
	return (struct arg){ .kind = ARG_INT, .i = value };
}

struct arg
a_bool(bool value)
{
	return a_text(value ? "t" : "f");
}

struct arg
a_real(double value)
{
	return (struct arg){ .kind = ARG_REAL, .real = value };
}

struct arg
a_time(int64_t epoch_s)
{
	return (
	    struct arg){ .kind = epoch_s ? ARG_TIME : ARG_NULL, .i = epoch_s };
}

struct arg
a_bytes(struct slice bytes)
{
	return (struct arg){ .kind = bytes.p ? ARG_BYTES : ARG_NULL,
		.p = bytes.p,
		.n = bytes.n };
}

struct arg
a_ints(const int64_t *list, size_t n)
{
	return (struct arg){ .kind = ARG_INTS, .list = list, .n = n };
}

struct arg
a_texts(const char *const *list, size_t n)
{
	return (struct arg){ .kind = ARG_TEXTS, .list = list, .n = n };
}

struct arg
a_byteses(const struct slice *list, size_t n)
{
	return (struct arg){ .kind = ARG_BYTESES, .list = list, .n = n };
}

/* {1,2,3}: as text it goes into an array of any kind of number. */
static const char *
ints_text(struct arena *mem, const int64_t *list, size_t n)
{
	struct buf b = buf_new(mem, 2 + n * 21);

	buf_addc(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%lld", i ? "," : "", (long long)list[i]);
	buf_addc(&b, '}');
	return buf_text(&b);
}

static void
add_quoted(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *text);
	}
	buf_addc(b, '"');
}

static const char *
texts_text(struct arena *mem, const char *const *list, size_t n)
{
	size_t most = 2;
	struct buf b;

	for (size_t i = 0; i < n; i++)
		most += (list[i] ? 2 * strlen(list[i]) : 4) + 3;
	b = buf_new(mem, most);
	buf_addc(&b, '{');
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, i ? "," : "");
		if (list[i] == NULL)
			buf_add(&b, "NULL");
		else
			add_quoted(&b, list[i]);
	}
	buf_addc(&b, '}');
	return buf_text(&b);
}

static void
add_be32(char **to, uint32_t value)
{
	uint32_t be = htobe32(value);

	memcpy(*to, &be, sizeof(be));
	*to += sizeof(be);
}

static size_t
byteses_size(const struct slice *list, size_t n)
{
	size_t size = 5 * 4;

	for (size_t i = 0; i < n; i++)
		size += 4 + list[i].n;
	return size;
}

/*
 * bytea[] as array_recv reads it: dimensions, whether there are NULLs, the
 * element's type, then for the one dimension its length and first index, then
 * each element behind its length. As text each byte would take two or three.
 */
static const char *
byteses_binary(
    struct arena *mem, const struct slice *list, size_t n, size_t size)
{
	char *p = arena_alloc(mem, size);
	char *to = p;

	add_be32(&to, 1);
	add_be32(&to, 1);
	add_be32(&to, OID_BYTEA);
	add_be32(&to, (uint32_t)n);
	add_be32(&to, 1);
	for (size_t i = 0; i < n; i++) {
		if (list[i].p == NULL) {
			add_be32(&to, UINT32_MAX);
			continue;
		}
		add_be32(&to, (uint32_t)list[i].n);
		memcpy(to, list[i].p, list[i].n);
		to += list[i].n;
	}
	return p;
}

static const char *
arg_text(struct arena *mem, const struct arg *a)
{
	switch (a->kind) {
	case ARG_NULL:
		return NULL;
	case ARG_TEXT:
	case ARG_BYTES:
		return a->p;
	case ARG_INT:
		return text_fmt(mem, "%lld", (long long)a->i);
	case ARG_REAL:
		return text_fmt(mem, "%.17g", a->real);
	case ARG_TIME:
		return clock_text(mem, a->i);
	case ARG_INTS:
		return ints_text(mem, a->list, a->n);
	case ARG_TEXTS:
		return texts_text(mem, a->list, a->n);
	case ARG_BYTESES:
		return byteses_binary(
		    mem, a->list, a->n, byteses_size(a->list, a->n));
	}
	return NULL;
}

void
args_pack(struct arena *mem, struct args args, struct packed *out)
{
	out->n = (int)args.n;
	out->values = ARENA_ARRAY(mem, const char *, args.n + 1);
	out->lengths = ARENA_ARRAY(mem, int, args.n + 1);
	out->formats = ARENA_ARRAY(mem, int, args.n + 1);
	for (size_t i = 0; i < args.n; i++) {
		const struct arg *a = &args.list[i];

		out->values[i] = arg_text(mem, a);
		out->formats[i] =
		    a->kind == ARG_BYTES || a->kind == ARG_BYTESES;
		if (a->kind == ARG_BYTES)
			out->lengths[i] = (int)a->n;
		if (a->kind == ARG_BYTESES)
			out->lengths[i] = (int)byteses_size(a->list, a->n);
	}
}
