/* Counting: into a file that the process maps, or into memory without one. */
#include "io/count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "io/count_table.h"

enum { NAMES_TRIED = 100 };

static _Alignas(
    8) unsigned char in_memory[sizeof(struct count_head) + 8 +
			       COUNT_SLOTS * (sizeof(uint32_t) +
						 sizeof(struct count_slot))];

static struct {
	struct count_head *table; /* NULL: in_memory */
	int fd; /* holds the lock that says we live */
} file = { NULL, -1 };

struct count_head *
count_table_own(void)
{
	struct count_head *t = (struct count_head *)(void *)in_memory;

	if (file.table)
		return file.table;
	if (t->slots == 0)
		count_table_init(t, COUNT_SLOTS);
	return t;
}

/*
 * The file under a name nobody looks at, and locked: without its lock a file
 * counts as a dead process's. The room is taken now, because a full disk would
 * otherwise kill us at some later count.
 */
static int
hidden_file(const char *path)
{
	const off_t size = (off_t)count_table_bytes(COUNT_SLOTS);
	int fd;

	(void)unlink(path);
	fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
		errno = posix_fallocate(fd, 0, size);
		if (errno == 0)
			return fd;
	}
	(void)close(fd);
	(void)unlink(path);
	return -1;
}

static struct count_head *
map_new(int fd)
{
	struct count_head *t;
	struct timespec now;

	t = mmap(NULL, count_table_bytes(COUNT_SLOTS), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (t == MAP_FAILED)
		return NULL;
	count_table_init(t, COUNT_SLOTS);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	t->id = ((uint64_t)now.tv_sec << 30 | (uint64_t)now.tv_nsec) ^
		(uint64_t)getpid() << 40;
	return t;
}

/* A process before us may have had our number and left its file. */
static bool
show(struct cx *cx, const char *folder, const char *hidden)
{
	for (int i = 0; i < NAMES_TRIED; i++) {
		const char *name =
		    i == 0 ? text_fmt(cx->mem, "%s/%s.%d", folder, cx->program,
				 (int)getpid())
			   : text_fmt(cx->mem, "%s/%s.%d-%d", folder,
				 cx->program, (int)getpid(), i);

		if (link(hidden, name) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

static bool
start_in(struct cx *cx, const char *folder)
{
	const char *hidden =
	    text_fmt(cx->mem, "%s/.new.%d", folder, (int)getpid());
	bool shown;

	if (mkdir(folder, 0770) < 0 && errno != EEXIST)
		return false;
	file.fd = hidden_file(hidden);
	if (file.fd < 0)
		return false;
	file.table = map_new(file.fd);
	shown = file.table && show(cx, folder, hidden);
	(void)unlink(hidden);
	return shown;
}

/* A file from before a fork stays its maker's. */
static void
let_go(void)
{
	if (file.table)
		(void)munmap(file.table, count_table_bytes(COUNT_SLOTS));
	if (file.fd >= 0)
		(void)close(file.fd);
	file.table = NULL;
	file.fd = -1;
}

void
count_start(struct cx *cx)
{
	const char *folder =
	    text_fmt(cx->mem, "%s/metrics", conf_text(C_RUN_DIR));

	let_go();
	if (start_in(cx, folder))
		return;
	log_warn(cx, "count.no_file", L_TEXT("folder", folder),
	    L_TEXT("why", strerror(errno)));
	let_go();
}

static struct count_slot *
slot_of(enum metric m, const char *labels)
{
	struct count_slot *s =
	    count_slot(count_table_own(), m, labels ? labels : "");

	if (!s)
		(void)__atomic_add_fetch(
		    &count_table_own()->lost, 1, __ATOMIC_RELAXED);
	return s;
}

void
count_add(enum metric m, const char *labels, int64_t n)
{
	struct count_slot *s = slot_of(m, labels);

	if (s)
		(void)__atomic_add_fetch(&s->value, n, __ATOMIC_RELAXED);
}

void
count_set(enum metric m, const char *labels, int64_t value)
{
	struct count_slot *s = slot_of(m, labels);

	if (s)
		__atomic_store_n(&s->value, value, __ATOMIC_RELAXED);
}

static size_t
bucket_of(double seconds)
{
	size_t i = 0;

	while (i < COUNT_BUCKETS - 1 && seconds > count_limits[i].seconds)
		i++;
	return i;
}

void
count_seconds(enum metric m, const char *labels, double seconds)
{
	struct count_slot *s = slot_of(m, labels);

	if (!s || !(seconds >= 0)) /* nor what is not a number */
		return;
	if (count_rows[m].type == METRIC_SECONDS) {
		__atomic_store_n(
		    &s->value, (int64_t)(seconds * 1e9), __ATOMIC_RELAXED);
		return;
	}
	(void)__atomic_add_fetch(
	    &s->buckets[bucket_of(seconds)], 1, __ATOMIC_RELAXED);
	(void)__atomic_add_fetch(
	    &s->value, (int64_t)(seconds * 1e9), __ATOMIC_RELAXED);
}
