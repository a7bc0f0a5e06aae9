/* handlers.conf: what it binds, and each thing that can be wrong with it. */
#include <atf-c.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/handlers.h"
#include "base/conf.h"
#include "base/log.h"
#include "test.h"

static struct handlers
parsed(const char *text)
{
	struct handlers all;

	OK(handlers_parse(test_cx(), text, &all));
	return all;
}

/* The one handler of a text, in one line. */
static const char *
shown(const char *text)
{
	const struct handlers all = parsed(text);
	const struct handler *h = &all.list[0];
	const char *words = "";

	ATF_REQUIRE_EQ(1, all.n);
	for (size_t i = 0; i < h->n; i++)
		words = text_fmt(test_arena(), "%s[%s]", words, h->words[i]);
	return text_fmt(test_arena(), "%s: %s %s %s %s %s %d %d %d %s", h->name,
	    handler_on_word(h->on), words, h->tz ? h->tz : "-",
	    handler_does_word(h->does), h->target, h->soft_s, h->hard_s,
	    h->attempts, h->secret_file ? h->secret_file : "-");
}

static void
check_wrong(const char *text, const char *words)
{
	struct cx *cx = test_cx();
	struct handlers all;

	ATF_CHECK_EQ(RC_INPUT, handlers_parse(cx, text, &all));
	ATF_CHECK_STREQ(text_fmt(test_arena(), "handlers.conf, line %s", words),
	    cx->fault.sentence ? cx->fault.sentence : "");
	rc_forget(cx);
}

/* ---- what is bound */

ATF_TC_WITHOUT_HEAD(a_line_says_when_what_and_within_which_limits);
ATF_TC_BODY(a_line_says_when_what_and_within_which_limits, tc)
{
	ATF_CHECK_STREQ(
	    "sh: webhook [orders/create][orders/paid] - exec /bin/sh 60 90 10 "
	    "-",
	    shown("webhook orders/create,orders/paid\texec /bin/sh\r\n"));
	ATF_CHECK_STREQ("all: pull [*] - exec /bin/sh 5 6 7 -",
	    shown("# words\n\n  pull * exec /bin/sh name=all soft=5 hard=6 "
		  "attempts=7"));
	ATF_CHECK_STREQ("sh: pull [orders] - exec /bin/sh 40 70 10 -",
	    shown("pull orders exec /bin/sh soft=40"));
	ATF_CHECK_STREQ("sh: pull [orders] - exec /bin/sh 20 20 10 -",
	    shown("pull orders exec /bin/sh hard=20"));
	ATF_CHECK_STREQ(
	    "hooks-example-com: webhook [app/uninstalled] - forward "
	    "https://Hooks.example.com:8443/in?x=1 0 30 60 -",
	    shown("webhook app/uninstalled forward "
		  "https://Hooks.example.com:8443/in?x=1"));
	ATF_CHECK_STREQ("x: pull [orders] - forward https://x 0 5 60 /s",
	    shown("pull orders forward https://x hard=5 secret=/s"));
	ATF_CHECK_STREQ(
	    "sh: schedule [15 3 * * mon] UTC exec /bin/sh 60 90 10 -",
	    shown("schedule 15 3 * * mon exec /bin/sh"));
	ATF_CHECK_STREQ("sh: schedule [@daily] UTC exec /bin/sh 60 90 10 -",
	    shown("schedule @daily UTC exec /bin/sh"));
	ATF_CHECK_STREQ("sh: schedule [every 15m] UTC exec /bin/sh 60 90 10 -",
	    shown("schedule every 15m exec /bin/sh"));
}

ATF_TC_WITHOUT_HEAD(what_is_wrong_is_named_with_its_line_and_rule);
ATF_TC_BODY(what_is_wrong_is_named_with_its_line_and_rule, tc)
{
	check_wrong("\nsometimes orders/create exec /bin/sh",
	    "2: its first word must be webhook, pull or schedule, not "
	    "\"sometimes\"");
	check_wrong("webhook orders/created exec /bin/sh",
	    "1: the topic must be one that handlers.conf(5) lists, not "
	    "\"orders/created\"");
	check_wrong("webhook customers/* exec /bin/sh",
	    "1: the topic must be one that handlers.conf(5) lists, not "
	    "\"customers/*\"");
	check_wrong("pull", "1: the resource must be products, customers, "
			    "orders, transactions or *, not \"\"");
	check_wrong("pull orders,lines exec /bin/sh",
	    "1: the resource must be products, customers, orders, "
	    "transactions or *, not \"lines\"");
	check_wrong("pull orders run /bin/sh",
	    "1: what is done must be exec or forward, not \"run\"");
	check_wrong("pull orders exec",
	    "1: what is done must be followed by whom, not \"exec\"");
	check_wrong("pull orders exec bin/sh",
	    "1: the program must be an absolute path, not \"bin/sh\"");
	check_wrong("pull orders exec /no/such",
	    "1: the program must be there, not \"/no/such\"");
	check_wrong("pull orders exec /bin",
	    "1: the program must be an executable file, not \"/bin\"");
	check_wrong("pull orders exec /etc/passwd",
	    "1: the program must be an executable file, not "
	    "\"/etc/passwd\"");
	check_wrong("pull orders exec /bin/sh soft=0",
	    "1: soft must be a number from 1 to 3600, not \"0\"");
	check_wrong("pull orders exec /bin/sh soft=9 hard=8",
	    "1: soft must be no more than hard, not \"9\"");
	check_wrong("pull orders exec /bin/sh attempts=many",
	    "1: attempts must be a number from 1 to 1000, not \"many\"");
	check_wrong("pull orders exec /bin/sh name=A",
	    "1: name must be a-z, 0-9, _ and -, 60 at most, not \"A\"");
	check_wrong("pull orders exec /bin/sh secret=/s",
	    "1: what comes last must be name=, soft=, hard= or attempts=, "
	    "not \"secret=/s\"");
	check_wrong("pull orders exec /bin/sh\npull products exec /bin/sh",
	    "2: its name must be another than line 1's (say name=), not "
	    "\"sh\"");
	check_wrong("schedule 99 * * * * exec /bin/sh",
	    "1: the schedule's spec must be minute: *, 0 to 59, or lists, "
	    "ranges and steps of these, not \"99\"");
	check_wrong("schedule @daily Mars/Base exec /bin/sh",
	    "1: the schedule's tz must be a zone of the tz database, like "
	    "Europe/Berlin, or UTC, not \"Mars/Base\"");
	check_wrong("schedule", "1: the schedule's spec must be five fields, a "
				"word like @daily, or every 15m, not \"\"");
}

ATF_TC_WITHOUT_HEAD(an_address_is_https_and_a_host);
ATF_TC_BODY(an_address_is_https_and_a_host, tc)
{
	static const char *const bad[] = { "http://x", "https://", "https:///x",
		"https://?x", "https://me@x", "https://x/#y", "https://x\\y",
		"ftp://x", "x" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_wrong(
		    text_fmt(test_arena(), "pull orders forward %s", bad[i]),
		    text_fmt(test_arena(),
			"1: the address must be https:// and a host, "
			"without "
			"a name before it or a # behind, not \"%s\"",
			bad[i]));
}

/* ---- whom it concerns */

static const char *
deaf(const char *text)
{
	const struct handlers all = parsed(text);
	const char *lacks;
	const struct handler *h = handlers_deaf(&all, &lacks);

	return h ? text_fmt(test_arena(), "%s lacks %s", h->name, lacks) : "";
}

ATF_TC_WITHOUT_HEAD(who_takes_customers_must_hear_of_their_wishes);
ATF_TC_BODY(who_takes_customers_must_hear_of_their_wishes, tc)
{
	ATF_CHECK_STREQ("", deaf("webhook orders/create exec /bin/sh"));
	ATF_CHECK_STREQ("sh lacks customers/data_request",
	    deaf("webhook customers/create exec /bin/sh"));
	ATF_CHECK_STREQ("sh lacks customers/redact",
	    deaf("webhook orders/paid,customers/data_request exec "
		 "/bin/sh"));
	ATF_CHECK_STREQ("a lacks customers/redact",
	    deaf("webhook customers/create,customers/data_request "
		 "forward "
		 "https://x/ name=a\nwebhook customers/redact forward "
		 "https://y/ name=b\n"));
	ATF_CHECK_STREQ(
	    "", deaf("webhook customers/create forward https://x/ name=a\n"
		     "webhook customers/redact,customers/data_request "
		     "forward "
		     "https://x/ name=b\n"));
}

ATF_TC_WITHOUT_HEAD(a_handler_takes_what_it_is_bound_to);
ATF_TC_BODY(a_handler_takes_what_it_is_bound_to, tc)
{
	const struct handlers all = parsed("pull * exec /bin/sh\n"
					   "webhook orders/paid exec /bin/sh "
					   "name=b");

	ATF_CHECK(handler_takes(&all.list[0], ON_PULL, "orders"));
	ATF_CHECK(!handler_takes(&all.list[0], ON_WEBHOOK, "orders"));
	ATF_CHECK(handler_takes(&all.list[1], ON_WEBHOOK, "orders/paid"));
	ATF_CHECK(!handler_takes(&all.list[1], ON_WEBHOOK, "orders/create"));
}

/* ---- the process's own */

static void
write_file(const char *text)
{
	FILE *f = fopen("handlers.conf", "w");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE(fputs(text, f) >= 0 && fclose(f) == 0);
	conf_set(C_HANDLERS_FILE, "handlers.conf");
}

ATF_TC_WITHOUT_HEAD(without_a_file_there_are_none_unless_one_is_named);
ATF_TC_BODY(without_a_file_there_are_none_unless_one_is_named, tc)
{
	struct cx *cx = test_cx();

	conf_set(C_HANDLERS_FILE, conf_row(C_HANDLERS_FILE)->fallback);
	if (access(conf_text(C_HANDLERS_FILE), F_OK) < 0)
		OK(handlers_load(cx));
	conf_set(C_HANDLERS_FILE, "");
	OK(handlers_load(cx));
	ATF_CHECK_EQ(0, handlers_now(cx)->n);
	conf_set(C_HANDLERS_FILE, "missing.conf");
	ATF_CHECK_EQ(RC_INPUT, handlers_load(cx));
	ATF_CHECK_STREQ(
	    "HANDLERS_FILE: there is no file missing.conf", cx->fault.sentence);
}

ATF_TC_WITHOUT_HEAD(what_is_wrong_leaves_what_was_read_before);
ATF_TC_BODY(what_is_wrong_leaves_what_was_read_before, tc)
{
	struct cx *cx = test_cx();
	const struct handler *h;

	write_file("pull * exec /bin/sh");
	OK(handlers_load(cx));
	write_file("pull * exec sh");
	ATF_CHECK_EQ(RC_INPUT, handlers_load(cx));
	ATF_CHECK_STREQ("handlers.conf, line 1: the program must be an "
			"absolute path, not \"sh\"",
	    cx->fault.sentence);
	rc_forget(cx);
	OK(handlers_find(cx, "sh", &h));
	ATF_CHECK_STREQ("/bin/sh", h->target);
	ATF_CHECK_EQ(RC_ABSENT, handlers_find(cx, "bash", &h));
	ATF_CHECK_STREQ(
	    "handlers.conf has no handler bash any more", cx->fault.sentence);
}

/* As jobd and its children are. */
ATF_TC_WITHOUT_HEAD(a_child_reads_it_again_when_it_is_told);
ATF_TC_BODY(a_child_reads_it_again_when_it_is_told, tc)
{
	struct cx *cx = test_cx();
	const struct handler *h;
	int status;

	log_open(LOG_ERR + 1, 2);
	handlers_changed();
	write_file("pull * exec /bin/sh name=one");
	OK(handlers_load(cx));
	if (fork() == 0) {
		write_file("pull * exec /bin/sh name=two");
		if (handlers_find(cx, "one", &h) != RC_OK)
			_exit(1);
		handlers_changed(); /* it is shared, both ways */
		if (handlers_find(cx, "two", &h) != RC_OK)
			_exit(2);
		write_file("pull * exec sh");
		handlers_changed();
		_exit(handlers_find(cx, "two", &h) == RC_OK ? 0 : 3);
	}
	ATF_REQUIRE(wait(&status) > 0);
	ATF_CHECK_EQ(0, status);
	OK(handlers_find(cx, "one", &h)); /* the new file is wrong */
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_says_when_what_and_within_which_limits);
	ATF_TP_ADD_TC(tp, what_is_wrong_is_named_with_its_line_and_rule);
	ATF_TP_ADD_TC(tp, an_address_is_https_and_a_host);
	ATF_TP_ADD_TC(tp, who_takes_customers_must_hear_of_their_wishes);
	ATF_TP_ADD_TC(tp, a_handler_takes_what_it_is_bound_to);
	ATF_TP_ADD_TC(tp, without_a_file_there_are_none_unless_one_is_named);
	ATF_TP_ADD_TC(tp, what_is_wrong_leaves_what_was_read_before);
	ATF_TP_ADD_TC(tp, a_child_reads_it_again_when_it_is_told);
	return atf_no_error();
}
