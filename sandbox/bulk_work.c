/* The process that works an operation off. It has the shop as it was when it
 * was begun, for it is a fork of the sandbox; nobody waits for it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bulk.h"
#include "event.h"
#include "io/wait.h"

enum { STEP_MS = 10, STALL_MS = 600 * 1000 };

static bool
asked_to_stop(const struct bulk_head *head)
{
	return *(const volatile int64_t *)&head->stop != 0;
}

/* Until so much time has passed since it was begun, or it is to end. */
static void
pass(const struct bulk_head *head, int64_t until_ms)
{
	while (clock_ms() < until_ms && !asked_to_stop(head))
		(void)!wait_until(NULL, clock_ms() + STEP_MS);
}

/* ---- the head */

static enum rc
head_make(struct cx *cx, int64_t id, struct bulk_head **out)
{
	const char *path = bulk_path(cx, id, "head");
	void *p = MAP_FAILED;
	int fd;

	*out = NULL;
	(void)mkdir(sandbox()->bulks.folder, 0700);
	fd = open(
	    path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && ftruncate(fd, sizeof(**out)) == 0)
		p = mmap(NULL, sizeof(**out), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (fd >= 0)
		(void)close(fd);
	if (p == MAP_FAILED)
		return rc_fail(cx, RC_BUSY, "%s: %s", path, strerror(errno));
	*out = p;
	return RC_OK;
}

/* ---- what a fault makes of it */

static void
spoil(const char *shop, const char *query, struct bulk_how *how)
{
	const struct fault_switch *f =
	    faults_take(&sandbox()->faults, FAULT_BULK, shop, query);

	if (f == NULL)
		return;
	how->stall = f->what == FAULT_STALL;
	if (f->what == FAULT_CANCELED)
		how->end = BULK_CANCELED;
	else if (f->what != FAULT_STALL)
		how->end = BULK_FAILED;
	if (f->what == FAULT_INTERNAL)
		how->error = BULK_INTERNAL;
	if (f->what == FAULT_TIMEOUT)
		how->error = BULK_TIMEOUT;
	if (f->what == FAULT_DENIED)
		how->error = BULK_DENIED;
}

static struct bulk_how
how_of(const struct bulk_row *row)
{
	const struct rules *r = &sandbox()->rules;
	struct bulk_how how = { .least_ms = r->bulk_ms,
		.children_max = r->bulk_children_max,
		.spread = r->bulk_spread,
		.end = BULK_COMPLETED };

	spoil(row->shop, row->query, &how);
	return how;
}

/* ---- telling the app */

static enum rc
finish_body(struct cx *cx, const struct bulk_row *row,
    const struct bulk_head *head, struct slice *out)
{
	struct buf b = buf_new(cx->mem, 4096);
	struct jw w = jw_new(&b);

	jw_object(&w, NULL);
	jw_text(&w, "admin_graphql_api_id", bulk_gid(cx, row->id));
	jw_time(&w, "completed_at", head->completed_at);
	jw_time(&w, "created_at", row->created_at);
	jw_text(&w, "error_code",
	    head->error ? text_lower(cx->mem,
			      bulk_error_word((enum bulk_error)head->error))
			: NULL);
	jw_text(&w, "status",
	    text_lower(
		cx->mem, bulk_status_word((enum bulk_status)head->status)));
	jw_text(&w, "type", "query");
	jw_close(&w);
	TRY(jw_end(&w));
	*out = buf_slice(&b);
	return RC_OK;
}

static enum rc
tell(struct run *run, const struct bulk_row *row, const struct bulk_head *head)
{
	struct event e = { .shop = run->shop,
		.topic = "bulk_operations/finish",
		.in_ms = sandbox()->rules.bulk_webhook_ms };
	struct outbox o;
	enum rc rc = RC_OK;
	int64_t i;

	TRY(finish_body(run->cx, row, head, &e.body));
	TRY(outbox_begin(run->cx, &o));
	for (i = 0; i < sandbox()->rules.bulk_webhooks && rc == RC_OK; i++)
		rc = outbox_add(run->cx, &o, &e);
	if (rc == RC_OK)
		rc = outbox_end(run->cx, &o);
	outbox_forget(&o);
	return rc;
}

/* ---- the work */

static enum rc
make_file(struct run *run, const struct bulk_row *row, const struct plan *plan,
    const struct bulk_how *how, struct bulk_head *head)
{
	const char *path = bulk_path(run->cx, row->id, "jsonl");
	FILE *file = fopen(path, "wxe");
	enum rc rc;

	if (file == NULL)
		return rc_fail(
		    run->cx, RC_BUSY, "%s: %s", path, strerror(errno));
	rc = how->error == BULK_DENIED ? RC_DENIED
				       : bulk_write(run, plan, how, head, file);
	if (fclose(file) != 0 && rc == RC_OK)
		rc = rc_fail(run->cx, RC_BUSY, "%s: not written", path);
	return rc;
}

static void
ended(struct bulk_head *head, enum rc rc, const struct bulk_how *how)
{
	enum bulk_status status = how->end;

	head->error = how->error;
	if (rc == RC_DENIED)
		head->error = BULK_DENIED;
	else if (rc != RC_OK && rc != RC_STOPPED)
		head->error = BULK_INTERNAL;
	if (rc != RC_OK)
		status = BULK_FAILED;
	if (rc == RC_STOPPED)
		status = BULK_CANCELED;
	head->completed_at = sandbox_now();
	__atomic_store_n(&head->status, (int64_t)status, __ATOMIC_RELEASE);
}

static void
work(struct run *run, const struct bulk_row *row, const struct plan *plan,
    const struct bulk_how *how, struct bulk_head *head)
{
	const int64_t began_ms = clock_ms();
	enum rc rc = RC_OK;

	pass(head, began_ms + how->least_ms / 4);
	head->status = BULK_RUNNING;
	pass(head, began_ms + how->least_ms / 2);
	rc = make_file(run, row, plan, how, head);
	pass(head, began_ms + (how->stall ? STALL_MS : how->least_ms));
	if (rc == RC_OK && asked_to_stop(head))
		rc = rc_fail(run->cx, RC_STOPPED, "canceled");
	ended(head, rc, how);
	rc_forget(run->cx);
	if (tell(run, row, head) != RC_OK)
		log_fault(run->cx, "sandbox.bulk");
}

/* Nothing of the caller's may be held: not its connection, nor its end. */
static void
work_alone(struct run *run, const struct bulk_row *row, const struct plan *plan,
    const struct bulk_how *how, struct bulk_head *head)
{
	const pid_t pid = fork();

	if (pid != 0)
		_exit(0);
	(void)setsid();
	(void)close_range(0, 2, 0);
	(void)close_range(3, ~0U, 0);
	if (open("/dev/null", O_RDWR) < 0 || dup(0) < 0 || dup(0) < 0)
		_exit(1);
	work(run, row, plan, how, head);
	_exit(0);
}

enum rc
bulk_begin(struct run *run, const struct bulk_row *row, const struct plan *plan)
{
	const struct bulk_how how = how_of(row);
	struct problems *quiet = ARENA_NEW(run->cx->mem, struct problems);
	struct bulk_head *head;
	pid_t pid;

	TRY(head_make(run->cx, row->id, &head));
	*quiet = problems_new(run->cx);
	pid = fork();
	if (pid < 0)
		return rc_fail(
		    run->cx, RC_BUSY, "no fork: %s", strerror(errno));
	if (pid == 0) {
		run->bulk = true;
		run->problems = quiet;
		work_alone(run, row, plan, &how, head);
	}
	(void)munmap(head, sizeof(*head));
	(void)waitpid(pid, NULL, 0);
	return RC_OK;
}
