/* A second's worth of each kind of log line, so that no fault fills a disk. */
#include <pthread.h>

#include "base/log_rate.h"

/*
 * A kind is known by its hash. Two that meet in one place push each other out:
 * then what was left out of one is never told, which is the lesser evil.
 */
static struct place {
	uint64_t kind;
	int64_t since_ms;
	int64_t left_out;
	int written;
} places[64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* FNV-1a; never 0, which is the empty place's. */
static uint64_t
kind_of(enum log_level level, const char *at)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)level;

	for (; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return hash | 1;
}

static bool
pass(struct place *p, uint64_t kind, int64_t now_ms, int64_t *repeats)
{
	if (p->kind != kind)
		*p = (struct place){ .kind = kind, .since_ms = now_ms };
	if (now_ms - p->since_ms >= 1000) {
		p->since_ms = now_ms;
		p->written = 0;
	}
	if (p->written == LOG_PER_SECOND) {
		p->left_out++;
		return false;
	}
	p->written++;
	*repeats = p->left_out;
	p->left_out = 0;
	return true;
}

bool
log_may(enum log_level level, const char *at, int64_t now_ms, int64_t *repeats)
{
	const uint64_t kind = kind_of(level, at);
	bool may;

	(void)pthread_mutex_lock(&lock);
	may = pass(&places[kind >> 8 & 63], kind, now_ms, repeats);
	(void)pthread_mutex_unlock(&lock);
	return may;
}
