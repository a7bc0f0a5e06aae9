/*
 * What wakes jobd, cheapest first (queue.md 4): a byte to a socket on this
 * host, a hint through Postgres from another; the poll is in jobd_claim.c. A
 * lost wake costs one poll, never a job.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "jobd.h"

static const char *
path_of(struct jobd *j, const char *tail)
{
	return text_fmt(
	    j->cx.mem, "%s/jobd.wake%s", conf_text(C_RUN_DIR), tail);
}

/* Web programs of the same group may write to it. */
static bool
bind_to(int fd, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	mode_t mask;
	int rc;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(to.sun_path, path, strlen(path) + 1);
	(void)unlink(path);
	mask = umask(0117);
	rc = bind(fd, (const struct sockaddr *)&to, sizeof(to));
	(void)umask(mask);
	return rc == 0;
}

/*
 * Under another name first, so that the path is never without a socket while a
 * jobd takes it over from the one before it.
 */
static bool
bind_over(struct jobd *j)
{
	const char *path = path_of(j, "");
	const char *fresh =
	    path_of(j, text_fmt(j->cx.mem, ".%d", (int)getpid()));
	struct stat st;

	if (!bind_to(j->wake_fd, fresh))
		return false;
	if (stat(fresh, &st) < 0 || rename(fresh, path) < 0) {
		(void)unlink(fresh);
		return false;
	}
	j->wake_inode = st.st_ino;
	return true;
}

void
wake_open(struct jobd *j)
{
	j->wake_fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (j->wake_fd >= 0 && bind_over(j))
		return;
	if (!j->wake_missed)
		log_warn(&j->cx, "jobd.no_wake", L_TEXT("path", path_of(j, "")),
		    L_TEXT("why", strerror(errno)));
	j->wake_missed = true;
	if (j->wake_fd >= 0)
		(void)close(j->wake_fd);
	j->wake_fd = -1;
}

/* The path may be another jobd's by now, who took it over. */
void
wake_close(struct jobd *j)
{
	struct stat st;

	if (j->wake_fd < 0)
		return;
	if (stat(path_of(j, ""), &st) == 0 && st.st_ino == j->wake_inode)
		(void)unlink(path_of(j, ""));
	(void)close(j->wake_fd);
	j->wake_fd = -1;
}

static void
take_bytes(struct jobd *j)
{
	bool any = false;
	char byte;

	while (j->wake_fd >= 0 && recv(j->wake_fd, &byte, 1, 0) >= 0)
		any = true;
	if (any)
		claim_ask(j, "socket");
}

/* "WORKER JOB": somebody wants that one to stop. */
static bool
is_for_us(const struct jobd *j, const char *payload)
{
	return strtoll(payload, NULL, 10) == j->worker_id;
}

static void
take_hints(struct jobd *j)
{
	const char *channel;
	const char *payload;

	while (db_hint(&j->cx, &channel, &payload)) {
		if (text_same(channel, "jobd"))
			claim_ask(j, "notify");
		else if (is_for_us(j, payload))
			j->own_wanted = true;
	}
}

void
wake_take(struct jobd *j)
{
	take_bytes(j);
	take_hints(j);
}

void
wake_keep(struct jobd *j)
{
	struct stat st;

	if (stat(path_of(j, ""), &st) < 0 && errno == ENOENT) {
		if (j->wake_fd >= 0)
			(void)close(j->wake_fd);
		wake_open(j);
	}
	if (db_may(j) && db_went(j, db_listen(&j->cx, "jobd"), "jobd.listen"))
		(void)db_went(
		    j, db_listen(&j->cx, "jobd_cancel"), "jobd.listen");
}
