/* The loop of the sender. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "sender_in.h"
#include "tries.h"
#include "world.h"

enum {
	LANES_MAX = 64,
	IDLE_MS = 3600 * 1000, /* what comes wakes it sooner */
	STOP_MS = 2000, /* for what is under way */
	NEWS_BYTES = 64 << 10
};

struct sender {
	struct cx cx; /* emptied with each turn */
	struct arena *mem; /* as long as the process */
	struct queue queue;
	CURLM *multi;
	struct lane lanes[LANES_MAX];
	size_t n_lanes;
	size_t busy;
	int ledger;
	int news; /* inotify's: a batch has come */
	int signals;
	char *news_bytes;
	bool stopping;
	int64_t stop_at_ms; /* steady */
};

static int64_t
wall_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- how a try ended */

static void
note(struct sender *s, const struct lane *l, int64_t status, enum try_end end)
{
	const struct parcel *p = &l->parcel;
	const struct try_row row = { .at_ms = l->began_ms,
		.shop = p->shop,
		.topic = p->topic,
		.delivery = p->delivery,
		.event = p->event,
		.hook = p->hook,
		.copy = p->copy,
		.n = l->item.head->tries + 1,
		.status = status,
		.error = *l->why ? l->why : NULL,
		.ms = (clock_us() - l->began_us + 500) / 1000,
		.bytes = (int64_t)p->body.n,
		.first_ms = l->item.head->first_ms,
		.end = end };

	if (tries_note(&s->cx, s->ledger, &row) != RC_OK) {
		log_fault(&s->cx, "sender.ledger");
		rc_forget(&s->cx);
	}
}

/* The ledger has it before the spool: who is killed between the two sends it
 * once more, under the same delivery id. */
static void
settle(struct sender *s, struct lane *l, int64_t status)
{
	struct spool_head *h = l->item.head;
	const bool ok = status >= 200 && status < 300;
	const int64_t again =
	    ok ? -1 : spool_retry_ms(h->tries + 1, l->parcel.scale);

	if (h->first_ms == 0)
		h->first_ms = l->began_ms;
	note(s, l, status,
	    ok          ? TRY_DELIVERED
	    : again < 0 ? TRY_GAVE_UP
			: TRY_RETRY);
	h->tries++;
	l->busy = false;
	s->busy--;
	if (again >= 0) {
		h->due_ms = wall_ms() + again;
		queue_put(&s->queue, &l->item, h->due_ms);
		return;
	}
	h->state = SPOOL_OVER;
	queue_over(&s->cx, &s->queue, &l->item);
}

static void
take_results(struct sender *s)
{
	struct lane *l;
	CURLMsg *m;
	long status;
	int left;

	while ((m = curl_multi_info_read(s->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		status = 0;
		(void)curl_easy_getinfo(
		    m->easy_handle, CURLINFO_PRIVATE, (char **)&l);
		if (m->data.result == CURLE_OK)
			(void)curl_easy_getinfo(
			    l->easy, CURLINFO_RESPONSE_CODE, &status);
		else if (*l->why == '\0')
			(void)snprintf(l->why, CURL_ERROR_SIZE, "%s",
			    curl_easy_strerror(m->data.result));
		(void)curl_multi_remove_handle(s->multi, l->easy);
		settle(s, l, status);
	}
}

/* ---- what is to be sent */

static struct lane *
free_lane(struct sender *s)
{
	size_t i;

	for (i = 0; i < s->n_lanes; i++)
		if (!s->lanes[i].busy)
			return &s->lanes[i];
	return NULL;
}

static void
launch(struct sender *s, struct lane *l, const struct item *item)
{
	s->busy++;
	if (!lane_load(&s->cx, l, item) ||
	    curl_multi_add_handle(s->multi, l->easy) != CURLM_OK)
		settle(s, l, 0);
}

static void
launch_due(struct sender *s)
{
	const int64_t now = wall_ms();
	struct lane *l;
	struct item item;

	while (!s->stopping && s->queue.n > 0 &&
	       s->queue.heap[0].due_ms <= now && (l = free_lane(s)) != NULL) {
		item = queue_take(&s->queue);
		launch(s, l, &item);
	}
}

/* Until when nothing is to be done but what wakes us. */
static int
patience_ms(const struct sender *s)
{
	int64_t left = IDLE_MS;

	if (s->stopping)
		left = s->stop_at_ms - clock_ms();
	else if (s->queue.n > 0 && s->busy < s->n_lanes)
		left = s->queue.heap[0].due_ms - wall_ms();
	if (left < 0)
		left = 0;
	return left < IDLE_MS ? (int)left : IDLE_MS;
}

/* ---- news and signals */

static void
read_news(struct sender *s)
{
	const ssize_t n = read(s->news, s->news_bytes, NEWS_BYTES);
	const struct inotify_event *e;
	ssize_t at;

	for (at = 0; at < n; at += (ssize_t)(sizeof(*e) + e->len)) {
		e = (const void *)(s->news_bytes + at);
		if (e->mask & IN_Q_OVERFLOW)
			queue_scan(&s->cx, &s->queue);
		else if (e->len > 0)
			queue_load(&s->cx, &s->queue, e->name);
	}
}

static void
read_signal(struct sender *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	s->stopping = true;
	s->stop_at_ms = clock_ms() + STOP_MS;
}

static void
turn(struct sender *s)
{
	struct curl_waitfd fds[] = { { s->news, CURL_WAIT_POLLIN, 0 },
		{ s->signals, CURL_WAIT_POLLIN, 0 } };
	int running;

	launch_due(s);
	(void)curl_multi_perform(s->multi, &running);
	take_results(s);
	launch_due(s);
	if (s->stopping && s->busy == 0)
		return;
	(void)curl_multi_poll(s->multi, fds, 2, patience_ms(s), NULL);
	if (fds[0].revents)
		read_news(s);
	if (fds[1].revents)
		read_signal(s);
	arena_empty(s->cx.mem);
}

/* ---- beginning and end */

static enum rc
open_signals(struct sender *s)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return rc_fail(&s->cx, RC_BUSY, "%s", strerror(errno));
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals >= 0
		   ? RC_OK
		   : rc_fail(&s->cx, RC_BUSY, "%s", strerror(errno));
}

/* Two senders would send everything twice. */
static enum rc
be_alone(struct cx *cx, const char *folder)
{
	const int fd = open(text_fmt(cx->mem, "%s/lock", folder),
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return rc_fail(
		    cx, RC_CONFLICT, "%s has a sender already", folder);
	return RC_OK; /* held as long as we live */
}

static enum rc
open_folder(struct sender *s, const char *folder)
{
	struct cx *cx = &s->cx;

	if (folder == NULL)
		return rc_fail(cx, RC_INPUT, "SANDBOX_STATE is not set");
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return rc_fail(cx, RC_INPUT, "%s: %s", folder, strerror(errno));
	TRY(be_alone(cx, folder));
	s->queue.folder = folder;
	s->ledger = tries_open(cx, folder);
	s->news = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (s->ledger < 0 || s->news < 0 ||
	    inotify_add_watch(s->news, folder, IN_MOVED_TO) < 0)
		return rc_fail(cx, RC_BUSY, "%s: %s", folder, strerror(errno));
	s->news_bytes = arena_alloc(s->mem, NEWS_BYTES);
	queue_scan(cx, &s->queue);
	return RC_OK;
}

static enum rc
open_lanes(struct sender *s, size_t n)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return rc_fail(&s->cx, RC_BUSY, "curl does not start");
	s->multi = curl_multi_init();
	for (s->n_lanes = 0; s->multi != NULL && s->n_lanes < n; s->n_lanes++)
		if (!lane_open(&s->lanes[s->n_lanes], s->mem))
			return rc_fail(&s->cx, RC_BUSY, "curl has no more");
	return RC_OK;
}

static enum rc
start(struct sender *s, struct cx *lasting)
{
	struct settings set;

	log_open(LOG_INFO, STDERR_FILENO);
	TRY(conf_load(lasting, NULL));
	TRY(settings_read(lasting, &set));
	TRY(open_signals(s));
	TRY(open_lanes(s, (size_t)set.senders));
	return open_folder(s, set.spool);
}

static void
finish(struct sender *s)
{
	size_t i;

	for (i = 0; i < s->n_lanes; i++) {
		(void)curl_multi_remove_handle(s->multi, s->lanes[i].easy);
		lane_close(&s->lanes[i]);
	}
	(void)curl_multi_cleanup(s->multi);
	queue_close(&s->queue);
}

int
sender_run(void)
{
	struct cx lasting = { .mem = arena_new(), .program = "sender" };
	static struct sender s;

	s.cx = (struct cx){ .mem = arena_new(), .program = "sender" };
	s.mem = s.queue.mem = lasting.mem;
	if (start(&s, &lasting) != RC_OK) {
		log_fault(
		    s.cx.fault.sentence ? &s.cx : &lasting, "sender.start");
		return EX_CONFIG;
	}
	log_info(&s.cx, "sender.start", L_INT("senders", s.n_lanes),
	    L_INT("waiting", s.queue.n));
	while (!s.stopping || (s.busy > 0 && clock_ms() < s.stop_at_ms))
		turn(&s);
	finish(&s);
	arena_free(s.cx.mem);
	arena_free(lasting.mem);
	return EX_OK;
}
