/* The job table as those who put and run jobs use it (queue.md). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/job.h"

static const struct job_kind_row kinds[] = {
#define KIND(                                                                  \
    name, word, pool, queue, soft_s, hard_s, attempts, keyring, shown)         \
	{ word, POOL_##pool, queue, soft_s, hard_s, attempts, keyring, shown },
#include "store/kinds.def"
#undef KIND
};

const struct job_kind_row *
job_kind_row(enum job_kind kind)
{
	return &kinds[kind];
}

const char *
job_pool_word(enum job_pool pool)
{
	static const char *const words[] = { "sync", "io" };

	return words[pool];
}

enum job_kind
job_kind_of(const char *word)
{
	int i;

	for (i = 0; i < JOB_KINDS; i++)
		if (text_same(kinds[i].word, word))
			break;
	return (enum job_kind)i;
}

/* jobd's datagram socket; false when none listens on this host. */
static bool
wake_socket(struct cx *cx)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path =
	    text_fmt(cx->mem, "%s/jobd.wake", conf_text(C_RUN_DIR));
	bool sent;
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	sent = sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to)) == 1;
	close(fd);
	return sent;
}

void
job_wake(struct cx *cx)
{
	if (wake_socket(cx))
		return;
	if (db_run(cx, Q_JOB_WAKE_IDLE, NO_ARGS, NULL) != RC_OK)
		rc_forget(cx);
}

enum rc
job_fence(struct cx *cx)
{
	struct row row;
	const enum rc rc = db_one(cx, Q_JOB_FENCE,
	    ARGS(a_int(cx->job_id), a_int(cx->job_epoch)), &row);

	if (rc == RC_ABSENT)
		return rc_fail(
		    cx, RC_STOPPED, "the job went to another worker");
	return rc;
}

enum rc
job_commit_result(struct cx *cx, const char *result)
{
	const int64_t id = cx->job_id;
	const int64_t epoch = cx->job_epoch;
	const char *said = "completed";
	struct rows rows;

	TRY(db_all(cx, Q_JOB_FINISH,
	    ARGS(a_ints(&id, 1), a_ints(&epoch, 1), a_texts(&said, 1),
		result ? a_texts(&result, 1) : a_null(), a_null(), a_null()),
	    &rows));
	if (rows.n != 1) {
		db_rollback(cx);
		return rc_fail(
		    cx, RC_STOPPED, "the job went to another worker");
	}
	TRY(db_commit(cx));
	cx->job_settled = true;
	return RC_OK;
}

enum rc
job_commit(struct cx *cx)
{
	return job_commit_result(cx, NULL);
}

void
job_note(struct cx *cx, const char *fmt, ...)
{
	struct row row;
	va_list ap;
	char *text = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (db_one(cx, Q_JOB_NOTE_PUT,
		ARGS(a_int(cx->shop_id), a_int(cx->job_id),
		    a_text(text_cut(cx->mem, text, 2000))),
		&row) != RC_OK)
		rc_forget(cx);
	free(text);
}

void
job_progress(struct cx *cx, int64_t done, int64_t total, const char *note)
{
	if (db_run(cx, Q_JOB_PROGRESS_SAVE,
		ARGS(a_int(cx->shop_id), a_int(cx->job_id),
		    a_int(cx->job_epoch), a_int(done),
		    total > 0 ? a_int(total) : a_null(), a_text(note)),
		NULL) != RC_OK)
		rc_forget(cx);
}
