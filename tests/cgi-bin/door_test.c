/* The door's check: what it looks into, and why it refuses (SEC-9). */
#include <atf-c.h>
#include <string.h>

#include "../../cgi-bin/webhooks/door.h"
#include "../../cgi-bin/webhooks/look.h"
#include "base/clock.h"
#include "base/code.h"
#include "io/crypt.h"
#include "store/webhook.h"
#include "test.h"
#include "web/source.h"

static unsigned char private[32];
static struct look look;
static struct source source;
static struct req rq = { .source = &source };
static struct ingest_item item;

/* A look of now, and a body that may be sealed in place. */
static void
begin(const char *text)
{
	unsigned char public[32];
	const size_t n = strlen(text);

	OK(crypt_start(test_cx()));
	OK(crypt_pair(test_cx(), private, public));
	look = (struct look){ .secrets = { .now = { "hush", 4 } },
		.made_ms = clock_ms() };
	OK(inbox_door_open(test_cx(), 7, public, &look.door));
	item = (struct ingest_item){ .rq = &rq,
		.trace = "12345678",
		.mem = test_arena(),
		.body = (char *)arena_alloc(
			    test_arena(), INGEST_BEFORE + n + INGEST_AFTER) +
			INGEST_BEFORE,
		.n_body = n,
		.shared = &look };
	memcpy(item.body, text, n);
}

/* Asked with these variables, ended by NULL. */
static enum rc
checked(char *const *params)
{
	source.params = (char **)params;
	rc_forget(test_cx());
	item.reason = NULL;
	return door_check(test_cx(), &item);
}

static char *
mac_of(const char *text)
{
	unsigned char mac[SHA256_BYTES];

	OK(crypt_hmac(test_cx(), slice_of("hush"), slice_of(text), mac));
	return text_fmt(test_arena(), "HTTP_X_SHOPIFY_HMAC_SHA256=%s",
	    base64_of(test_arena(), mac, sizeof(mac)));
}

static char topic[] = "HTTP_X_SHOPIFY_TOPIC=orders/create";
static char domain[] = "HTTP_X_SHOPIFY_SHOP_DOMAIN=a.myshopify.com";

ATF_TC_WITHOUT_HEAD(a_signed_delivery_is_sealed_where_it_lies);
ATF_TC_BODY(a_signed_delivery_is_sealed_where_it_lies, tc)
{
	const struct webhook_new *w;
	struct blob_place place;
	struct slice plain;

	begin("{\"id\":1}");
	OK(checked((char *[]){ topic, domain, mac_of("{\"id\":1}"), NULL }));
	w = item.record;
	ATF_CHECK_STREQ("orders/create", w->topic);
	ATF_CHECK_STREQ("a.myshopify.com", w->domain);
	ATF_CHECK_EQ(7, w->inbox_id);
	ATF_CHECK_EQ(8, w->bytes);
	ATF_CHECK_EQ(item.body - INBOX_HEAD_BYTES, w->sealed.p);
	ATF_CHECK_EQ(w->sealed.n, item.bytes);
	ATF_CHECK(
	    slice_same(item.key, (struct slice){ (const char *)w->key, 32 }));
	place = webhook_place(w->id);
	OK(inbox_open(test_cx(), private, &place, w->sealed, &plain));
	ATF_CHECK(slice_same(slice_of("{\"id\":1}"), plain));
}

ATF_TC_WITHOUT_HEAD(why_it_is_refused_is_counted_and_not_said);
ATF_TC_BODY(why_it_is_refused_is_counted_and_not_said, tc)
{
	begin("{}");
	ATF_CHECK_EQ(RC_AUTH, checked((char *[]){ topic, domain, NULL }));
	ATF_CHECK_STREQ("hmac_missing", item.reason);
	ATF_CHECK_STREQ("it is not signed", test_cx()->fault.sentence);
	ATF_CHECK_EQ(
	    RC_AUTH, checked((char *[]){ topic, domain, mac_of("{} "), NULL }));
	ATF_CHECK_STREQ("hmac_wrong", item.reason);
	ATF_CHECK_STREQ("it is not signed", test_cx()->fault.sentence);
	ATF_CHECK_EQ(
	    RC_INPUT, checked((char *[]){ topic, mac_of("{}"), NULL }));
	ATF_CHECK_EQ(NULL, item.reason);
	ATF_CHECK(memcmp(item.body, "{}", 2) == 0);
}

/* Refused with these variables beside a signed delivery's, of which the shape
 * has taken out the doubled ones. */
static const char *
reason_of(char *doubled, char *other)
{
	char *out[] = { doubled, NULL };

	item.doubled = out;
	ATF_CHECK_EQ(RC_AUTH,
	    checked((char *[]){ topic, domain, mac_of("{}"), other, NULL }));
	ATF_CHECK_STREQ("it is not signed", test_cx()->fault.sentence);
	item.doubled = NULL;
	return item.reason;
}

ATF_TC_WITHOUT_HEAD(headers_that_say_two_things_are_counted_by_their_reason);
ATF_TC_BODY(headers_that_say_two_things_are_counted_by_their_reason, tc)
{
	static char doubled[][60] = { "HTTP_X_SHOPIFY_TOPIC=a/b, a/b",
		"HTTP_SHOPIFY_SHOP_DOMAIN=a,b", "HTTP_SHOPIFY_WEBHOOK_ID=1,2",
		"HTTP_X_SHOPIFY_HMAC_SHA256=a, b" };
	static char other[][60] = { "HTTP_SHOPIFY_TOPIC=a/b",
		"HTTP_SHOPIFY_SHOP_DOMAIN=b.myshopify.com",
		"HTTP_SHOPIFY_HMAC_SHA256=a" };
	static char event[] = "HTTP_X_SHOPIFY_EVENT_ID=a, b";

	begin("{}");
	for (size_t i = 0; i < sizeof(doubled) / sizeof(doubled[0]); i++)
		ATF_CHECK_STREQ("header_doubled", reason_of(doubled[i], NULL));
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		ATF_CHECK_STREQ("header_differs", reason_of(NULL, other[i]));
	ATF_CHECK(memcmp(item.body, "{}", 2) == 0);
	item.doubled = (char *[]){ event, NULL };
	OK(checked((char *[]){ topic, domain, mac_of("{}"), NULL }));
}

/* Jobd destroys a pair some minutes after the next one is made: who has not
 * looked for as long may seal what nobody can open any more. */
ATF_TC_WITHOUT_HEAD(without_a_look_of_late_nothing_is_taken);
ATF_TC_BODY(without_a_look_of_late_nothing_is_taken, tc)
{
	char *const good[] = { topic, domain, NULL, NULL };
	char *params[4];

	begin("{}");
	memcpy(params, good, sizeof(params));
	params[2] = mac_of("{}");
	item.shared = NULL;
	ATF_CHECK_EQ(RC_BUSY, checked(params));
	item.shared = &look;
	look.made_ms = clock_ms() - 241000;
	ATF_CHECK_EQ(RC_BUSY, checked(params));
	ATF_CHECK(memcmp(item.body, "{}", 2) == 0);
	look.made_ms = clock_ms() - 230000;
	OK(checked(params));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_signed_delivery_is_sealed_where_it_lies);
	ATF_TP_ADD_TC(tp, why_it_is_refused_is_counted_and_not_said);
	ATF_TP_ADD_TC(
	    tp, headers_that_say_two_things_are_counted_by_their_reason);
	ATF_TP_ADD_TC(tp, without_a_look_of_late_nothing_is_taken);
	return atf_no_error();
}
