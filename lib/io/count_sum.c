/* Adding up every process's figures; what the dead counted is kept. */
#include "io/count_table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/text.h"
#include "io/wait.h"

enum { LOCK_WAIT_MS = 1000, LOCK_STEP_MS = 5 };

/* A folder of counters' files while it is added up. */
struct adding {
	struct cx *cx;
	struct arena *mem; /* for what ends when we are done: files, the lock */
	int dir;
	struct count_head *sum;
};

/* A file that is mapped; it closes, and so unlocks, with the arena. */
struct mapped {
	int fd;
	struct count_head *table;
	size_t n;
};

static void
mapped_end(void *thing)
{
	struct mapped *m = thing;

	if (m->table)
		(void)munmap(m->table, m->n);
	(void)close(m->fd);
}

/* NULL when it is not to be had; table NULL when it holds no table of ours. */
static struct mapped *
mapped_open(struct adding *a, const char *name)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	struct mapped *m = ARENA_NEW(a->mem, struct mapped);
	struct stat st;
	void *p;

	m->fd = openat(a->dir, name, flags);
	if (m->fd < 0)
		return NULL;
	arena_tie(a->mem, m, mapped_end);
	if (fstat(m->fd, &st) < 0 || st.st_size < (off_t)sizeof(*m->table))
		return m;
	m->n = (size_t)st.st_size;
	p = mmap(NULL, m->n, PROT_READ | PROT_WRITE, MAP_PRIVATE, m->fd, 0);
	if (p == MAP_FAILED)
		return m;
	m->table = p;
	if (!count_table_ok(m->table, m->n)) {
		(void)munmap(m->table, m->n);
		m->table = NULL;
	}
	return m;
}

static bool
is_level(enum metric_type type)
{
	return type == METRIC_LEVEL || type == METRIC_SECONDS;
}

/* What a process that is gone had open is no longer so. */
static bool
is_past(enum metric_type type, bool dead)
{
	return dead && (type == METRIC_GAUGE || is_level(type));
}

static void
add_value(struct count_slot *to, int64_t value, enum metric_type type)
{
	if (!is_level(type))
		to->value += value;
	else if (!to->told || value > to->value)
		to->value = value;
	to->told = 1;
}

static void
add_slot(struct count_head *sum, const struct count_slot *from, bool dead)
{
	enum metric_type type;
	struct count_slot *to;

	if (!__atomic_load_n(&from->ready, __ATOMIC_ACQUIRE) ||
	    from->metric >= M_COUNT ||
	    !memchr(from->labels, '\0', COUNT_LABELS_BYTES))
		return;
	type = count_rows[from->metric].type;
	if (is_past(type, dead))
		return;
	to = count_slot(sum, (enum metric)from->metric, from->labels);
	if (!to) {
		sum->lost++;
		return;
	}
	add_value(to, __atomic_load_n(&from->value, __ATOMIC_RELAXED), type);
	for (size_t i = 0; i < COUNT_BUCKETS; i++)
		to->buckets[i] +=
		    __atomic_load_n(&from->buckets[i], __ATOMIC_RELAXED);
}

static void
add_table(struct count_head *sum, struct count_head *from, bool dead)
{
	const struct count_slot *slots = count_slots(from);

	for (uint32_t i = 0; i < from->slots && from->keys[i] != 0; i++)
		add_slot(sum, &slots[i], dead);
	sum->lost += __atomic_load_n(&from->lost, __ATOMIC_RELAXED);
}

static bool
write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		const ssize_t wrote = write(fd, at, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		at += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

/* The sum as the new ".dead", all of it or none; free slots are a hole. */
static bool
keep_sum(struct adding *a)
{
	const size_t whole = count_table_bytes(a->sum->slots);
	uint32_t used = 0;
	size_t n;
	bool ok;
	int fd;

	while (used < a->sum->slots && a->sum->keys[used] != 0)
		used++;
	n = (size_t)((char *)&count_slots(a->sum)[used] - (char *)a->sum);
	(void)unlinkat(a->dir, ".dead.new", 0);
	fd = openat(a->dir, ".dead.new",
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return false;
	ok = write_all(fd, a->sum, n) && ftruncate(fd, (off_t)whole) == 0;
	ok = close(fd) == 0 && ok;
	return ok && renameat(a->dir, ".dead.new", a->dir, ".dead") == 0;
}

typedef enum rc each_file(struct adding *a, const char *name, struct mapped *m);

/* Whoever added this one up last did not live to take its file away. */
static enum rc
drop_if_folded(struct adding *a, const char *name, struct mapped *m)
{
	if (m->table && m->table->id == a->sum->folded)
		(void)unlinkat(a->dir, name, 0);
	return RC_OK;
}

/*
 * A process holds a lock on its file; who gets the lock finds nobody home. The
 * file goes into the sum, the sum into ".dead", then the file away. The number
 * in the sum tells the next of us when only the last step is left.
 */
static enum rc
fold_if_dead(struct adding *a, const char *name, struct mapped *m)
{
	if (flock(m->fd, LOCK_EX | LOCK_NB) < 0)
		return RC_OK;
	if (m->table) {
		add_table(a->sum, m->table, true);
		a->sum->folded = m->table->id;
		if (!keep_sum(a))
			return rc_fail(a->cx, RC_BUSY,
			    "figures of the dead cannot be kept: %s",
			    strerror(errno));
	}
	(void)unlinkat(a->dir, name, 0);
	return RC_OK;
}

static enum rc
add_living(struct adding *a, const char *name, struct mapped *m)
{
	(void)name;
	if (m->table)
		add_table(a->sum, m->table, false);
	return RC_OK;
}

static void
dir_end(void *thing)
{
	(void)closedir(thing);
}

static enum rc
each(struct adding *a, each_file *visit)
{
	const int fd = openat(a->dir, ".", O_RDONLY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d)
		return rc_fail(a->cx, RC_BUSY, "figures cannot be listed: %s",
		    strerror(errno));
	arena_tie(a->mem, d, dir_end);
	while ((e = readdir(d))) {
		struct arena_mark mark = arena_mark(a->mem);
		struct mapped *m;

		if (e->d_name[0] == '.')
			continue;
		m = mapped_open(a, e->d_name);
		if (m)
			TRY(visit(a, e->d_name, m));
		arena_back(a->mem, mark);
	}
	return RC_OK;
}

static void
sum_end(void *thing)
{
	(void)munmap(thing, count_table_bytes(COUNT_SUM_SLOTS));
}

static enum rc
sum_new(struct adding *a)
{
	struct mapped *dead;
	void *p;

	p = mmap(NULL, count_table_bytes(COUNT_SUM_SLOTS),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return rc_fail(a->cx, RC_BUSY, "no memory to add up figures");
	arena_tie(a->cx->mem, p, sum_end);
	a->sum = p;
	count_table_init(a->sum, COUNT_SUM_SLOTS);
	dead = mapped_open(a, ".dead");
	if (dead && dead->table) {
		add_table(a->sum, dead->table, true);
		a->sum->folded = dead->table->folded;
	}
	return RC_OK;
}

static void
fd_end(void *thing)
{
	(void)close(*(int *)thing);
}

static int
tied(struct adding *a, int fd)
{
	int *kept = ARENA_NEW(a->mem, int);

	*kept = fd;
	if (fd >= 0)
		arena_tie(a->mem, kept, fd_end);
	return fd;
}

/* One at a time adds up; the others wait, but not for one that is stuck. */
static enum rc
lock(struct adding *a)
{
	const int64_t until = clock_ms() + LOCK_WAIT_MS;
	const int fd =
	    tied(a, openat(a->dir, ".lock",
			O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660));

	if (fd < 0)
		return rc_fail(a->cx, RC_BUSY, "figures cannot be locked: %s",
		    strerror(errno));
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (clock_ms() >= until)
			return rc_fail(
			    a->cx, RC_BUSY, "figures are locked by another");
		TRY(wait_until(a->cx, clock_ms() + LOCK_STEP_MS));
	}
	return RC_OK;
}

static enum rc
add_up(struct adding *a)
{
	const char *folder =
	    text_fmt(a->mem, "%s/metrics", conf_text(C_RUN_DIR));

	a->dir = tied(a, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (a->dir < 0)
		return rc_fail(a->cx, RC_BUSY, "no figures in %s: %s", folder,
		    strerror(errno));
	TRY(lock(a));
	TRY(sum_new(a));
	TRY(each(a, drop_if_folded));
	TRY(each(a, fold_if_dead));
	return each(a, add_living);
}

enum rc
count_sum(struct cx *cx, struct count_head **out)
{
	struct adding a = { .cx = cx, .mem = arena_new() };
	const enum rc rc = add_up(&a);

	arena_free(a.mem);
	*out = a.sum;
	return rc;
}
