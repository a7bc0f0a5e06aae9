/* The other end of a FastCGI connection, byte by byte. */
#ifndef TEST_FCGI_H
#define TEST_FCGI_H

#include "base/buf.h"

enum {
	FCGI_BEGIN = 1,
	FCGI_ABORT = 2,
	FCGI_END = 3,
	FCGI_PARAMS = 4,
	FCGI_IN = 5,
	FCGI_OUT = 6,
	FCGI_VALUES = 9,
	FCGI_VALUES_RESULT = 10,
	FCGI_UNKNOWN = 11
};

/* A record of request 1; content of at most 65535 bytes. */
void fcgi_record(struct buf *b, int type, struct slice content);
/* Of another request (0: of the connection), with padding. */
void fcgi_record_of(
    struct buf *b, int type, int id, struct slice content, int padding);
/* The record that begins a responder's request. */
void fcgi_begin_record(struct buf *b);
/* A name-value pair of PARAMS. */
void fcgi_pair(struct buf *b, const char *name, const char *value);

/* A whole request, with CONTENT_LENGTH when there is a body and `extra` does
 * not say it; `extra` is NAME, VALUE, ... NULL, or NULL. What has NULL for its
 * value is left out. In the test's arena. */
struct slice fcgi_request(const char *method, const char *uri, const char *body,
    const char *const *extra);

/* What a stream of records says on FCGI_OUT; NULL without an end record. */
const char *fcgi_said(struct slice records);

#endif
