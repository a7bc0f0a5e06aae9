/*
 * The asking side of execd. Input goes as a sealed file in memory, so nobody
 * ever waits to write it; output and words come by pipes, which are read until
 * their end, even past what is kept, so that the program never waits either.
 */
#include "io/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/program_wire.h"
#include "io/wait.h"

enum {
	READ_BYTES = 16 * 1024,
	WORDS_BYTES = 2000,
	WORDS_MOST_BYTES = 64 * 1024,
	ENV_MAX = 64
};

static struct sockaddr_un door;
static socklen_t door_bytes; /* 0: there is none */

void
program_door(const char *address)
{
	const size_t n = address ? strlen(address) : 0;

	door_bytes = 0;
	if (n == 0 || n >= sizeof(door.sun_path))
		return;
	door = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(door.sun_path, address, n);
	if (address[0] == '@')
		door.sun_path[0] = '\0';
	door_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n +
				 (address[0] != '@'));
}

/* ---- a run, with all that is open for it */

enum { IN, OUT, ERR, CONN, ENDS };

struct run {
	struct cx *cx;
	const struct program_ask *p;
	int fds[ENDS]; /* IN: the file; OUT, ERR: where we read; -1: closed */
	int theirs[WIRE_FDS]; /* OUT, ERR: where it writes */
	struct buf output;
	int64_t output_bytes;
	char *words; /* WORDS_BYTES at most */
	size_t words_n;
	size_t words_bytes; /* passed on so far */
	char *some; /* READ_BYTES, just read */
	bool stopped;
};

static void
shut(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
run_end(void *thing)
{
	struct run *r = thing;

	for (int i = 0; i < ENDS; i++)
		shut(&r->fds[i]);
	for (int i = OUT; i < WIRE_FDS; i++)
		shut(&r->theirs[i]);
}

static enum rc
broke(struct run *r, const char *what)
{
	return rc_fail(r->cx, RC_BUSY, "%s: %s", what, strerror(errno));
}

static bool
write_all(int fd, struct slice s)
{
	while (s.n > 0) {
		const ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s.p += n;
		s.n -= (size_t)n;
	}
	return true;
}

/* It holds what may be personal: in no file of any folder. */
static enum rc
open_input(struct run *r)
{
	const int seals =
	    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

	r->fds[IN] = memfd_create("stockroom", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (r->fds[IN] < 0 || !write_all(r->fds[IN], r->p->input) ||
	    lseek(r->fds[IN], 0, SEEK_SET) < 0 ||
	    fcntl(r->fds[IN], F_ADD_SEALS, seals) < 0)
		return broke(r, "a program's input");
	r->theirs[IN] = r->fds[IN];
	return RC_OK;
}

/* Readable by us without a wait. It runs as somebody else, whose /dev/stderr
 * is a name to be opened: so its end is anybody's who can name it. */
static enum rc
open_pipe(struct run *r, int which)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return broke(r, "a program's output");
	r->fds[which] = ends[0];
	r->theirs[which] = ends[1];
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fchmod(ends[1], 0666) < 0)
		return broke(r, "a program's output");
	return RC_OK;
}

/* ---- asking */

static enum rc
open_door(struct run *r)
{
	if (door_bytes == 0)
		return rc_fail(r->cx, RC_BUSY,
		    "no execd is there to run programs, see jobd's log");
	r->fds[CONN] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (r->fds[CONN] < 0 ||
	    connect(r->fds[CONN], (struct sockaddr *)&door, door_bytes) < 0)
		return broke(r, "execd cannot be reached");
	return RC_OK;
}

static struct slice
ask_bytes(struct run *r)
{
	struct wire_ask ask = {
		.version = WIRE_VERSION,
		.texts = 1,
		.soft_ms = r->p->soft_ms,
		.hard_ms = r->p->hard_ms,
	};
	struct buf b = buf_new(r->cx->mem, WIRE_MAX_BYTES);

	while (ask.texts < ENV_MAX && r->p->env[ask.texts - 1])
		ask.texts++;
	buf_addn(&b, &ask, sizeof(ask));
	buf_addn(&b, r->p->path, strlen(r->p->path) + 1);
	for (uint32_t i = 0; i + 1 < ask.texts; i++)
		buf_addn(&b, r->p->env[i], strlen(r->p->env[i]) + 1);
	return buf_full(&b) ? (struct slice){ NULL, 0 } : buf_slice(&b);
}

static bool
send_with(int fd, struct slice bytes, const int *fds)
{
	struct wire_fds control = { .head = {
					.cmsg_level = SOL_SOCKET,
					.cmsg_type = SCM_RIGHTS,
					.cmsg_len =
					    CMSG_LEN(sizeof(control.list)),
				    } };
	struct iovec iov = { (void *)(uintptr_t)bytes.p, bytes.n };
	const struct msghdr m = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	memcpy(control.list, fds, sizeof(control.list));
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)bytes.n;
}

static enum rc
ask(struct run *r)
{
	const struct slice bytes = ask_bytes(r);

	if (bytes.n == 0)
		return rc_fail(r->cx, RC_BUG,
		    "a program's environment is longer than 64 KB");
	if (!send_with(r->fds[CONN], bytes, r->theirs))
		return broke(r, "execd takes no word");
	/* Its ends are its own now: else ours would never see theirs. */
	shut(&r->fds[IN]);
	shut(&r->theirs[OUT]);
	shut(&r->theirs[ERR]);
	return RC_OK;
}

/* ---- what it says */

static void
take_output(struct run *r, const char *p, size_t n)
{
	const size_t room = r->p->max_bytes - r->output.n;

	buf_addn(&r->output, p, n < room ? n : room);
	r->output_bytes += (int64_t)n;
}

/* Postgres and people want text: what is none becomes a question mark. */
static char *
clean(char *text)
{
	const size_t n = strlen(text);

	if (!text_utf8((struct slice){ text, n }))
		for (size_t i = 0; i < n; i++)
			if (text[i] & 0x80)
				text[i] = '?';
	return text;
}

/* Past the most nobody hears it: the program may go on talking. */
static void
drop_words(struct run *r, size_t n)
{
	r->words_n -= n;
	memmove(r->words, r->words + n, r->words_n);
}

static void
pass_words(struct run *r, size_t n)
{
	char *text;

	if (n == 0 || r->words_bytes > WORDS_MOST_BYTES || !r->p->words) {
		drop_words(r, n);
		return;
	}
	text = arena_copy(r->cx->mem, r->words, n);
	drop_words(r, n);
	r->words_bytes += n;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = '?';
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	if (n > 0)
		r->p->words(r->cx, clean(text));
}

/* Whole lines, as far as there are any in what is held. */
static size_t
lines_in(const struct run *r)
{
	const char *last = memrchr(r->words, '\n', r->words_n);

	if (last)
		return (size_t)(last - r->words) + 1;
	return r->words_n == WORDS_BYTES ? WORDS_BYTES : 0;
}

static void
take_words(struct run *r, const char *p, size_t n)
{
	while (n > 0) {
		const size_t room = WORDS_BYTES - r->words_n;
		const size_t some = n < room ? n : room;

		memcpy(r->words + r->words_n, p, some);
		r->words_n += some;
		p += some;
		n -= some;
		if (lines_in(r) > 0)
			pass_words(r, lines_in(r));
	}
}

/* What has come; the end closes ours. */
static void
read_pipe(struct run *r, int which)
{
	const ssize_t n = read(r->fds[which], r->some, READ_BYTES);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		shut(&r->fds[which]);
	else if (which == OUT)
		take_output(r, r->some, (size_t)n);
	else
		take_words(r, r->some, (size_t)n);
}

/* ---- until its end */

static enum rc
stop(struct run *r)
{
	const struct wire_stop word = {
		.version = WIRE_VERSION,
		.grace_ms = r->p->grace_ms ? r->p->grace_ms() : 0,
	};

	r->stopped = true;
	if (send(r->fds[CONN], &word, sizeof(word), MSG_NOSIGNAL) < 0)
		return broke(r, "execd takes no word");
	return RC_OK;
}

static enum rc
read_end(struct run *r, struct program_end *out)
{
	struct wire_end end;
	const ssize_t n = recv(r->fds[CONN], &end, sizeof(end), 0);

	if (n != sizeof(end) || end.version != WIRE_VERSION ||
	    end.how > PROGRAM_UNSTARTED)
		return rc_fail(
		    r->cx, RC_BUSY, "execd was lost while the program ran");
	out->how = (enum program_how)end.how;
	out->status = end.status;
	shut(&r->fds[CONN]);
	return RC_OK;
}

/* Something is there to read, or we were told to stop: then that is passed on,
 * and from then on only the end counts. */
static enum rc
turn(struct run *r, struct program_end *out)
{
	struct wait_fd fds[WIRE_FDS];
	int which[WIRE_FDS];
	size_t n = 0;
	enum rc rc;

	for (int i = OUT; i < ENDS; i++)
		if (r->fds[i] >= 0) {
			which[n] = i;
			fds[n++] = (struct wait_fd){ r->fds[i], WAIT_READ, 0 };
		}
	rc = wait_any(r->stopped ? NULL : r->cx, fds, n, -1);
	if (rc == RC_STOPPED)
		return stop(r);
	TRY(rc);
	for (size_t i = 0; i < n; i++) {
		if (fds[i].got == 0)
			continue;
		if (which[i] == CONN)
			TRY(read_end(r, out));
		else
			read_pipe(r, which[i]);
	}
	return RC_OK;
}

static bool
is_over(const struct run *r)
{
	return r->fds[CONN] < 0 && r->fds[OUT] < 0 && r->fds[ERR] < 0;
}

enum rc
program_run(struct cx *cx, const struct program_ask *p, struct program_end *out)
{
	struct run *r = ARENA_NEW(cx->mem, struct run);

	*r = (struct run){ .cx = cx, .p = p };
	for (int i = 0; i < ENDS; i++)
		r->fds[i] = -1;
	for (int i = 0; i < WIRE_FDS; i++)
		r->theirs[i] = -1;
	r->output = buf_new(cx->mem, p->max_bytes);
	*out = (struct program_end){ .status = 0 };
	r->words = arena_alloc(cx->mem, WORDS_BYTES);
	r->some = arena_alloc(cx->mem, READ_BYTES);
	arena_tie(cx->mem, r, run_end);
	TRY(open_input(r));
	TRY(open_pipe(r, OUT));
	TRY(open_pipe(r, ERR));
	TRY(open_door(r));
	TRY(ask(r));
	while (!is_over(r))
		TRY(turn(r, out));
	pass_words(r, r->words_n);
	out->stopped = r->stopped;
	out->output = buf_slice(&r->output);
	out->output_bytes = r->output_bytes;
	return RC_OK;
}
