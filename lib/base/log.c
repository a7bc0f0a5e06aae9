/* Log lines: one JSON object each, one write each, whatever stands in it. */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/log_rate.h"

enum { FIELD_BYTES = 1024, LINE_BYTES = 16 * 1024, END_BYTES = 64 };

static enum log_level least = LOG_INFO;
static int log_fd = STDERR_FILENO;

void
log_open(enum log_level level, int fd)
{
	least = level;
	log_fd = fd;
}

/* RFC 3339 with milliseconds. */
static const char *
now_text(struct arena *mem)
{
	struct timespec t;
	const char *seconds;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	seconds = clock_text(mem, t.tv_sec);
	return text_fmt(
	    mem, "%.19s.%03dZ", seconds, (int)(t.tv_nsec / 1000000));
}

static void
put_head(struct jw *w, enum log_level level, const char *at)
{
	static const char *const words[] = { "debug", "info", "warn", "err" };

	jw_text(w, "at", text_cut(w->out->mem, at, FIELD_BYTES));
	jw_text(w, "level", words[level]);
	jw_text(w, "time", now_text(w->out->mem));
}

/* Who speaks: 0 and NULL are left out. */
static void
put_context(struct jw *w, const struct cx *cx)
{
	struct arena *mem = w->out->mem;

	if (cx != NULL && cx->program != NULL)
		jw_text(w, "program", text_cut(mem, cx->program, FIELD_BYTES));
	jw_int(w, "pid", getpid());
	if (cx == NULL)
		return;
	if (cx->trace != NULL)
		jw_text(w, "req", text_cut(mem, cx->trace, FIELD_BYTES));
	if (cx->shop_id != 0)
		jw_int(w, "shop", cx->shop_id);
	if (cx->job_id != 0)
		jw_int(w, "job", cx->job_id);
}

static void
put_field(struct jw *w, const struct log_field *f)
{
	if (f->text != NULL)
		jw_text(
		    w, f->name, text_cut(w->out->mem, f->text, FIELD_BYTES));
	else
		jw_int(w, f->name, f->number);
}

/* A field that does not fit is taken out again whole, and those behind it. */
static void
put_fields(struct jw *w, const struct log_field *f)
{
	struct buf *b = w->out;
	size_t whole = b->n;

	for (; f->name != NULL && !buf_full(b); f++) {
		whole = b->n;
		put_field(w, f);
	}
	if (!buf_full(b))
		return;
	b->n = whole;
	b->full = false;
	b->max += END_BYTES;
	jw_bool(w, "cut", true);
}

/* Nothing can be done about a log that takes no line. */
static void
write_line(struct slice line)
{
	while (write(log_fd, line.p, line.n) < 0 && errno == EINTR)
		continue;
}

void
log_write(const struct cx *cx, enum log_level level, const char *at,
    const struct log_field *fields)
{
	struct arena *mem;
	struct buf line;
	struct jw w;
	int64_t repeats;

	if (level < least || !log_may(level, at, clock_ms(), &repeats))
		return;
	mem = arena_new();
	line = buf_new(mem, LINE_BYTES);
	w = jw_new(&line);
	jw_object(&w, NULL);
	put_head(&w, level, at);
	put_context(&w, cx);
	if (repeats > 0)
		jw_int(&w, "repeats", repeats);
	put_fields(&w, fields);
	line.max = LINE_BYTES + 2 * END_BYTES;
	jw_close(&w);
	buf_addc(&line, '\n');
	write_line(buf_slice(&line));
	arena_free(mem);
}

void
log_fault(const struct cx *cx, const char *at)
{
	const struct fault *f = &cx->fault;
	const struct rc_row *row = rc_row(f->rc);

	if (f->field == NULL)
		log_at(cx, row->level, at, L_TEXT("code", row->code),
		    L_TEXT("why", f->sentence));
	else
		log_at(cx, row->level, at, L_TEXT("code", row->code),
		    L_TEXT("why", f->sentence), L_TEXT("field", f->field));
}
