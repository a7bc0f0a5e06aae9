/* Batches of deliveries: written once, read by the sender. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "spool.h"

#define BATCH ".batch"
#define MAGIC "webhook1"

enum {
	ABOUT_BYTES_MAX = 16 << 10,
	ALIGN = 8,
	RETRIES_S = 4 * 3600,
	RETRIES_SHARES = 255 /* 1 + 2 + 4 + ... of eight */
};

int64_t
spool_retry_ms(int64_t n, int64_t scale)
{
	if (n < 1 || n >= SPOOL_TRIES)
		return -1;
	return INT64_C(1000) * RETRIES_S * (INT64_C(1) << (n - 1)) /
	       RETRIES_SHARES / scale;
}

bool
spool_is_batch(const char *name)
{
	return text_ends(name, BATCH);
}

/* ---- writing */

static enum rc
failed(struct cx *cx, const char *path)
{
	return rc_fail(cx, RC_BUSY, "%s: %s", path, strerror(errno));
}

/* Names sort by time; two of one moment differ by the process and a count. */
static const char *
new_name(struct cx *cx)
{
	static unsigned count;
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return text_fmt(cx->mem, "%012lld%09ld-%d-%u", (long long)t.tv_sec,
	    t.tv_nsec, (int)getpid(), count++);
}

enum rc
spool_begin(struct cx *cx, const char *folder, struct spool *out)
{
	*out = (struct spool){ .folder = folder };
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return failed(cx, folder);
	out->path = text_fmt(cx->mem, "%s/%s", folder, new_name(cx));
	out->file = fopen(out->path, "wxe");
	return out->file != NULL ? RC_OK : failed(cx, out->path);
}

static enum rc
write_about(struct buf *b, const struct parcel *p)
{
	struct jw w = jw_new(b);
	size_t i;

	jw_object(&w, NULL);
	jw_text(&w, "shop", p->shop);
	jw_text(&w, "topic", p->topic);
	jw_text(&w, "delivery", p->delivery);
	jw_text(&w, "event", p->event);
	jw_text(&w, "uri", p->uri);
	jw_int(&w, "hook", p->hook);
	jw_int(&w, "copy", p->copy);
	jw_int(&w, "scale", p->scale);
	jw_list(&w, "headers");
	for (i = 0; i < p->n_headers; i++)
		jw_text(&w, NULL, p->headers[i]);
	jw_close(&w);
	jw_close(&w);
	return jw_end(&w);
}

static size_t
padding(size_t n)
{
	return (ALIGN - n % ALIGN) % ALIGN;
}

enum rc
spool_put(struct cx *cx, struct spool *s, const struct parcel *p)
{
	static const char zeros[ALIGN];
	struct buf about = buf_new(cx->mem, ABOUT_BYTES_MAX);
	struct spool_head h = { .body_bytes = p->body.n, .due_ms = p->due_ms };

	TRY(write_about(&about, p));
	memcpy(h.magic, MAGIC, sizeof(h.magic));
	h.about_bytes = (uint32_t)about.n;
	(void)fwrite(&h, sizeof(h), 1, s->file);
	(void)fwrite(about.p, 1, about.n, s->file);
	(void)fwrite(p->body.p, 1, p->body.n, s->file);
	(void)fwrite(zeros, 1, padding(about.n + p->body.n), s->file);
	s->n++;
	return ferror(s->file) ? failed(cx, s->path) : RC_OK;
}

void
spool_forget(struct spool *s)
{
	if (s->file == NULL)
		return;
	(void)fclose(s->file);
	s->file = NULL;
	(void)unlink(s->path);
}

enum rc
spool_end(struct cx *cx, struct spool *s)
{
	FILE *file = s->file;

	if (s->n == 0) {
		spool_forget(s);
		return RC_OK;
	}
	s->file = NULL;
	if (fclose(file) != 0 ||
	    rename(s->path, text_fmt(cx->mem, "%s" BATCH, s->path)) < 0) {
		(void)unlink(s->path);
		return failed(cx, s->path);
	}
	return RC_OK;
}

/* ---- reading */

enum rc
spool_map(struct cx *cx, const char *path, struct spool_map *out)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return failed(cx, path);
	if (fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	(void)close(fd);
	if (p == MAP_FAILED)
		return rc_fail(cx, RC_INPUT, "%s is no batch", path);
	*out = (struct spool_map){ p, (size_t)st.st_size };
	return RC_OK;
}

void
spool_unmap(struct spool_map *m)
{
	if (m->p != NULL)
		(void)munmap(m->p, m->n);
	m->p = NULL;
}

struct spool_head *
spool_next(const struct spool_map *m, size_t *at)
{
	struct spool_head *h = (void *)(m->p + *at);
	size_t left = m->n - *at;

	if (left < sizeof(*h) || memcmp(h->magic, MAGIC, sizeof(h->magic)) != 0)
		return NULL;
	left -= sizeof(*h);
	if (h->about_bytes > left || h->body_bytes > left - h->about_bytes)
		return NULL;
	*at += sizeof(*h) + h->about_bytes + h->body_bytes +
	       padding(h->about_bytes + h->body_bytes);
	return h;
}

static const char *const *
texts_of(struct arena *mem, struct json list, size_t *n)
{
	const char **items = ARENA_ARRAY(mem, const char *, jlen(list) + 1);

	for (*n = 0; *n < jlen(list); (*n)++)
		items[*n] = jtext_or(jitem(list, *n), "", "");
	return items;
}

enum rc
spool_read(struct cx *cx, const struct spool_head *h, struct parcel *out)
{
	const char *about = (const char *)(h + 1);
	struct json j;

	TRY(json_read(cx, (struct slice){ about, h->about_bytes },
	    ABOUT_BYTES_MAX, RC_INPUT, &j));
	*out = (struct parcel){ .shop = jtext_or(j, "shop", ""),
		.topic = jtext_or(j, "topic", ""),
		.delivery = jtext_or(j, "delivery", ""),
		.event = jtext_or(j, "event", ""),
		.uri = jtext_or(j, "uri", ""),
		.hook = jint_or(j, "hook", 0),
		.copy = jint_or(j, "copy", 0),
		.scale = jint_or(j, "scale", 1),
		.due_ms = h->due_ms,
		.body = { about + h->about_bytes, h->body_bytes } };
	out->headers = texts_of(cx->mem, jat(j, "headers"), &out->n_headers);
	return RC_OK;
}

static size_t
waiting_in(struct cx *cx, const char *path)
{
	struct spool_map m = { 0 };
	const struct spool_head *h;
	size_t at = 0, n = 0;

	if (spool_map(cx, path, &m) != RC_OK) {
		rc_forget(cx); /* the sender has just taken it away */
		return 0;
	}
	while ((h = spool_next(&m, &at)) != NULL)
		n += h->state == SPOOL_WAITS;
	spool_unmap(&m);
	return n;
}

size_t
spool_waiting(struct cx *cx, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	size_t n = 0;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (spool_is_batch(entry->d_name))
			n += waiting_in(cx,
			    text_fmt(cx->mem, "%s/%s", folder, entry->d_name));
	if (dir != NULL)
		(void)closedir(dir);
	return n;
}
