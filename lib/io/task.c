/* Tasks: stacks of their own, swapcontext, and who is ready. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/task.h"

/* ASan must know on which stack we are; its own frames need more room. */
#if defined(__SANITIZE_ADDRESS__)
#define TASK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TASK_ASAN 1
#endif
#endif
#ifdef TASK_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
enum { STACK_BYTES = 4 * TASK_STACK_BYTES };
#else
enum { STACK_BYTES = TASK_STACK_BYTES };
#endif

enum state { NEW, READY, RUNS, PARKED, ENDED };

/* What ASan keeps of a stack that was left. */
struct stack {
	void *fake;
	const void *bottom;
	size_t size;
};

struct task {
	enum state state;
	ucontext_t context;
	struct stack stack;
	void (*run)(void *);
	void *arg;
	const char *ban;
	struct task *next; /* of those that are ready, or of those to be used */
};

static struct {
	ucontext_t context; /* outside of any task */
	struct stack stack;
	struct task *now;
	struct task *first, *last; /* ready, in order */
	struct task *used; /* have ended, the last one first */
	int made;
	int alive;
} all;

/* ---- from one stack to the other */

static void
leaves(struct stack *from, const struct stack *to, bool for_ever)
{
#ifdef TASK_ASAN
	__sanitizer_start_switch_fiber(
	    for_ever ? NULL : &from->fake, to->bottom, to->size);
#else
	(void)from, (void)to, (void)for_ever;
#endif
}

static void
arrives(const struct stack *at, struct stack *from)
{
#ifdef TASK_ASAN
	__sanitizer_finish_switch_fiber(
	    at->fake, from ? &from->bottom : NULL, from ? &from->size : NULL);
#else
	(void)at, (void)from;
#endif
}

/* A stack that was left in the middle has marks of frames that are no more. */
static void
wipe_marks(const struct stack *s)
{
#ifdef TASK_ASAN
	ASAN_UNPOISON_MEMORY_REGION(s->bottom, s->size);
#else
	(void)s;
#endif
}

static void
go(struct task *t)
{
	int rc;

	t->state = RUNS;
	all.now = t;
	leaves(&all.stack, &t->stack, false);
	rc = swapcontext(&all.context, &t->context);
	arrives(&all.stack, NULL);
	assert(rc == 0);
	all.now = NULL;
}

static void
give_way(struct task *t)
{
	int rc;

	leaves(&t->stack, &all.stack, t->state == ENDED);
	rc = swapcontext(&t->context, &all.context);
	assert(rc == 0);
	arrives(&t->stack, &all.stack);
}

/* ---- a task's life */

static void
life(void)
{
	struct task *t = all.now;

	arrives(&t->stack, &all.stack);
	t->run(t->arg);
	assert(t->ban == NULL);
	t->state = ENDED;
	give_way(t);
}

static struct task *
task_new(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct task *t = mem_new(sizeof(*t));
	char *p = mmap(NULL, page + STACK_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (p == MAP_FAILED || mprotect(p, page, PROT_NONE) < 0)
		mem_none();
	t->stack.bottom = p + page;
	t->stack.size = STACK_BYTES;
	all.made++;
	return t;
}

/* The one used last, whose stack is still warm. */
static struct task *
task_take(void)
{
	struct task *t = all.used;

	if (t == NULL)
		return all.made < TASKS_MAX ? task_new() : NULL;
	all.used = t->next;
	wipe_marks(&t->stack);
	return t;
}

static void
line_up(struct task *t)
{
	t->state = READY;
	t->next = NULL;
	if (all.first == NULL)
		all.first = t;
	else
		all.last->next = t;
	all.last = t;
}

/* Apart, because getcontext may come back twice for all that gcc knows. */
static __attribute__((noinline)) void
context_new(ucontext_t *context, const struct stack *on)
{
	const int rc = getcontext(context);

	assert(rc == 0);
	context->uc_stack.ss_sp = (void *)(uintptr_t)on->bottom;
	context->uc_stack.ss_size = on->size;
	context->uc_link = NULL;
	makecontext(context, life, 0);
}

struct task *
task_spawn(void (*run)(void *), void *arg)
{
	struct task *t = task_take();

	if (t == NULL)
		return NULL;
	t->run = run;
	t->arg = arg;
	t->stack.fake = NULL;
	context_new(&t->context, &t->stack);
	all.alive++;
	line_up(t);
	return t;
}

struct task *
task_self(void)
{
	return all.now;
}

void *
task_arg(const struct task *t)
{
	return t->arg;
}

const char **
task_ban(struct task *t)
{
	return &t->ban;
}

int
tasks_count(void)
{
	return all.alive;
}

void
task_park(void)
{
	struct task *t = all.now;

	assert(t != NULL);
	t->state = PARKED;
	give_way(t);
}

void
task_wake(struct task *t)
{
	if (t->state == PARKED)
		line_up(t);
}

static void
bury(struct task *t)
{
	t->state = NEW;
	t->next = all.used;
	all.used = t;
	all.alive--;
}

void
tasks_rest(void)
{
	for (const struct task *t = all.used; t != NULL; t = t->next)
		(void)madvise((void *)(uintptr_t)t->stack.bottom, t->stack.size,
		    MADV_DONTNEED);
}

bool
tasks_run(void)
{
	struct task *t = all.first;

	assert(all.now == NULL);
	all.first = NULL;
	while (t != NULL) {
		struct task *next = t->next; /* going on, it may line up anew */

		go(t);
		if (t->state == ENDED)
			bury(t);
		t = next;
	}
	return all.first != NULL;
}
