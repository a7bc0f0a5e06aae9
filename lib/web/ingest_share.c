/* What the checks look into, replaced while they look. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"
#include "web/ingest_in.h"

struct share {
	void *thing;
	void (*end)(void *);
	int users;
	struct share *older;
};

static struct share *newest;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Takes out of the list those that nobody uses, but the first `keep`. */
static struct share *
unused(struct share **from, bool keep_first)
{
	struct share *out = NULL;

	if (keep_first && *from != NULL)
		from = &(*from)->older;
	while (*from != NULL) {
		struct share *s = *from;

		if (s->users > 0) {
			from = &s->older;
			continue;
		}
		*from = s->older;
		s->older = out;
		out = s;
	}
	return out;
}

static void
end_all(struct share *s)
{
	while (s != NULL) {
		struct share *older = s->older;

		if (s->end != NULL)
			s->end(s->thing);
		free(s);
		s = older;
	}
}

void
ingest_share(void *shared, void (*end)(void *))
{
	struct share *s = mem_new(sizeof(*s)), *gone;

	*s = (struct share){ .thing = shared, .end = end };
	(void)pthread_mutex_lock(&lock);
	s->older = newest;
	newest = s;
	gone = unused(&newest, true);
	(void)pthread_mutex_unlock(&lock);
	end_all(gone);
}

const void *
share_take(void)
{
	const void *thing = NULL;

	(void)pthread_mutex_lock(&lock);
	if (newest != NULL) {
		newest->users++;
		thing = newest->thing;
	}
	(void)pthread_mutex_unlock(&lock);
	return thing;
}

void
share_give(const void *shared)
{
	struct share *s, *gone = NULL;

	(void)pthread_mutex_lock(&lock);
	for (s = newest; s != NULL && s->thing != shared; s = s->older)
		continue;
	assert(s != NULL || shared == NULL);
	if (s != NULL && --s->users == 0 && s != newest)
		gone = unused(&newest, true);
	(void)pthread_mutex_unlock(&lock);
	end_all(gone);
}

void
share_end(void)
{
	struct share *gone;

	(void)pthread_mutex_lock(&lock);
	gone = unused(&newest, false);
	(void)pthread_mutex_unlock(&lock);
	end_all(gone);
}
