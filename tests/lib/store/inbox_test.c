/* kyua: timeout=120 */
/* The inbox's pairs: made, opened with, and destroyed when nothing is sealed by
 * them any more (design.md 6). */
#include <atf-c.h>
#include <string.h>
#include <sys/stat.h>

#include "base/code.h"
#include "base/log.h"
#include "delivery.h"
#include "io/crypt.h"
#include "store/kek.h"

#define BODY "{\"id\":1,\"email\":\"canary@example.com\"}"

/* Housekeeping's view: a job of no shop. */
static struct cx *
begin(void)
{
	struct cx *cx = test_shop("jobd");

	cx->every_shop = true;
	cx->shop_id = 0;
	log_open(LOG_ERR + 1, 2); /* what is refused below is meant to be */
	return cx;
}

static enum rc
opened(const char *id, struct slice *plain)
{
	const struct webhook w = test_webhook(SHOP, id);
	const struct blob_place place = webhook_place(id);

	rc_forget(test_cx());
	return inbox_body_open(test_cx(), &place, w.body, plain);
}

static void
check_opens(const char *id)
{
	struct slice plain = { "", 0 };

	ATF_CHECK_EQ(RC_OK, opened(id, &plain));
	ATF_CHECK(slice_same(slice_of(BODY), plain));
}

static void
grow_old(const char *age)
{
	test_sql("t", text_fmt(test_arena(),
			  "UPDATE inbox_public SET created_at = created_at "
			  "- interval '%s'",
			  age));
}

static void
check_spent(int64_t want)
{
	int64_t n = -1;

	OK(inbox_destroy_spent(test_cx(), &n));
	ATF_CHECK_EQ(want, n);
}

SERVER_CASE(the_newest_pair_is_what_the_door_seals_with)
{
	struct inbox_public first, second;
	struct cx *cx = begin();

	CODE(RC_ABSENT, inbox_public_load(test_door(), &first));
	OK(inbox_make(cx));
	OK(inbox_public_load(test_door(), &first));
	ATF_CHECK(first.id > 0 && first.fresh);
	OK(inbox_make(cx));
	OK(inbox_public_load(test_door(), &second));
	ATF_CHECK(second.id > first.id);
	ATF_CHECK(memcmp(first.bytes, second.bytes, 32) != 0);
	grow_old("59 min");
	OK(inbox_public_load(test_door(), &second));
	ATF_CHECK(second.fresh);
	grow_old("1 min");
	OK(inbox_public_load(test_door(), &second));
	ATF_CHECK(!second.fresh);
}

/* A pair that cannot be shown to the door leaves one that nobody uses. */
SERVER_CASE(a_private_half_lies_in_the_keyring_wrapped_and_first)
{
	struct cx *cx = begin();

	test_sql("t", "REVOKE INSERT ON inbox_public FROM stockroom_jobd");
	CODE(RC_BUG, inbox_make(cx));
	test_answers("1|1|t", "t_keys",
	    "SELECT id, kek_id, length(private_wrapped) > 32 "
	    "FROM inbox_key");
	test_answers("0", "t", "SELECT count(*) FROM inbox_public");
	kek_stop();
	CODE(RC_BUG, inbox_make(cx));
	test_answers("1", "t_keys", "SELECT count(*) FROM inbox_key");
}

SERVER_CASE(a_body_opens_where_it_belongs_and_nowhere_else)
{
	const struct blob_place elsewhere = webhook_place("another");
	struct slice plain;
	struct webhook w;
	const char *id;

	(void)begin();
	id = test_delivered("orders/create", BODY);
	check_opens(id);
	OK(inbox_make(test_cx()));
	check_opens(id); /* by its own pair, not the newest */
	w = test_webhook(SHOP, id);
	CODE(RC_BUG, inbox_body_open(test_cx(), &elsewhere, w.body, &plain));
	CODE(RC_BUG,
	    inbox_body_open(test_cx(), &elsewhere, slice_of("none"), &plain));
}

SERVER_CASE(without_its_kek_or_with_a_changed_half_it_opens_nothing)
{
	struct slice plain;
	const char *id;

	(void)begin();
	id = test_delivered("orders/create", BODY);
	test_sql("t_keys", "UPDATE inbox_key SET kek_id = 9");
	ATF_CHECK_EQ(RC_BUG, opened(id, &plain));
	ATF_CHECK(strstr(test_cx()->fault.sentence, "number 9"));
	test_sql("t_keys",
	    "UPDATE inbox_key SET kek_id = 1, "
	    "public = set_byte(public, 0, get_byte(public, 0) # 1)");
	ATF_CHECK(opened(id, &plain) != RC_OK);
	test_sql("t_keys",
	    "UPDATE inbox_key SET "
	    "public = set_byte(public, 0, get_byte(public, 0) # 1)");
	check_opens(id);
}

/* The door may go on with a pair for two minutes after the next is made. */
SERVER_CASE(a_pair_is_destroyed_when_it_is_old_and_seals_nothing)
{
	const char *waiting, *later;
	struct slice plain;

	(void)begin();
	check_spent(0);
	OK(inbox_make(test_cx()));
	OK(inbox_make(test_cx()));
	waiting = test_delivered("orders/create", BODY); /* by the second */
	OK(inbox_make(test_cx()));
	later = test_delivered("orders/create", BODY); /* by the third */
	check_spent(0); /* all are young */
	grow_old("6 min");
	check_spent(1);
	test_answers("2,3", "t",
	    "SELECT string_agg(id::text, $$,$$ ORDER BY id) "
	    "FROM inbox_public");
	test_answers("1|t|t", "t_keys",
	    "SELECT id, destroyed_at IS NOT NULL, retired_at IS NOT NULL "
	    "FROM inbox_key WHERE private_wrapped IS NULL");
	check_spent(0);
	check_opens(waiting);
	test_sql("t", "UPDATE webhook SET inbox_id = NULL WHERE inbox_id = 2");
	check_spent(1);
	ATF_CHECK_EQ(RC_ABSENT, opened(waiting, &plain));
	check_opens(later);
	check_spent(0); /* the newest is never spent */
}

/* The body as an older dump of the whole database brings it back. */
static struct slice
restored(void)
{
	const char *hex;
	unsigned char *bytes;
	size_t n;

	test_server("pg_sql postgres <<'E'\nDROP DATABASE IF EXISTS old;\n"
		    "CREATE DATABASE old;\nE\n"
		    "psql -X -q -v ON_ERROR_STOP=1 -d \"$(pg_url old)\" "
		    "-f dump.sql > restored.out");
	hex = test_answer("old", "SELECT encode(body, 'hex') FROM webhook");
	n = strlen(hex) / 2;
	bytes = arena_alloc(test_arena(), n + 1);
	ATF_REQUIRE(n > 0 && hex_to(slice_of(hex), bytes, n));
	return (struct slice){ (const char *)bytes, n };
}

SERVER_CASE(an_older_dump_opens_nothing_once_the_pair_is_destroyed)
{
	struct blob_place place;
	struct slice plain;

	(void)begin();
	place = webhook_place(test_delivered("orders/create", BODY));
	test_server("pg_dump -d \"$(pg_url t)\" > dump.sql");
	OK(inbox_body_open(test_cx(), &place, restored(), &plain));
	ATF_CHECK(slice_same(slice_of(BODY), plain));
	test_sql("t", "UPDATE webhook SET inbox_id = NULL, body = NULL");
	OK(inbox_make(test_cx()));
	grow_old("6 min");
	check_spent(1);
	CODE(RC_ABSENT, inbox_body_open(test_cx(), &place, restored(), &plain));
}

/* Rows that are not seen would count as rows that are not there. */
SERVER_CASE(only_who_sees_every_shop_may_say_that_a_pair_is_spent)
{
	int64_t n = 0;
	const char *id;

	(void)begin();
	id = test_delivered("orders/create", BODY);
	OK(inbox_make(test_cx()));
	grow_old("6 min");
	test_cx()->every_shop = false;
	test_cx()->shop_id = OTHER;
	CODE(RC_BUG, inbox_destroy_spent(test_cx(), &n));
	test_cx()->every_shop = true;
	check_opens(id);
}

/* What the door's role gets of it all: the public halves. */
SERVER_CASE(the_doors_role_reads_no_body_and_no_private_half)
{
	const struct blob_place place = webhook_place("x");
	struct webhook_new *w;
	struct webhook loaded;
	struct slice plain;

	(void)begin();
	w = test_delivery("orders/create", BODY);
	OK(webhook_keep(test_door(), &w, 1));
	CODE(RC_BUG,
	    webhook_load(test_door(), SHOP, "2026-01-01", w->id, &loaded));
	ATF_CHECK(test_code(inbox_body_open(
		      test_door(), &place, w->sealed, &plain)) != RC_OK);
	ATF_CHECK(test_code(inbox_make(test_door())) != RC_OK);
	test_server(
	    "pg_refused 'permission denied' t stockroom_webhooks <<'E'\n"
	    "SELECT body FROM stockroom.webhook;\nE\n"
	    "pg_refused 'permission denied' t stockroom_webhooks <<'E'\n"
	    "SELECT state FROM stockroom.webhook;\nE\n"
	    "pg_refused 'permission denied' t_keys "
	    "stockroom_webhooks <<'E'\n"
	    "SELECT private_wrapped FROM keyring.inbox_key;\nE\n"
	    "pg_answers 1 t stockroom_webhooks <<'E'\n"
	    "SELECT count(*) FROM stockroom.inbox_public;\nE\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_newest_pair_is_what_the_door_seals_with);
	ATF_TP_ADD_TC(tp, a_private_half_lies_in_the_keyring_wrapped_and_first);
	ATF_TP_ADD_TC(tp, a_body_opens_where_it_belongs_and_nowhere_else);
	ATF_TP_ADD_TC(
	    tp, without_its_kek_or_with_a_changed_half_it_opens_nothing);
	ATF_TP_ADD_TC(tp, a_pair_is_destroyed_when_it_is_old_and_seals_nothing);
	ATF_TP_ADD_TC(
	    tp, an_older_dump_opens_nothing_once_the_pair_is_destroyed);
	ATF_TP_ADD_TC(
	    tp, only_who_sees_every_shop_may_say_that_a_pair_is_spent);
	ATF_TP_ADD_TC(tp, the_doors_role_reads_no_body_and_no_private_half);
	return atf_no_error();
}
