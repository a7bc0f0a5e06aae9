/* What is said between program.c and execd: SOCK_SEQPACKET, a record a word. */
#ifndef IO_PROGRAM_WIRE_H
#define IO_PROGRAM_WIRE_H

#include <stdint.h>
#include <sys/socket.h>

enum {
	WIRE_VERSION = 1,
	WIRE_MAX_BYTES = 64 * 1024,
	WIRE_FDS = 3 /* standard input, output, error */
};

/* First, with the descriptors: behind it lie the path and each NAME=value, with
 * a NUL each. A connection is a run: who closes it ends the run. */
struct wire_ask {
	uint32_t version;
	uint32_t texts; /* how many */
	int64_t soft_ms;
	int64_t hard_ms;
};

/* How descriptors go along. */
struct wire_fds {
	struct cmsghdr head;
	int list[WIRE_FDS];
};

/* Then, when it is to stop: SIGTERM now, SIGKILL so much later. */
struct wire_stop {
	uint32_t version;
	uint32_t pad;
	int64_t grace_ms;
};

/* Back, when nothing of it is left. */
struct wire_end {
	uint32_t version;
	uint32_t how; /* enum program_how */
	int32_t status;
};

#endif
