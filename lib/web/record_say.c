/* Records of ours: answers, their ends, and what management asks. */
#include "web/record.h"

#include <string.h>

/* The most a record of ours holds: a multiple of 8, as the specification
 * would have it [3.3]. */
enum { CONTENT_MAX = 65528 };

static const struct {
	const char *name, *value;
} values_known[] = {
	{ "FCGI_MAX_CONNS", "1000" }, { "FCGI_MAX_REQS", "1000" },
	{ "FCGI_MPXS_CONNS", "0" }, /* one request at a time a connection */
};
enum { VALUES = sizeof(values_known) / sizeof(values_known[0]) };

void
record_header(unsigned char out[RECORD_HEADER_BYTES], int type, int id,
    size_t content, size_t padding)
{
	out[0] = 1;
	out[1] = (unsigned char)type;
	out[2] = (unsigned char)(id >> 8);
	out[3] = (unsigned char)id;
	out[4] = (unsigned char)(content >> 8);
	out[5] = (unsigned char)content;
	out[6] = (unsigned char)padding;
	out[7] = 0;
}

void
record_end(unsigned char out[RECORD_END_BYTES], int id, enum record_end how)
{
	memset(out, 0, RECORD_END_BYTES);
	record_header(out, RECORD_END_REQUEST, id, 8, 0);
	out[12] = (unsigned char)how;
}

void
record_answer(struct buf *b, int id, struct slice text)
{
	static const unsigned char nothing[8];
	unsigned char end[RECORD_END_BYTES];

	while (text.n > 0) {
		const size_t n = text.n < CONTENT_MAX ? text.n : CONTENT_MAX;
		const size_t padding = (8 - n % 8) % 8;
		unsigned char head[RECORD_HEADER_BYTES];

		record_header(head, RECORD_STDOUT, id, n, padding);
		buf_addn(b, head, sizeof(head));
		buf_addn(b, text.p, n);
		buf_addn(b, nothing, padding);
		text = (struct slice){ text.p + n, text.n - n };
	}
	record_header(end, RECORD_STDOUT, id, 0, 0);
	buf_addn(b, end, RECORD_HEADER_BYTES);
	record_end(end, id, RECORD_COMPLETE);
	buf_addn(b, end, sizeof(end));
}

unsigned int
record_value(struct slice name)
{
	for (size_t i = 0; i < VALUES; i++)
		if (slice_same(name, slice_of(values_known[i].name)))
			return 1u << i;
	return 0;
}

static size_t
add(unsigned char *out, const char *text)
{
	const size_t n = strlen(text);

	memcpy(out, text, n);
	return n;
}

size_t
record_values(unsigned char out[RECORD_OUT_BYTES], unsigned int values)
{
	size_t n = RECORD_HEADER_BYTES;

	for (size_t i = 0; i < VALUES; i++) {
		if ((values & 1u << i) == 0)
			continue;
		out[n++] = (unsigned char)strlen(values_known[i].name);
		out[n++] = (unsigned char)strlen(values_known[i].value);
		n += add(out + n, values_known[i].name);
		n += add(out + n, values_known[i].value);
	}
	record_header(
	    out, RECORD_GET_VALUES_RESULT, 0, n - RECORD_HEADER_BYTES, 0);
	return n;
}
