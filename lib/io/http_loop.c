/*
 * One curl multi handle a process, driven from io/wait.
 *
 * curl's sockets lie in one epoll set, so that a wait has one descriptor
 * however many transfers there are. Where tasks run, io/wait watches it and
 * curl works outside of all of them, on the large stack; each task stands until
 * its transfer is done. Elsewhere who asks drives, and is alone.
 */
#include "io/http_in.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/task.h"

/* Kept open with nothing to do; for many tasks see http_widen. */
enum { IDLE_CONNECTIONS = 16, EVENTS = 64 };

static struct {
	CURLM *multi;
	struct wait_watch watch; /* the epoll set, and curl's timer */
	int running; /* transfers that somebody waits for */
	int most; /* connections; 0: those of one that asks alone */
} loop = { .watch = { .fd = -1 } };

/* ---- what curl tells us */

static uint32_t
events_of(int what)
{
	return (what & CURL_POLL_IN ? EPOLLIN : 0U) |
	       (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
}

/* A socket may have been closed before we hear that it is not needed. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *ours)
{
	const int set = loop.watch.fd;
	struct epoll_event e = { .events = events_of(what), .data.fd = fd };

	(void)easy, (void)user, (void)ours;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (epoll_ctl(set, EPOLL_CTL_MOD, fd, &e) < 0 && errno == ENOENT &&
	    epoll_ctl(set, EPOLL_CTL_ADD, fd, &e) < 0)
		return -1;
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *user)
{
	(void)multi, (void)user;
	loop.watch.at_ms = ms < 0 ? -1 : clock_ms() + ms;
	return 0;
}

/* ---- what we tell curl */

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
		(void)wait_call(&t->line, NULL);
	}
}

/* An error is for curl to find, whichever way it looks. */
static void
act(const struct epoll_event *e)
{
	const bool failed = e->events & (EPOLLERR | EPOLLHUP);
	int mask = 0, running;

	if (failed || e->events & EPOLLIN)
		mask |= CURL_CSELECT_IN;
	if (failed || e->events & EPOLLOUT)
		mask |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(loop.multi, e->data.fd, mask, &running);
}

static void
act_timer(void)
{
	int running;

	if (loop.watch.at_ms < 0 || clock_ms() < loop.watch.at_ms)
		return;
	loop.watch.at_ms = -1; /* curl sets the next one meanwhile */
	(void)curl_multi_socket_action(
	    loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static void
drive(void)
{
	struct epoll_event list[EVENTS];
	const int n = epoll_wait(loop.watch.fd, list, EVENTS, 0);

	for (int i = 0; i < n; i++)
		act(&list[i]);
	act_timer();
	collect();
}

/* ---- who waits, and how */

static enum rc
turn(struct transfer *t)
{
	struct wait_fd fd = { .fd = loop.watch.fd, .want = WAIT_READ };
	const enum rc rc = wait_any(t->cx, &fd, 1, loop.watch.at_ms);

	if (rc != RC_STOPPED)
		drive();
	return rc == RC_BUSY ? RC_OK : rc;
}

static enum rc
stand(struct transfer *t)
{
	void *nothing;

	wait_watch(&loop.watch);
	return wait_in_line(t->cx, &t->line, -1, &nothing);
}

enum rc
http_loop_enter(struct transfer *t)
{
	if (curl_multi_add_handle(loop.multi, t->easy) != CURLM_OK)
		return rc_fail(t->cx, RC_BUSY, "curl takes no transfer");
	loop.running++;
	return RC_OK;
}

void
http_loop_leave(struct transfer *t)
{
	(void)curl_multi_remove_handle(loop.multi, t->easy);
	loop.running--;
}

enum rc
http_loop_turn(struct transfer *t)
{
	return task_self() != NULL ? stand(t) : turn(t);
}

void
http_loop_call(struct transfer *t)
{
	(void)wait_call(&t->line, NULL);
}

enum rc
http_loop_run(struct transfer *t)
{
	enum rc rc = RC_OK;

	TRY(http_loop_enter(t));
	while (!t->done && rc == RC_OK)
		rc = http_loop_turn(t);
	http_loop_leave(t);
	return t->done ? RC_OK : rc;
}

/* ---- start and stop */

bool
http_loop_started(void)
{
	return loop.multi != NULL;
}

/* With many at work the idle ones are counted among those in use. */
static bool
bound(CURLM *multi)
{
	if (loop.most == 0)
		return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
			   (long)IDLE_CONNECTIONS) == CURLM_OK;
	return curl_multi_setopt(
		   multi, CURLMOPT_MAXCONNECTS, (long)loop.most) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
		   (long)loop.most) == CURLM_OK;
}

static bool
set_up(void)
{
	loop.multi = curl_multi_init();
	return loop.multi &&
	       curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION,
		   on_socket) == CURLM_OK &&
	       curl_multi_setopt(
		   loop.multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
	       bound(loop.multi);
}

enum rc
http_loop_start(struct cx *cx)
{
	memset(&loop, 0, sizeof(loop));
	loop.watch = (struct wait_watch){
		.fd = epoll_create1(EPOLL_CLOEXEC),
		.at_ms = -1,
		.ready = drive,
	};
	if (loop.watch.fd >= 0 && set_up())
		return RC_OK;
	http_loop_stop();
	return rc_fail(cx, RC_BUSY, "curl does not start");
}

void
http_widen(int most)
{
	assert(loop.multi);
	loop.most = most;
	(void)bound(loop.multi);
}

void
http_rest(void)
{
	bool ok;

	assert(loop.multi && loop.running == 0);
	(void)curl_multi_cleanup(loop.multi);
	loop.watch.at_ms = -1;
	ok = set_up();
	assert(ok);
}

void
http_loop_stop(void)
{
	assert(loop.running == 0);
	wait_watch(NULL);
	if (loop.multi)
		(void)curl_multi_cleanup(loop.multi);
	if (loop.watch.fd >= 0)
		(void)close(loop.watch.fd);
	memset(&loop, 0, sizeof(loop));
	loop.watch.fd = -1;
}
