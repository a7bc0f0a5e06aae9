/* From the file of a bulk operation to our tables, a chunk a transaction. */
#include "app/bulk.h"
#include "app/bulk_chunk.h"
#include "base/clock.h"
#include "base/log.h"
#include "shopify/bulk_file.h"

enum { PROGRESS_MS = 5000, LATE_AT_ONCE = 200 };

struct import {
	struct bulk_work *work;
	struct bulk_source source;
	struct keys keys;
	int64_t told_ms; /* when progress was told last */
	uint64_t kept; /* chunks so far */
};

/* For people, and so that nobody thinks it stands still. */
static void
tell(struct cx *cx, struct import *im)
{
	const struct bulk_part *part = &im->work->part;

	if (clock_ms() < im->told_ms + PROGRESS_MS)
		return;
	im->told_ms = clock_ms();
	job_progress(cx, part->read_bytes, part->file_bytes,
	    text_fmt(cx->mem, "%lld lines", (long long)part->read_lines));
}

/* Whenever there are twice as many. */
static enum rc
replan(struct cx *cx, struct import *im)
{
	const uint64_t n = im->kept++;

	return (n & (n - 1)) == 0 ? bulk_replan(cx) : RC_OK;
}

static enum rc
keep(struct cx *cx, struct import *im, const struct bulk_chunk *c,
    const struct bulk_left *late)
{
	struct bulk_step step = { .objects = c->roots };

	TRY(bulk_chunk_children(cx, c, &step.children));
	TRY(replan(cx, im));
	TRY(db_begin(cx));
	TRY(job_fence(cx));
	TRY(bulk_chunk_save(cx, c));
	if (late != NULL)
		TRY(bulk_left_drop(
		    cx, &im->work->part, "child", late->ids, late->n));
	TRY(bulk_part_advance(cx, &im->work->part, &step));
	return db_commit(cx);
}

static enum rc
take(struct cx *cx, struct import *im, struct slice lines, int64_t end)
{
	struct bulk_part *part = &im->work->part;
	struct bulk_chunk c;

	TRY(bulk_chunk_read(
	    cx, &im->source, lines, end - (int64_t)lines.n, &c));
	part->read_bytes = end;
	part->read_lines += (int64_t)c.n;
	return keep(cx, im, &c, NULL);
}

static enum rc
take_file(struct cx *cx, struct import *im, const struct bulk_op *op)
{
	struct bulk_part *part = &im->work->part;
	const struct bulk_ask ask = { op->url, part->read_bytes, op->bytes };
	struct arena_mark mark;
	struct bulk_file *file;
	struct slice lines;
	int64_t end;

	TRY(bulk_file_open(cx, &ask, &file));
	mark = arena_mark(cx->mem);
	for (;;) {
		TRY(bulk_file_next(cx, file, &lines));
		if (lines.n == 0)
			return RC_OK;
		end = bulk_file_at(file);
		TRY(take(cx, im, lines, end));
		arena_back(cx->mem, mark);
		tell(cx, im);
		if (cx->should_stop && cx->should_stop())
			return rc_fail(cx, RC_STOPPED, "asked to stop");
	}
}

/* Children that came before their parents, now that all are there. */
static enum rc
take_late(struct cx *cx, struct import *im)
{
	const struct arena_mark mark = arena_mark(cx->mem);
	struct bulk_left late;
	struct bulk_chunk c;

	for (;;) {
		TRY(bulk_left_list(
		    cx, &im->work->part, "child", LATE_AT_ONCE, &late));
		if (late.n == 0)
			return RC_OK;
		TRY(bulk_chunk_late(cx, &im->source, &late, &c));
		if (c.n_orphans > 0)
			log_warn(cx, "bulk.orphans",
			    L_TEXT("resource", im->work->part.resource),
			    L_INT("lines", c.n_orphans));
		TRY(keep(cx, im, &c, &late));
		arena_back(cx->mem, mark);
		tell(cx, im);
	}
}

/* Shopify's counts and ours. */
static enum rc
check_counts(struct cx *cx, const struct import *im, const struct bulk_op *op)
{
	const struct bulk_part *part = &im->work->part;

	if (part->read_lines == op->objects)
		return RC_OK;
	return rc_fail(cx, RC_REMOTE,
	    "the bulk file has %lld objects where Shopify counts %lld",
	    (long long)part->read_lines, (long long)op->objects);
}

enum rc
bulk_import(struct cx *cx, struct bulk_work *work, const struct bulk_op *op)
{
	struct import im = { .work = work };

	TRY(keys_load(cx, work->shop.id, KEYS_MAKE, &im.keys));
	im.source = (struct bulk_source){ &work->shop, work->resource,
		&work->part, &im.keys };
	TRY(take_file(cx, &im, op));
	TRY(check_counts(cx, &im, op));
	return take_late(cx, &im);
}
