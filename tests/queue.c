/* What tests of the queue share. */
#include "queue.h"

#include <atf-c.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

void
test_claim(void)
{
	test_sql("t", "INSERT INTO worker (host, pid, lease_until) "
		      "SELECT 'h', 1, now() + interval '1 h' "
		      "WHERE NOT EXISTS (SELECT 1 FROM worker);"
		      "SELECT count(c.*) FROM queue q, worker w, LATERAL "
		      "job_claim(q.id, w.id, 1000, -1, 256) c");
}

void
test_end(int64_t id, const char *said)
{
	const char *became = test_answer("t",
	    text_fmt(test_arena(),
		"SELECT became FROM job j, LATERAL job_finish(ARRAY[j.id], "
		"ARRAY[j.epoch], ARRAY['%s'], NULL, NULL, NULL) "
		"WHERE j.id = %lld",
		said, (long long)id));

	ATF_REQUIRE_MSG(became[0] != '\0',
	    "job %lld is not live, or was "
	    "refused",
	    (long long)id);
}

int64_t
test_put(const char *unique, double delay_s)
{
	const struct job_new job = {
		.kind = JOB_PULL_PAGE,
		.shop_id = SHOP,
		.unique = unique,
		.priority = JOB_USUAL,
		.delay_s = delay_s,
	};
	int64_t id;

	OK(job_put(test_cx(), &job, &id));
	return id;
}

/* Waits for the word that all have, which is the end of the pipe. */
static int
child(int go, const char *program, together_fn *work, int i)
{
	struct cx *cx = test_rival(program);
	char byte;

	(void)!read(go, &byte, 1);
	if (work(cx, i) == RC_OK)
		return 0;
	(void)fprintf(stderr, "%d: %s\n", i,
	    cx->fault.sentence ? cx->fault.sentence : "failed");
	return 1;
}

void
test_together(int n, const char *program, together_fn *work)
{
	int go[2], status, bad = 0;

	ATF_REQUIRE_EQ(0, pipe(go));
	for (int i = 0; i < n; i++) {
		const pid_t pid = fork();

		ATF_REQUIRE(pid >= 0);
		if (pid != 0)
			continue;
		(void)close(go[1]);
		_exit(child(go[0], program, work, i));
	}
	(void)close(go[0]);
	(void)close(go[1]);
	for (int i = 0; i < n; i++)
		bad += wait(&status) < 0 || status != 0;
	ATF_CHECK_EQ_MSG(0, bad, "%d of %d failed", bad, n);
}
