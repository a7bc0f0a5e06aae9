/* The handlers of this process, and what is asked of them. */
#include "app/handlers.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/log.h"

enum { FILE_MAX_BYTES = 256 * 1024 };

/* One a process, in memory that outlives a job. `told` is shared with the
 * processes that were forked since: how often the file was changed. */
static struct {
	struct arena *mem;
	struct handlers all;
	atomic_uint *told;
	unsigned int read_at; /* what `told` was; with `read` */
	bool read;
} ours;

void
handlers_changed(void)
{
	if (!ours.told) {
		void *page = mmap(NULL, sizeof(*ours.told),
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		ours.told = page == MAP_FAILED ? NULL : page;
	}
	if (ours.told)
		atomic_fetch_add(ours.told, 1);
}

static unsigned int
told(void)
{
	return ours.told ? atomic_load(ours.told) : 0;
}

/* ---- reading */

static enum rc
read_text(struct cx *cx, const char **out)
{
	const char *path = conf_text(C_HANDLERS_FILE);
	struct slice text = { NULL, 0 };
	enum rc rc;

	*out = "";
	if (*path == '\0')
		return RC_OK;
	rc = file_read(cx, path, FILE_MAX_BYTES, FILE_ANY, &text);
	if (rc == RC_ABSENT &&
	    text_same(path, conf_row(C_HANDLERS_FILE)->fallback)) {
		rc_forget(cx);
		return RC_OK;
	}
	if (rc == RC_ABSENT) {
		rc_forget(cx);
		return rc_fail(
		    cx, RC_INPUT, "HANDLERS_FILE: there is no file %s", path);
	}
	TRY(rc);
	if (memchr(text.p, '\0', text.n))
		return rc_fail(cx, RC_INPUT, "%s is no text", path);
	*out = text.p;
	return RC_OK;
}

/* Into memory of their own, which its failure's words must outlive. */
static enum rc
read_into(struct cx *cx, struct arena *mem, struct handlers *out)
{
	struct cx own = { .mem = mem, .program = cx->program };
	const char *text;
	enum rc rc;

	TRY(read_text(cx, &text));
	rc = handlers_parse(&own, text_dup(mem, text), out);
	if (rc == RC_OK)
		return RC_OK;
	return rc_fail(cx, rc, "%s",
	    own.fault.sentence ? own.fault.sentence : rc_row(rc)->title);
}

static void
free_before(void *mem)
{
	arena_free(mem);
}

enum rc
handlers_load(struct cx *cx)
{
	struct arena *mem = arena_new();
	struct handlers all;
	enum rc rc;

	/* However it ends: one that is wrong is not read for each job. */
	ours.read = true;
	ours.read_at = told();
	rc = read_into(cx, mem, &all);
	if (rc != RC_OK) {
		arena_free(mem);
		return rc;
	}
	/* Jobs that wait for the network, each a task, still hold what was
	 * read before: it stays, a few KB for each change. */
	if (ours.mem)
		arena_tie(mem, ours.mem, free_before);
	ours.mem = mem;
	ours.all = all;
	return RC_OK;
}

const struct handlers *
handlers_now(struct cx *cx)
{
	if (ours.read && ours.read_at == told())
		return &ours.all;
	if (handlers_load(cx) != RC_OK) {
		log_fault(cx, "handlers.fault");
		rc_forget(cx);
	}
	return &ours.all;
}

enum rc
handlers_find(struct cx *cx, const char *name, const struct handler **out)
{
	const struct handlers *all = handlers_now(cx);

	for (size_t i = 0; i < all->n; i++)
		if (text_same(all->list[i].name, name)) {
			*out = &all->list[i];
			return RC_OK;
		}
	return rc_fail(
	    cx, RC_ABSENT, "handlers.conf has no handler %s any more", name);
}

/* ---- asking */

bool
handler_takes(const struct handler *h, enum handler_on on, const char *word)
{
	if (h->on != on)
		return false;
	for (size_t i = 0; i < h->n; i++)
		if (text_same(h->words[i], word) || text_same(h->words[i], "*"))
			return true;
	return false;
}

static bool
is_taken(
    const struct handlers *all, const struct handler *by, const char *topic)
{
	for (size_t i = 0; i < all->n; i++)
		if (text_same(all->list[i].target, by->target) &&
		    handler_takes(&all->list[i], ON_WEBHOOK, topic))
			return true;
	return false;
}

static bool
takes_customers(const struct handler *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->on == ON_WEBHOOK &&
		    text_starts(h->words[i], "customers/"))
			return true;
	return false;
}

const struct handler *
handlers_deaf(const struct handlers *all, const char **lacks)
{
	static const char *const wishes[] = { "customers/data_request",
		"customers/redact" };

	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < 2; k++) {
			*lacks = wishes[k];
			if (takes_customers(&all->list[i]) &&
			    !is_taken(all, &all->list[i], wishes[k]))
				return &all->list[i];
		}
	*lacks = NULL;
	return NULL;
}
