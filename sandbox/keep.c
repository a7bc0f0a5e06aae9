/* What must outlast a restart: one JSON file, replaced in one step. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "sandbox.h"

enum { STATE_BYTES_MAX = 64 << 20, SOON_MS = 1000 };

static enum rc
write_state(struct sandbox *s, struct buf *b)
{
	struct jw w = jw_new(b);

	jw_object(&w, NULL);
	jw_int(&w, "born_at", s->born_at);
	jw_int(&w, "sent", s->sent);
	rules_write(&w, "rules", &s->rules, &s->started);
	faults_write(&w, "faults", &s->faults);
	grants_write(&w, "grants", &s->grants);
	hooks_write(&w, "hooks", &s->hooks);
	edits_write(&w, "edits", &s->edits);
	bulks_write(&w, "bulks", &s->bulks);
	jw_object(&w, "ledger");
	ledger_write(&w, &s->ledger);
	jw_close(&w);
	jw_close(&w);
	return jw_end(&w);
}

static bool
write_all(int fd, struct slice bytes)
{
	ssize_t n;

	while (bytes.n > 0) {
		n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return true;
}

/* A new file beside it, then its name: whoever reads meets one or the other. */
static bool
replace(struct cx *cx, const char *path, struct slice bytes)
{
	const char *beside = text_fmt(cx->mem, "%s.new", path);
	const int fd = open(beside,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok;

	if (fd < 0)
		return false;
	ok = write_all(fd, bytes);
	ok = close(fd) == 0 && ok;
	return ok && rename(beside, path) == 0;
}

void
sandbox_keep(struct cx *cx)
{
	struct sandbox *s = sandbox();
	struct buf b = buf_new(cx->mem, STATE_BYTES_MAX);

	s->changed = false;
	s->kept_ms = clock_ms();
	if (s->settings.state == NULL)
		return;
	if (write_state(s, &b) != RC_OK ||
	    !replace(cx, s->settings.state, buf_slice(&b)))
		log_err(cx, "sandbox.state", L_TEXT("path", s->settings.state),
		    L_TEXT("error", strerror(errno)));
}

void
sandbox_keep_soon(struct cx *cx)
{
	const struct sandbox *s = sandbox();

	if (s->changed && clock_ms() >= s->kept_ms + SOON_MS)
		sandbox_keep(cx);
}

static enum rc
read_file(struct cx *cx, const char *path, struct slice *out)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	char *p;

	if (f == NULL)
		return errno == ENOENT
			   ? RC_ABSENT
			   : rc_fail(cx, RC_INPUT, "%s cannot be read", path);
	if (fstat(fileno(f), &st) != 0 || st.st_size > STATE_BYTES_MAX)
		st.st_size = 0;
	p = arena_alloc(cx->mem, (size_t)st.st_size + 1);
	out->p = p;
	out->n = fread(p, 1, (size_t)st.st_size, f);
	(void)fclose(f);
	return RC_OK;
}

enum rc
sandbox_restore(struct cx *cx)
{
	struct sandbox *s = sandbox();
	struct slice bytes;
	struct json j;
	enum rc rc;
	size_t i;

	if (s->settings.state == NULL)
		return RC_OK;
	rc = read_file(cx, s->settings.state, &bytes);
	if (rc == RC_ABSENT)
		return RC_OK;
	TRY(rc);
	TRY(json_read(cx, bytes, STATE_BYTES_MAX, RC_INPUT, &j));
	s->born_at = jint_or(j, "born_at", 0);
	s->sent = jint_or(j, "sent", 0);
	TRY(rules_set(cx, &s->rules, jat(j, "rules")));
	for (i = 0; i < jlen(jat(j, "faults")); i++)
		TRY(faults_add(cx, &s->faults, jitem(jat(j, "faults"), i)));
	grants_read(&s->grants, jat(j, "grants"));
	hooks_read(&s->hooks, jat(j, "hooks"));
	edits_read(&s->edits, jat(j, "edits"));
	bulks_read(&s->bulks, jat(j, "bulks"));
	ledger_read(&s->ledger, jat(j, "ledger"));
	return RC_OK;
}
