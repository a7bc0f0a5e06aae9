/* Twelve bad servers and a good one: who gets a token (SEC-22). */
#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "io/http.h"
#include "test.h"
#include "tls_server.h"

enum { SOON_MS = 10000, HOUR_S = 3600 };

#define GOOD .names = "DNS:good.test", .usage = "serverAuth"

/* Who the server says it is. */
static const char *host = "good.test";

/* Sends a token to `host`, which is `s`; gives what became of it. */
static enum rc
send_token(struct tls_server *s, struct http_res *res)
{
	static const struct http_header headers[] = {
		{ "X-Shopify-Access-Token", "shpat_do_not_tell" },
		{ NULL, NULL },
	};
	struct http_req req = {
		.method = "POST",
		.headers = headers,
		.body = slice_of("client_secret=do_not_tell"),
		.max_bytes = 1000,
	};

	cert_ca("ca.pem");
	tls_start(s);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(C_CONNECT_TO,
	    text_fmt(test_arena(), "%s:443:127.0.0.1:%d", host, s->port));
	OK(http_start(test_cx()));
	OK(http_url(test_cx(), host, "/admin", "code=secret", &req.url));
	return http_do(test_cx(), &req, res);
}

static struct tls_report
ended(struct tls_server *s)
{
	struct tls_report report;

	ATF_REQUIRE(tls_next(s, SOON_MS, &report));
	return report;
}

/* Refused, for the reason that is meant, before anything was said. */
static void
check_refused(struct tls_server *s, const char *reason)
{
	struct http_res res;

	ATF_REQUIRE_EQ(RC_REMOTE, send_token(s, &res));
	ATF_CHECK_MSG(strstr(test_cx()->fault.sentence, reason), "got: %s",
	    test_cx()->fault.sentence);
	http_stop();
	ATF_CHECK_EQ(0, ended(s).bytes);
	tls_stop(s);
}

/* Once more with the fault taken away: it must have been that fault. */
static void
check_taken(struct tls_server *s)
{
	struct http_res res;

	OK(send_token(s, &res));
	ATF_CHECK_EQ(200, res.status);
	http_stop();
	ATF_CHECK_EQ(1, ended(s).requests);
	tls_stop(s);
}

ATF_TC_WITHOUT_HEAD(a_good_server_gets_the_request);
ATF_TC_BODY(a_good_server_gets_the_request, tc)
{
	struct tls_server s = { .cert = { GOOD } };

	check_taken(&s);
}

ATF_TC_WITHOUT_HEAD(a_good_server_may_have_an_rsa_key_and_tls_1_2);
ATF_TC_BODY(a_good_server_may_have_an_rsa_key_and_tls_1_2, tc)
{
	struct tls_server s = { .cert = { GOOD, .rsa_bits = 2048 },
		.highest = TLS1_2_VERSION };

	check_taken(&s);
}

ATF_TC_WITHOUT_HEAD(a_wildcard_over_one_label_is_good);
ATF_TC_BODY(a_wildcard_over_one_label_is_good, tc)
{
	struct tls_server s = { .cert = { .names = "DNS:*.good.test" } };

	host = "shop.good.test";
	check_taken(&s);
}

ATF_TC_WITHOUT_HEAD(a_certificate_that_has_ended_is_refused);
ATF_TC_BODY(a_certificate_that_has_ended_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD, .from_s = -2 * HOUR_S,
				    .until_s = -HOUR_S } };

	check_refused(&s, "certificate has expired");
}

ATF_TC_WITHOUT_HEAD(a_certificate_that_has_not_begun_is_refused);
ATF_TC_BODY(a_certificate_that_has_not_begun_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD, .from_s = HOUR_S } };

	check_refused(&s, "certificate is not yet valid");
}

ATF_TC_WITHOUT_HEAD(a_certificate_signed_by_itself_is_refused);
ATF_TC_BODY(a_certificate_signed_by_itself_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD, .signer = BY_ITSELF } };

	check_refused(&s, "self-signed certificate");
}

ATF_TC_WITHOUT_HEAD(a_certificate_by_an_unknown_root_is_refused);
ATF_TC_BODY(a_certificate_by_an_unknown_root_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD, .signer = BY_ANOTHER_CA } };

	check_refused(&s, "unable to get local issuer certificate");
}

ATF_TC_WITHOUT_HEAD(a_certificate_for_another_host_is_refused);
ATF_TC_BODY(a_certificate_for_another_host_is_refused, tc)
{
	struct tls_server s = { .cert = { .names = "DNS:other.test" } };

	check_refused(&s, "hostname mismatch");
}

ATF_TC_WITHOUT_HEAD(a_host_in_the_common_name_alone_is_refused);
ATF_TC_BODY(a_host_in_the_common_name_alone_is_refused, tc)
{
	struct tls_server s = { .cert = { .common_name = "good.test" } };

	check_refused(&s, "hostname mismatch");
}

ATF_TC_WITHOUT_HEAD(a_wildcard_over_two_labels_is_refused);
ATF_TC_BODY(a_wildcard_over_two_labels_is_refused, tc)
{
	struct tls_server s = { .cert = { .names = "DNS:*.good.test" } };

	host = "a.shop.good.test";
	check_refused(&s, "hostname mismatch");
}

ATF_TC_WITHOUT_HEAD(a_wildcard_inside_a_label_is_refused);
ATF_TC_BODY(a_wildcard_inside_a_label_is_refused, tc)
{
	struct tls_server s = { .cert = { .names = "DNS:sh*.good.test" } };

	host = "shop.good.test";
	check_refused(&s, "hostname mismatch");
}

ATF_TC_WITHOUT_HEAD(a_certificate_for_clients_is_refused);
ATF_TC_BODY(a_certificate_for_clients_is_refused, tc)
{
	struct tls_server s = { .cert = { .names = "DNS:good.test",
				    .usage = "clientAuth" } };

	check_refused(&s, "certificate purpose");
}

ATF_TC_WITHOUT_HEAD(a_weak_key_is_refused);
ATF_TC_BODY(a_weak_key_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD, .rsa_bits = 1024 } };

	check_refused(&s, "key too weak");
}

ATF_TC_WITHOUT_HEAD(tls_1_0_is_refused);
ATF_TC_BODY(tls_1_0_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD },
		.lowest = TLS1_VERSION,
		.highest = TLS1_VERSION };

	check_refused(&s, "alert protocol version");
}

ATF_TC_WITHOUT_HEAD(tls_1_1_is_refused);
ATF_TC_BODY(tls_1_1_is_refused, tc)
{
	struct tls_server s = { .cert = { GOOD },
		.lowest = TLS1_1_VERSION,
		.highest = TLS1_1_VERSION };

	check_refused(&s, "alert protocol version");
}

ATF_TC_WITHOUT_HEAD(plain_http_is_refused);
ATF_TC_BODY(plain_http_is_refused, tc)
{
	struct tls_server s = { .plain = true };

	check_refused(&s, "wrong version number");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_good_server_gets_the_request);
	ATF_TP_ADD_TC(tp, a_good_server_may_have_an_rsa_key_and_tls_1_2);
	ATF_TP_ADD_TC(tp, a_wildcard_over_one_label_is_good);
	ATF_TP_ADD_TC(tp, a_certificate_that_has_ended_is_refused);
	ATF_TP_ADD_TC(tp, a_certificate_that_has_not_begun_is_refused);
	ATF_TP_ADD_TC(tp, a_certificate_signed_by_itself_is_refused);
	ATF_TP_ADD_TC(tp, a_certificate_by_an_unknown_root_is_refused);
	ATF_TP_ADD_TC(tp, a_certificate_for_another_host_is_refused);
	ATF_TP_ADD_TC(tp, a_host_in_the_common_name_alone_is_refused);
	ATF_TP_ADD_TC(tp, a_wildcard_over_two_labels_is_refused);
	ATF_TP_ADD_TC(tp, a_wildcard_inside_a_label_is_refused);
	ATF_TP_ADD_TC(tp, a_certificate_for_clients_is_refused);
	ATF_TP_ADD_TC(tp, a_weak_key_is_refused);
	ATF_TP_ADD_TC(tp, tls_1_0_is_refused);
	ATF_TP_ADD_TC(tp, tls_1_1_is_refused);
	ATF_TP_ADD_TC(tp, plain_http_is_refused);
	return atf_no_error();
}
