/* Bulk operations as rows, and their heads. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulk.h"
#include "chain.h"
#include "sandbox.h"

enum { FIRST_ID = 5000001, LIFE_S = 7 * 24 * 3600 };

static const struct member members[] = {
	ROW_INT(bulk_row, id),
	ROW_INT(bulk_row, created_at),
	ROW_TEXT(bulk_row, shop),
	ROW_TEXT(bulk_row, query),
	ROW_END,
};
static const struct chain chain =
    CHAIN("rows", bulk_row, bulks, first, members);

static const char *const status_words[] = { "CREATED", "RUNNING", "COMPLETED",
	"CANCELING", "CANCELED", "FAILED", "EXPIRED" };
static const char *const error_words[] = { NULL, "ACCESS_DENIED",
	"INTERNAL_SERVER_ERROR", "TIMEOUT" };

const char *
bulk_status_word(enum bulk_status status)
{
	return status_words[status];
}

const char *
bulk_error_word(enum bulk_error error)
{
	return error_words[error];
}

const char *
bulk_gid(struct cx *cx, int64_t id)
{
	return text_fmt(
	    cx->mem, "gid://shopify/BulkOperation/%lld", (long long)id);
}

const char *
bulk_path(struct cx *cx, int64_t id, const char *ending)
{
	return text_fmt(cx->mem, "%s/%lld.%s", sandbox()->bulks.folder,
	    (long long)id, ending);
}

bool
bulk_head_read(struct cx *cx, int64_t id, struct bulk_head *out)
{
	const int fd =
	    open(bulk_path(cx, id, "head"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool ok;

	if (fd < 0)
		return false;
	ok = read(fd, out, sizeof(*out)) == (ssize_t)sizeof(*out);
	(void)close(fd);
	return ok;
}

static bool
is_going(const struct bulk_head *h)
{
	return h->status == BULK_CREATED || h->status == BULK_RUNNING ||
	       h->status == BULK_CANCELING;
}

struct bulk_row *
bulks_add(struct bulks *b, const char *shop, const char *query, int64_t now)
{
	struct bulk_row *row = ARENA_NEW(b->mem, struct bulk_row);

	if (b->last_id < FIRST_ID)
		b->last_id = FIRST_ID;
	*row = (struct bulk_row){ .id = b->last_id++,
		.created_at = now,
		.shop = text_dup(b->mem, shop),
		.query = text_dup(b->mem, query),
		.next = b->first };
	b->first = row;
	return row;
}

struct bulk_row *
bulks_find(const struct bulks *b, int64_t id)
{
	struct bulk_row *row = b->first;

	while (row != NULL && row->id != id)
		row = row->next;
	return row;
}

size_t
bulks_going(
    struct cx *cx, const struct bulks *b, const char *shop, const char **gids)
{
	const struct bulk_row *row;
	struct bulk_head h;
	size_t n = 0;

	*gids = "";
	for (row = b->first; row != NULL; row = row->next) {
		if (!text_same(row->shop, shop) ||
		    !bulk_head_read(cx, row->id, &h) || !is_going(&h))
			continue;
		*gids = text_fmt(cx->mem, "%s%s%s", *gids, n ? ", " : "",
		    bulk_gid(cx, row->id));
		n++;
	}
	return n;
}

/* A result is kept for a week by the sandbox's clock. */
static bool
is_over(const struct bulk_head *h)
{
	return !is_going(h) && sandbox_now() >= h->completed_at + LIFE_S;
}

static void
show_result(struct cx *cx, const struct bulk_row *row,
    const struct bulk_head *h, struct bulk *out)
{
	const int64_t until = sandbox_now() + sandbox()->rules.bulk_url_s;

	if (is_going(h) || h->bytes == 0)
		return;
	out->bytes = text_fmt(cx->mem, "%lld", (long long)h->bytes);
	if (h->status == BULK_COMPLETED)
		out->url = bulk_url(cx, row->id, until);
	else
		out->partial_url = bulk_url(cx, row->id, until);
}

enum rc
bulk_show(struct cx *cx, const struct bulk_row *row, struct bulk *out)
{
	struct bulk_head h;

	if (!bulk_head_read(cx, row->id, &h))
		return rc_fail(cx, RC_BUSY, "bulk operation %lld has no head",
		    (long long)row->id);
	*out = (struct bulk){ .thing = { .id = row->id,
				  .created_at = row->created_at,
				  .updated_at = h.completed_at },
		.status = status_words[is_over(&h) ? BULK_EXPIRED : h.status],
		.error = error_words[h.error],
		.query = row->query,
		.objects = h.objects,
		.roots = h.roots };
	if (h.stop && is_going(&h))
		out->status = status_words[BULK_CANCELING];
	if (!is_over(&h))
		show_result(cx, row, &h, out);
	return RC_OK;
}

bool
bulk_stop(struct cx *cx, const struct bulk_row *row)
{
	const int64_t yes = 1;
	struct bulk_head h;
	int fd;
	bool ok;

	if (!bulk_head_read(cx, row->id, &h) || !is_going(&h))
		return false;
	fd = open(
	    bulk_path(cx, row->id, "head"), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	ok = fd >= 0 && pwrite(fd, &yes, sizeof(yes),
			    offsetof(struct bulk_head, stop)) == sizeof(yes);
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

void
bulks_write(struct jw *w, const char *name, const struct bulks *b)
{
	jw_object(w, name);
	jw_int(w, "last_id", b->last_id);
	chain_write(w, &chain, b);
	jw_close(w);
}

void
bulks_read(struct bulks *b, struct json in)
{
	b->last_id = jint_or(in, "last_id", 0);
	chain_read(b->mem, &chain, jat(in, "rows"), b);
}
