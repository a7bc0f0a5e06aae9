/*
 * One curl multi handle a process, driven from io/wait.
 *
 * Of all who wait for an answer one drives: it waits for all of curl's sockets
 * and curl's timer. The others wait for their own eventfd until their transfer
 * is done, or until the driver leaves and one of them must take over. In a
 * program that does one thing at a time the driver is always alone.
 */
#include "io/http_in.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/wait.h"

enum { IDLE_CONNECTIONS = 16 };

static struct {
	CURLM *multi;
	struct arena *mem; /* of the lists */
	struct wait_fd *socks; /* what curl wants to hear of */
	size_t n, cap;
	struct wait_fd *asked; /* the driver's copy, its own eventfd first */
	size_t asked_cap;
	int64_t timer_at; /* clock_ms(); -1: none */
	struct transfer *driver;
	struct transfer *waiting;
} loop;

/* ---- what curl tells us */

/* Room for n, doubling; the old list stays with the arena. */
static struct wait_fd *
room(struct wait_fd *list, size_t *cap, size_t used, size_t n)
{
	struct wait_fd *more;

	if (n <= *cap)
		return list;
	*cap = n > 8 ? n * 2 : 16;
	more = ARENA_ARRAY(loop.mem, struct wait_fd, *cap);
	if (used > 0)
		memcpy(more, list, used * sizeof(*list));
	return more;
}

static struct wait_fd *
sock_of(int fd)
{
	for (size_t i = 0; i < loop.n; i++)
		if (loop.socks[i].fd == fd)
			return &loop.socks[i];
	return NULL;
}

static short
want_of(int what)
{
	short want = 0;

	if (what & CURL_POLL_IN)
		want |= WAIT_READ;
	if (what & CURL_POLL_OUT)
		want |= WAIT_WRITE;
	return want;
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *ours)
{
	struct wait_fd *s = sock_of(fd);

	(void)easy, (void)user, (void)ours;
	if (what == CURL_POLL_REMOVE) {
		if (s)
			*s = loop.socks[--loop.n];
		return 0;
	}
	if (!s) {
		loop.socks = room(loop.socks, &loop.cap, loop.n, loop.n + 1);
		s = &loop.socks[loop.n++];
	}
	*s = (struct wait_fd){ .fd = fd, .want = want_of(what) };
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *user)
{
	(void)multi, (void)user;
	loop.timer_at = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

/* ---- what we tell curl */

static void
poke(const struct transfer *t)
{
	const uint64_t one = 1;

	/* Full means it has been poked already. */
	(void)!write(t->wake, &one, sizeof(one));
}

static void
poked(const struct transfer *t)
{
	uint64_t times;

	(void)!read(t->wake, &times, sizeof(times));
}

static void
collect(void)
{
	const struct CURLMsg *msg;
	struct transfer *t;
	int left;

	while ((msg = curl_multi_info_read(loop.multi, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		t = NULL;
		(void)curl_easy_getinfo(
		    msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		t->done = true;
		t->result = msg->data.result;
		if (t != loop.driver)
			poke(t);
	}
}

static void
act(curl_socket_t fd, short got)
{
	int mask = 0, running;

	if (got & WAIT_READ)
		mask |= CURL_CSELECT_IN;
	if (got & WAIT_WRITE)
		mask |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(loop.multi, fd, mask, &running);
}

static void
act_timer(void)
{
	if (loop.timer_at < 0 || clock_ms() < loop.timer_at)
		return;
	loop.timer_at = -1; /* curl sets the next one meanwhile */
	act(CURL_SOCKET_TIMEOUT, 0);
}

/* ---- who waits, and how */

static size_t
ask(struct transfer *t)
{
	loop.asked = room(loop.asked, &loop.asked_cap, 0, loop.n + 1);
	loop.asked[0] = (struct wait_fd){ .fd = t->wake, .want = WAIT_READ };
	if (loop.n > 0)
		memcpy(
		    loop.asked + 1, loop.socks, loop.n * sizeof(*loop.socks));
	return loop.n + 1;
}

static enum rc
drive(struct transfer *t)
{
	const size_t n = ask(t);
	const enum rc rc = wait_any(t->cx, loop.asked, n, loop.timer_at);

	if (rc == RC_STOPPED)
		return rc;
	if (loop.asked[0].got)
		poked(t);
	/* A socket may have gone while we waited, or while we go on here. */
	for (size_t i = 1; i < n; i++)
		if (loop.asked[i].got && sock_of(loop.asked[i].fd))
			act(loop.asked[i].fd, loop.asked[i].got);
	act_timer();
	collect();
	return RC_OK;
}

static enum rc
doze(struct transfer *t)
{
	struct wait_fd fd = { .fd = t->wake, .want = WAIT_READ };
	const enum rc rc = wait_any(t->cx, &fd, 1, -1);

	if (rc == RC_OK)
		poked(t);
	return rc;
}

static enum rc
enter(struct transfer *t)
{
	t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->wake < 0)
		return rc_fail(
		    t->cx, RC_BUSY, "no eventfd: %s", strerror(errno));
	if (curl_multi_add_handle(loop.multi, t->easy) != CURLM_OK) {
		(void)close(t->wake);
		return rc_fail(t->cx, RC_BUSY, "curl takes no transfer");
	}
	t->next = loop.waiting;
	loop.waiting = t;
	return RC_OK;
}

static void
leave(struct transfer *t)
{
	struct transfer **at = &loop.waiting;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	(void)curl_multi_remove_handle(loop.multi, t->easy);
	(void)close(t->wake);
	if (loop.driver == t)
		loop.driver = NULL;
	/* Somebody must drive, and must see what has changed. */
	if (loop.driver)
		poke(loop.driver);
	else if (loop.waiting)
		poke(loop.waiting);
}

enum rc
http_loop_run(struct transfer *t)
{
	enum rc rc = RC_OK;

	TRY(enter(t));
	if (loop.driver)
		poke(loop.driver);
	while (!t->done && rc == RC_OK) {
		if (!loop.driver)
			loop.driver = t;
		rc = loop.driver == t ? drive(t) : doze(t);
	}
	leave(t);
	return t->done ? RC_OK : rc;
}

/* ---- start and stop */

bool
http_loop_started(void)
{
	return loop.multi != NULL;
}

static bool
set_up(CURLM *multi)
{
	return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) ==
		   CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) ==
		   CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
		   (long)IDLE_CONNECTIONS) == CURLM_OK;
}

enum rc
http_loop_start(struct cx *cx)
{
	memset(&loop, 0, sizeof(loop));
	loop.timer_at = -1;
	loop.mem = arena_new();
	loop.multi = curl_multi_init();
	if (loop.multi && set_up(loop.multi))
		return RC_OK;
	http_loop_stop();
	return rc_fail(cx, RC_BUSY, "curl does not start");
}

void
http_loop_stop(void)
{
	assert(!loop.waiting);
	if (loop.multi)
		(void)curl_multi_cleanup(loop.multi);
	if (loop.mem)
		arena_free(loop.mem);
	memset(&loop, 0, sizeof(loop));
}
