/* Whether a connection holds a whole FastCGI request, without taking it. */
#ifndef WEB_PEEK_H
#define WEB_PEEK_H

#include "base/text.h"

enum peek {
	PEEK_SOME, /* good so far, and not yet all of its head */
	PEEK_HEAD, /* its head is whole, its body is not */
	PEEK_WHOLE, /* all of it, or a head and PEEK_BYTES: read on */
	PEEK_WRONG /* no request of FastCGI 1.0, or a head of PEEK_HEAD_BYTES */
};

enum {
	/* Of a body that is read as it comes. Apache asks poll before it sends
	 * more, and poll says no when a quarter of its buffer is full (unix(7)
	 * sockets: 52 KiB, a third of it the kernel's own): what is not taken
	 * by then stays all there is. */
	PEEK_BYTES = 16 << 10,
	/* A query of 60,000 bytes comes twice, and gets its 414. */
	PEEK_VALUE_BYTES = 64 << 10,
	PEEK_HEAD_BYTES = 144 << 10
};

/* What has come on the connection. */
enum peek peek_at(int fd);

/* The same for bytes at hand; pure, for the fuzzer. */
enum peek peek_bytes(struct slice bytes);

#endif
