/*
 * FastCGI 1.0 as a responder reads and writes it: bytes in, a request within
 * bounds out. It has no socket; web/ingest has them.
 */
#ifndef WEB_RECORD_H
#define WEB_RECORD_H

#include "base/buf.h"

/* Sections of the specification in brackets. */
enum record_type {
	RECORD_BEGIN_REQUEST = 1,
	RECORD_ABORT_REQUEST = 2,
	RECORD_END_REQUEST = 3,
	RECORD_PARAMS = 4,
	RECORD_STDIN = 5,
	RECORD_STDOUT = 6,
	RECORD_GET_VALUES = 9,
	RECORD_GET_VALUES_RESULT = 10,
	RECORD_UNKNOWN_TYPE = 11
};

/* Of an END_REQUEST [5.5]. */
enum record_end { RECORD_COMPLETE = 0, RECORD_CANT_MPX = 1, RECORD_ROLE = 3 };

enum {
	RECORD_HEADER_BYTES = 8,
	RECORD_END_BYTES = 16, /* a whole END_REQUEST */
	RECORD_OUT_BYTES = 256, /* what a reader may have to say at once */
	RECORD_CONNS = 1000 /* what GET_VALUES is told */
};

struct record_limits {
	size_t max_body;
	size_t before, after; /* room to leave around a body */
};

/* What has come of a request. Its memory is the reader's. */
struct record_request {
	/* "NAME=value", each with its NUL, of the variables that we use: what
	 * is too long stands there cut, and is still too long. */
	char *vars;
	size_t n_vars, room_vars, count;
	char *body; /* NULL when nothing came */
	size_t n_body, room_body;
	int64_t said; /* CONTENT_LENGTH; -1 when it is none */
	/* The status that it will get for its size (413, 414, 431), else 0.
	 * Then the rest is not kept, and may not have come. */
	int over;
	int id;
	bool keep; /* the connection, for another one */
};

enum record_stage {
	RECORD_IDLE, /* no request has begun */
	RECORD_HEAD,
	RECORD_BODY,
	RECORD_DONE
};

/* What a variable is to us. */
enum record_kind {
	RECORD_UNUSED,
	RECORD_HEADER,
	RECORD_LENGTH, /* the header CONTENT_LENGTH */
	RECORD_URI,
	RECORD_SMALL
};

/* A name-value pair, which records may cut anywhere [3.4]. */
struct record_pair {
	uint32_t length[2]; /* of the name, of the value */
	int part; /* 0, 1: their lengths; 2: the name; 3: the value */
	int more; /* bytes of a length still to come */
};

/* The reader of one connection; begins zeroed but for its limits. */
struct record_reader {
	const struct record_limits *limits;
	struct record_request rq;
	enum record_stage stage;
	bool begun; /* some request has */

	unsigned char head[RECORD_HEADER_BYTES]; /* of the record under way */
	size_t n_head;
	size_t content, padding; /* still to come of it */
	unsigned char begin[8]; /* a BEGIN_REQUEST's content */

	struct record_pair pair; /* of PARAMS */
	size_t n_params; /* bytes of PARAMS, and pairs, used or not */
	size_t n_pairs;
	size_t n_headers, header_bytes;
	size_t at; /* where in vars the variable under way begins */
	size_t most; /* how far it may go */
	enum record_kind kind; /* of it */
	bool skip; /* it is none of ours, or there were too many */
	size_t length_at; /* where the first CONTENT_LENGTH's value is, or 0 */

	struct record_pair asked; /* of GET_VALUES */
	unsigned char name[16];
	size_t n_name;
	unsigned int values; /* those asked for, by bit */

	unsigned char out[RECORD_OUT_BYTES]; /* to be sent, then n_out = 0 */
	size_t n_out;
};

enum record_said {
	RECORD_MORE, /* good so far: all bytes were taken */
	RECORD_WHOLE, /* a request stands in rq; bytes may be left */
	RECORD_ABORTED, /* the server gave it up; bytes may be left */
	RECORD_WRONG /* no FastCGI, or past all bounds: close */
};

/* Takes bytes off the front of *bytes. Not to be called after RECORD_WHOLE or
 * RECORD_ABORTED before record_next. */
enum record_said record_take(struct record_reader *r, struct slice *bytes);

/* Forgets the request and its memory: another may begin. */
void record_next(struct record_reader *r);

/* Bytes of memory that the request holds. */
size_t record_held(const struct record_reader *r);

/* ---- record_say.c: records of ours */

void record_header(unsigned char out[RECORD_HEADER_BYTES], int type, int id,
    size_t content, size_t padding);
void record_end(
    unsigned char out[RECORD_END_BYTES], int id, enum record_end how);
/* All of an answer on STDOUT, and its end; in as many records as it needs. */
void record_answer(struct buf *b, int id, struct slice text);
/* What GET_VALUES gets, for the bits of record_value; gives its bytes. */
size_t record_values(unsigned char out[RECORD_OUT_BYTES], unsigned int values);
/* The bit of a value that can be asked for, 0 for none. */
unsigned int record_value(struct slice name);

#endif
