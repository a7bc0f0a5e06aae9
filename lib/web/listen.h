/* Connections as they come, the silent ones set aside (REL-14). */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/cx.h"

enum { LISTEN_SILENT = 16, LISTEN_SILENT_MS = 2000 };

struct listener {
	int fd; /* the listening socket, made non-blocking */
	int silent[LISTEN_SILENT]; /* accepted, nothing said yet; oldest first */
	int64_t since_ms[LISTEN_SILENT];
	size_t n_silent;
};

/* Whether `fd` is a listening socket. */
bool listen_is(int fd);

void listen_open(struct listener *l, int fd);

/* The next connection with something to read; -1 when a stop was asked or the
 * socket is gone. The caller closes it. */
int listen_next(struct cx *cx, struct listener *l);

void listen_close(struct listener *l);

#endif
