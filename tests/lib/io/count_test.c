/* Figures: kept by processes, added up, written for Prometheus. */
#include <atf-c.h>
#include <pthread.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/file.h"
#include "base/log.h"
#include "io/count.h"
#include "io/count_table.h"
#include "test.h"

/* RUN_DIR is the case's own folder; the log is not looked at. */
static void
begin(void)
{
	log_open(LOG_ERR + 1, 2);
	conf_set(C_RUN_DIR, ".");
	ATF_REQUIRE(mkdir("metrics", 0770) == 0);
}

/* What a shell says about it: its exit status. */
static int
sh(const char *command)
{
	int status = -1;
	const pid_t pid = fork();

	if (pid == 0) {
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	ATF_REQUIRE(waitpid(pid, &status, 0) == pid);
	return status;
}

static const char *
written(void)
{
	struct buf b = buf_new(test_arena(), 1 << 20);

	OK(count_write(test_cx(), &b));
	return buf_text(&b);
}

static bool
says(const char *line)
{
	return strstr(written(), text_fmt(test_arena(), "\n%s\n", line)) !=
	       NULL;
}

#define SAYS(line) ATF_CHECK_MSG(says(line), "missing: %s", line)

/* A process that counts `n` refreshes and then is killed, as crashes are. */
static void
killed_after(int64_t n)
{
	const pid_t pid = fork();

	if (pid == 0) {
		count_start(test_cx());
		count_add(M_token_refreshes_total, "outcome=\"new\"", n);
		(void)raise(SIGKILL);
	}
	ATF_REQUIRE(waitpid(pid, NULL, 0) == pid);
}

ATF_TC_WITHOUT_HEAD(without_a_file_counting_does_no_harm);
ATF_TC_BODY(without_a_file_counting_does_no_harm, tc)
{
	begin();
	count_add(M_token_refreshes_total, NULL, 1);
	count_seconds(M_jobd_claim_seconds, NULL, .5);
	ATF_CHECK(!says("token_refreshes_total 1"));
}

ATF_TC_WITHOUT_HEAD(what_is_counted_is_written);
ATF_TC_BODY(what_is_counted_is_written, tc)
{
	begin();
	count_start(test_cx());
	count_add(M_shopify_throttled_total, NULL, 2);
	count_add(M_shopify_throttled_total, NULL, 3);
	count_add(M_jobd_wakes_total, "by=\"poll\"", 1);
	count_add(M_jobd_wakes_total, "by=\"notify\"", 4);
	SAYS("shopify_throttled_total 5");
	SAYS("jobd_wakes_total{by=\"poll\"} 1");
	SAYS("jobd_wakes_total{by=\"notify\"} 4");
}

ATF_TC_WITHOUT_HEAD(what_is_set_replaces_what_was);
ATF_TC_BODY(what_is_set_replaces_what_was, tc)
{
	begin();
	count_start(test_cx());
	count_set(M_shopify_throttled_total, NULL, 7);
	count_set(M_shopify_throttled_total, NULL, 3);
	SAYS("shopify_throttled_total 3");
}

ATF_TC_WITHOUT_HEAD(a_histogram_counts_upwards_and_has_a_sum);
ATF_TC_BODY(a_histogram_counts_upwards_and_has_a_sum, tc)
{
	begin();
	count_start(test_cx());
	count_seconds(M_jobd_claim_seconds, NULL, .001); /* on the limit */
	count_seconds(M_jobd_claim_seconds, NULL, .3);
	count_seconds(M_jobd_claim_seconds, NULL, 31);
	count_seconds(M_jobd_run_seconds, "queue=\"q\"", .02);
	SAYS("jobd_claim_seconds_bucket{le=\"0.001\"} 1");
	SAYS("jobd_claim_seconds_bucket{le=\"0.25\"} 1");
	SAYS("jobd_claim_seconds_bucket{le=\"0.5\"} 2");
	SAYS("jobd_claim_seconds_bucket{le=\"30\"} 2");
	SAYS("jobd_claim_seconds_bucket{le=\"+Inf\"} 3");
	SAYS("jobd_claim_seconds_sum 31.301000000");
	SAYS("jobd_claim_seconds_count 3");
	SAYS("jobd_run_seconds_bucket{queue=\"q\",le=\"0.025\"} 1");
	SAYS("jobd_run_seconds_sum{queue=\"q\"} 0.020000000");
	SAYS("jobd_run_seconds_count{queue=\"q\"} 1");
}

ATF_TC_WITHOUT_HEAD(a_time_before_its_start_is_not_counted);
ATF_TC_BODY(a_time_before_its_start_is_not_counted, tc)
{
	begin();
	count_start(test_cx());
	count_seconds(M_jobd_claim_seconds, NULL, -1);
	SAYS("jobd_claim_seconds_count 0");
}

ATF_TC_WITHOUT_HEAD(every_line_is_prometheus_text_and_each_metric_comes_once);
ATF_TC_BODY(every_line_is_prometheus_text_and_each_metric_comes_once, tc)
{
	static const char form[] =
	    "^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|"
	    "[a-z_]+(\\{([a-z_]+=\"[^\"]*\",?)+\\})? [0-9.]+)$";
	struct slice rest, line;
	size_t types = 0;
	regex_t re;

	begin();
	count_start(test_cx());
	count_add(M_jobd_wakes_total, "by=\"poll\"", 1);
	count_seconds(M_db_query_seconds, "query=\"shop_load\"", .1);
	ATF_REQUIRE(regcomp(&re, form, REG_EXTENDED | REG_NOSUB) == 0);
	rest = slice_of(written());
	ATF_CHECK_EQ('\n', rest.p[rest.n - 1]);
	rest.n--;
	while (text_next(&rest, '\n', &line)) {
		const char *text = text_of(test_arena(), line);

		ATF_CHECK_MSG(
		    regexec(&re, text, 0, NULL, 0) == 0, "bad: %s", text);
		types += text_starts(text, "# TYPE ");
	}
	regfree(&re);
	ATF_CHECK_EQ(M_COUNT, types);
}

ATF_TC_WITHOUT_HEAD(living_processes_are_added_up);
ATF_TC_BODY(living_processes_are_added_up, tc)
{
	int ready[2], go[2];
	char c;
	pid_t pid;

	begin();
	ATF_REQUIRE(pipe(ready) == 0 && pipe(go) == 0);
	count_start(test_cx());
	count_add(M_shopify_throttled_total, NULL, 2);
	pid = fork();
	if (pid == 0) {
		(void)close(go[1]);
		count_start(test_cx());
		count_add(M_shopify_throttled_total, NULL, 40);
		(void)!write(ready[1], "r", 1);
		(void)!read(go[0], &c, 1);
		_exit(0);
	}
	ATF_REQUIRE_EQ(1, read(ready[0], &c, 1));
	SAYS("shopify_throttled_total 42");
	(void)close(go[1]);
	ATF_REQUIRE(waitpid(pid, NULL, 0) == pid);
	SAYS("shopify_throttled_total 42");
}

/* Of what processes share, the highest that the living say; a gauge is added
 * up. */
ATF_TC_WITHOUT_HEAD(a_level_is_the_highest_that_the_living_tell);
ATF_TC_BODY(a_level_is_the_highest_that_the_living_tell, tc)
{
	int ready[2], go[2];
	char c;
	pid_t pid;

	begin();
	ATF_REQUIRE(pipe(ready) == 0 && pipe(go) == 0);
	count_start(test_cx());
	count_set(M_jobd_rate_tokens, "key=\"r\"", -5);
	count_seconds(M_jobd_cron_lag_seconds, NULL, 9);
	count_seconds(M_jobd_cron_lag_seconds, NULL, 1.5);
	count_set(M_jobd_slots, NULL, 2);
	SAYS("jobd_rate_tokens{key=\"r\"} -5");
	pid = fork();
	if (pid == 0) {
		(void)close(go[1]);
		count_start(test_cx());
		count_set(M_jobd_rate_tokens, "key=\"r\"", -7);
		count_seconds(M_jobd_cron_lag_seconds, NULL, 2.25);
		count_set(M_jobd_slots, NULL, 3);
		(void)!write(ready[1], "r", 1);
		(void)!read(go[0], &c, 1);
		_exit(0);
	}
	ATF_REQUIRE_EQ(1, read(ready[0], &c, 1));
	SAYS("jobd_rate_tokens{key=\"r\"} -5");
	SAYS("jobd_cron_lag_seconds 2.250000000");
	SAYS("jobd_slots 5");
	(void)close(go[1]);
	ATF_REQUIRE(waitpid(pid, NULL, 0) == pid);
	SAYS("jobd_cron_lag_seconds 1.500000000");
	SAYS("jobd_slots 2");
}

ATF_TC_WITHOUT_HEAD(a_metric_is_listed_with_its_labels_mean_and_p95);
ATF_TC_BODY(a_metric_is_listed_with_its_labels_mean_and_p95, tc)
{
	static const char labels[] = "query=\"a\",other=\"b\"";
	struct count_figure *list;
	size_t n;

	begin();
	killed_after(5);
	count_start(test_cx());
	for (int i = 0; i < 95; i++)
		count_seconds(M_db_query_seconds, labels, .002);
	for (int i = 0; i < 5; i++)
		count_seconds(M_db_query_seconds, labels, 40);
	OK(count_list(test_cx(), M_db_query_seconds, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_EQ(100, list[0].n);
	ATF_CHECK(list[0].sum_s > 200.1 && list[0].sum_s < 200.2);
	ATF_CHECK(list[0].p95_s == .0025);
	ATF_CHECK_STREQ(
	    "b", count_label(test_arena(), list[0].labels, "other"));
	ATF_CHECK_STREQ(
	    "a", count_label(test_arena(), list[0].labels, "query"));
	ATF_CHECK_STREQ("", count_label(test_arena(), list[0].labels, "uery"));
	count_seconds(M_db_query_seconds, labels, 40);
	count_list_own(test_cx(), M_db_query_seconds, &list, &n);
	ATF_CHECK(list[0].p95_s == -1);
	/* What another has counted is in the list of all alone. */
	count_list_own(test_cx(), M_token_refreshes_total, &list, &n);
	ATF_CHECK_EQ(0, n);
	OK(count_list(test_cx(), M_token_refreshes_total, &list, &n));
	ATF_REQUIRE_EQ(1, n);
	ATF_CHECK_EQ(5, list[0].n);
}

ATF_TC_WITHOUT_HEAD(what_the_dead_counted_is_kept_and_counted_once);
ATF_TC_BODY(what_the_dead_counted_is_kept_and_counted_once, tc)
{
	begin();
	killed_after(5);
	SAYS("token_refreshes_total{outcome=\"new\"} 5");
	SAYS("token_refreshes_total{outcome=\"new\"} 5");
	killed_after(6);
	killed_after(7);
	SAYS("token_refreshes_total{outcome=\"new\"} 18");
	SAYS("token_refreshes_total{outcome=\"new\"} 18");
}

ATF_TC_WITHOUT_HEAD(the_files_of_the_dead_go_away);
ATF_TC_BODY(the_files_of_the_dead_go_away, tc)
{
	begin();
	killed_after(1);
	ATF_CHECK_EQ(0, sh("test -f metrics/test.*"));
	(void)written();
	ATF_CHECK(sh("test -f metrics/test.*") != 0);
}

/* As if we had died after the sum was kept and before the file went. */
ATF_TC_WITHOUT_HEAD(an_interrupted_fold_is_finished_and_not_repeated);
ATF_TC_BODY(an_interrupted_fold_is_finished_and_not_repeated, tc)
{
	begin();
	killed_after(5);
	ATF_REQUIRE_EQ(0, sh("cp metrics/test.* saved"));
	SAYS("token_refreshes_total{outcome=\"new\"} 5");
	killed_after(6); /* another dead must not hide it */
	ATF_REQUIRE_EQ(0, sh("cp saved metrics/a.1"));
	ATF_REQUIRE_EQ(0, sh("cp saved metrics/zz.1"));
	SAYS("token_refreshes_total{outcome=\"new\"} 11");
	ATF_CHECK(sh("test -f metrics/a.1") != 0);
}

ATF_TC_WITHOUT_HEAD(a_number_used_again_takes_nothing_from_the_dead);
ATF_TC_BODY(a_number_used_again_takes_nothing_from_the_dead, tc)
{
	const char *mine =
	    text_fmt(test_arena(), "metrics/test.%d", (int)getpid());

	begin();
	killed_after(5);
	ATF_REQUIRE_EQ(
	    0, sh(text_fmt(test_arena(), "mv metrics/test.* %s", mine)));
	count_start(test_cx());
	count_add(M_token_refreshes_total, "outcome=\"new\"", 1);
	SAYS("token_refreshes_total{outcome=\"new\"} 6");
	count_add(M_token_refreshes_total, "outcome=\"new\"", 1);
	SAYS("token_refreshes_total{outcome=\"new\"} 7");
}

ATF_TC_WITHOUT_HEAD(a_full_table_leaves_out_and_breaks_nothing);
ATF_TC_BODY(a_full_table_leaves_out_and_breaks_nothing, tc)
{
	begin();
	count_start(test_cx());
	count_add(M_shopify_throttled_total, NULL, 1);
	for (int i = 0; i < 2 * COUNT_SLOTS; i++)
		count_add(M_jobd_wakes_total,
		    text_fmt(test_arena(), "by=\"%d\"", i), 1);
	count_add(M_shopify_throttled_total, NULL, 1);
	SAYS("shopify_throttled_total 2");
	SAYS("jobd_wakes_total{by=\"0\"} 1");
	ATF_CHECK(!says("jobd_wakes_total{by=\"1000\"} 1"));
}

ATF_TC_WITHOUT_HEAD(labels_that_are_too_long_are_left_out);
ATF_TC_BODY(labels_that_are_too_long_are_left_out, tc)
{
	char longest[COUNT_LABELS_BYTES + 1];

	begin();
	count_start(test_cx());
	memset(longest, 'x', sizeof(longest));
	longest[COUNT_LABELS_BYTES] = '\0';
	count_add(M_jobd_wakes_total, longest, 1);
	ATF_CHECK(!strstr(written(), "xxx"));
	longest[COUNT_LABELS_BYTES - 1] = '\0';
	count_add(M_jobd_wakes_total, longest, 1);
	ATF_CHECK(strstr(written(), "xxx"));
}

ATF_TC_WITHOUT_HEAD(foreign_and_broken_files_are_passed_over);
ATF_TC_BODY(foreign_and_broken_files_are_passed_over, tc)
{
	begin();
	killed_after(5);
	ATF_REQUIRE_EQ(
	    0, sh("cd metrics && for f in test.*; do"
		  " head -c 1000 $f > cut.1; { cat $f; echo; } > long.1;"
		  " tr s z < $f > magic.1; done; : > empty.1;"
		  " ln -s /etc/passwd link.1; mkfifo fifo.1; mkdir dir.1"));
	SAYS("token_refreshes_total{outcome=\"new\"} 5");
	SAYS("token_refreshes_total{outcome=\"new\"} 5");
}

ATF_TC_WITHOUT_HEAD(a_broken_sum_of_the_dead_is_begun_anew);
ATF_TC_BODY(a_broken_sum_of_the_dead_is_begun_anew, tc)
{
	begin();
	killed_after(5);
	(void)written();
	ATF_REQUIRE_EQ(0, sh("echo broken > metrics/.dead"));
	killed_after(2);
	SAYS("token_refreshes_total{outcome=\"new\"} 2");
}

ATF_TC_WITHOUT_HEAD(no_folder_is_said_and_does_not_stop_a_program);
ATF_TC_BODY(no_folder_is_said_and_does_not_stop_a_program, tc)
{
	struct buf b = buf_new(test_arena(), 1 << 20);

	begin();
	conf_set(C_RUN_DIR, "/proc/nowhere");
	count_start(test_cx());
	count_add(M_shopify_throttled_total, NULL, 1);
	ATF_CHECK_EQ(RC_BUSY, count_write(test_cx(), &b));
}

ATF_TC_WITHOUT_HEAD(what_does_not_fit_is_said);
ATF_TC_BODY(what_does_not_fit_is_said, tc)
{
	struct buf b = buf_new(test_arena(), 100);

	begin();
	ATF_CHECK_EQ(RC_BUG, count_write(test_cx(), &b));
}

static void *
count_much(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		count_add(M_jobd_wakes_total, i % 2 ? "a=\"1\"" : NULL, 1);
		count_seconds(M_jobd_claim_seconds, NULL, .001);
	}
	return arg;
}

ATF_TC_WITHOUT_HEAD(threads_lose_nothing);
ATF_TC_BODY(threads_lose_nothing, tc)
{
	pthread_t threads[4];

	begin();
	count_start(test_cx());
	for (size_t i = 0; i < 4; i++)
		ATF_REQUIRE(
		    pthread_create(&threads[i], NULL, count_much, NULL) == 0);
	for (size_t i = 0; i < 4; i++)
		ATF_REQUIRE(pthread_join(threads[i], NULL) == 0);
	SAYS("jobd_wakes_total 40000");
	SAYS("jobd_wakes_total{a=\"1\"} 40000");
	SAYS("jobd_claim_seconds_count 80000");
	SAYS("jobd_claim_seconds_sum 80.000000000");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, without_a_file_counting_does_no_harm);
	ATF_TP_ADD_TC(tp, what_is_counted_is_written);
	ATF_TP_ADD_TC(tp, what_is_set_replaces_what_was);
	ATF_TP_ADD_TC(tp, a_histogram_counts_upwards_and_has_a_sum);
	ATF_TP_ADD_TC(tp, a_time_before_its_start_is_not_counted);
	ATF_TP_ADD_TC(
	    tp, every_line_is_prometheus_text_and_each_metric_comes_once);
	ATF_TP_ADD_TC(tp, living_processes_are_added_up);
	ATF_TP_ADD_TC(tp, a_level_is_the_highest_that_the_living_tell);
	ATF_TP_ADD_TC(tp, a_metric_is_listed_with_its_labels_mean_and_p95);
	ATF_TP_ADD_TC(tp, what_the_dead_counted_is_kept_and_counted_once);
	ATF_TP_ADD_TC(tp, the_files_of_the_dead_go_away);
	ATF_TP_ADD_TC(tp, an_interrupted_fold_is_finished_and_not_repeated);
	ATF_TP_ADD_TC(tp, a_number_used_again_takes_nothing_from_the_dead);
	ATF_TP_ADD_TC(tp, a_full_table_leaves_out_and_breaks_nothing);
	ATF_TP_ADD_TC(tp, labels_that_are_too_long_are_left_out);
	ATF_TP_ADD_TC(tp, foreign_and_broken_files_are_passed_over);
	ATF_TP_ADD_TC(tp, a_broken_sum_of_the_dead_is_begun_anew);
	ATF_TP_ADD_TC(tp, no_folder_is_said_and_does_not_stop_a_program);
	ATF_TP_ADD_TC(tp, what_does_not_fit_is_said);
	ATF_TP_ADD_TC(tp, threads_lose_nothing);
	return atf_no_error();
}
