/* jobd: runs the job table (queue.md). */
#include "jobd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "io/count.h"
#include "io/proc.h"

struct options {
	bool once;
	bool test;
	bool wrong;
	const char *conf;
};

/* Zero pages until they are used, and not on any stack. */
static struct jobd jobd;

static enum log_level
level(void)
{
	static const char *const names[] = { "debug", "info", "warn", "err" };

	for (int i = LOG_DEBUG; i < LOG_ERR; i++)
		if (text_same(conf_text(C_LOG_LEVEL), names[i]))
			return (enum log_level)i;
	return LOG_ERR;
}

static struct options
options_read(int argc, char **argv)
{
	struct options o = { 0 };
	int c;

	while ((c = getopt(argc, argv, "1f:t")) != -1) {
		if (c == 'f')
			o.conf = optarg;
		o.once |= c == '1';
		o.test |= c == 't';
		o.wrong |= c == '?';
	}
	o.wrong |= optind < argc;
	return o;
}

static enum rc
configure(struct jobd *j, const char *path)
{
	log_open(LOG_INFO, STDERR_FILENO);
	j->conf = path;
	TRY(conf_load(&j->cx, path));
	TRY(pool_size(&j->cx, &j->pool));
	log_open(level(), STDERR_FILENO);
	return handlers_start(j);
}

static enum rc
open_database(struct cx *cx)
{
	struct secret password;
	enum rc rc;

	cx->db = db_open(
	    cx->program, conf_text(C_DATABASE_URL), "stockroom_jobd", 1);
	rc = conf_secret(cx, C_DB_PASSWORD_FILE, &password);
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	db_password(cx->db, password);
	return RC_OK;
}

static int
failed(struct jobd *j)
{
	log_fault(&j->cx, "jobd.start");
	return EX_CONFIG;
}

/* What is as it was left in children stays shared with them: so nothing that
 * grows is opened before they are forked (loop_run). */
static int
supervise(struct jobd *j)
{
	struct cx *cx = &j->cx;

	proc_signals();
	count_start(cx);
	if (open_database(cx) != RC_OK || proc_harden(cx) != RC_OK)
		return failed(j);
	if (!j->once)
		stray_begin();
	wake_open(j);
	log_info(cx, "jobd.start", L_INT("children", j->pool.want[POOL_SYNC]));
	cx_reset(cx);
	loop_run(j);
	db_close(cx->db);
	return j->failed ? EX_UNAVAILABLE : EX_OK;
}

/*
 * jobd -1: the child stays in the foreground, where a debugger can have it;
 * jobd itself goes behind it, so that the lease is kept however long that
 * takes.
 */
static int
supervise_one(struct jobd *j)
{
	int ends[2];
	pid_t behind;
	int rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return EX_OSERR;
	behind = proc_fork(&j->cx);
	if (behind < 0)
		return EX_OSERR;
	if (behind == 0) {
		(void)close(ends[1]);
		pool_adopt(j, ends[0], getppid());
		exit(supervise(j));
	}
	(void)close(ends[0]);
	if (proc_harden(&j->cx) != RC_OK)
		return failed(j);
	rc = child_main(ends[1], POOL_SYNC, 1);
	(void)waitpid(behind, NULL, 0);
	return rc;
}

int
main(int argc, char **argv)
{
	const struct options o = options_read(argc, argv);
	struct jobd *j = &jobd;

	j->wake_fd = -1;
	j->drain_ms = -1;
	j->stage_ms = -1;
	if (o.wrong) {
		(void)fprintf(stderr, "usage: jobd [-1t] [-f file]\n");
		return EX_USAGE;
	}
	j->cx = (struct cx){ .mem = arena_new(), .program = "jobd" };
	j->turn.cx.mem = arena_new();
	j->claims.names = arena_new();
	j->once = o.once;
	if (configure(j, o.conf) != RC_OK)
		return failed(j);
	if (o.test)
		return EX_OK;
	if (execd_start(j) != RC_OK)
		return failed(j);
	return o.once ? supervise_one(j) : supervise(j);
}
