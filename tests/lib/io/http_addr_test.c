/* Which addresses may be called (SEC-21), first and last of each range. */
#include <arpa/inet.h>
#include <atf-c.h>
#include <string.h>
#include <sys/un.h>

#include "io/http_in.h"
#include "test.h"

static const char *
refused(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return http_addr_refused((struct sockaddr *)&in);
	ATF_REQUIRE(inet_pton(AF_INET6, text, &in6.sin6_addr) == 1);
	return http_addr_refused((struct sockaddr *)&in6);
}

ATF_TC_WITHOUT_HEAD(addresses_that_are_not_public_are_refused_by_kind);
ATF_TC_BODY(addresses_that_are_not_public_are_refused_by_kind, tc)
{
	static const struct {
		const char *address, *kind;
	} cases[] = {
		{ "0.0.0.0", "unspecified" },
		{ "0.255.255.255", "unspecified" },
		{ "10.0.0.0", "private" },
		{ "10.255.255.255", "private" },
		{ "100.64.0.0", "shared (CGNAT)" },
		{ "100.127.255.255", "shared (CGNAT)" },
		{ "127.0.0.1", "loopback" },
		{ "127.255.255.255", "loopback" },
		{ "169.254.0.0", "link-local" },
		{ "169.254.169.254", "link-local" },
		{ "172.16.0.0", "private" },
		{ "172.31.255.255", "private" },
		{ "192.0.0.8", "reserved" },
		{ "192.0.2.1", "documentation" },
		{ "192.88.99.1", "reserved" },
		{ "192.168.0.0", "private" },
		{ "192.168.255.255", "private" },
		{ "198.18.0.0", "benchmarking" },
		{ "198.19.255.255", "benchmarking" },
		{ "198.51.100.7", "documentation" },
		{ "203.0.113.7", "documentation" },
		{ "224.0.0.0", "multicast" },
		{ "239.255.255.255", "multicast" },
		{ "240.0.0.0", "reserved" },
		{ "255.255.255.255", "reserved" },
		{ "::", "unspecified" },
		{ "::1", "loopback" },
		{ "::2", "reserved" },
		{ "::ffff:127.0.0.1", "an IPv4 address in IPv6" },
		{ "::ffff:8.8.8.8", "an IPv4 address in IPv6" },
		{ "::127.0.0.1", "reserved" },
		{ "64:ff9b::10.0.0.1", "private" },
		{ "64:ff9b:1::8.8.8.8", "reserved" },
		{ "100::1", "reserved" },
		{ "2001::1", "a tunnel (Teredo)" },
		{ "2001:db8::1", "documentation" },
		{ "2002:7f00:1::", "a tunnel (6to4)" },
		{ "3fff::1", "documentation" },
		{ "4000::1", "reserved" },
		{ "fc00::1", "private" },
		{ "fdff::1", "private" },
		{ "fe80::1", "link-local" },
		{ "febf::1", "link-local" },
		{ "fec0::1", "reserved" },
		{ "ff02::1", "multicast" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = refused(cases[i].address);

		ATF_CHECK_MSG(got && text_same(got, cases[i].kind), "%s: %s",
		    cases[i].address, got ? got : "taken");
	}
}

ATF_TC_WITHOUT_HEAD(public_addresses_are_taken_up_to_the_edge);
ATF_TC_BODY(public_addresses_are_taken_up_to_the_edge, tc)
{
	static const char *const cases[] = { "1.0.0.0", "9.255.255.255",
		"11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
		"172.32.0.0", "191.255.255.255", "192.167.255.255",
		"192.169.0.0", "198.17.255.255", "198.20.0.0",
		"223.255.255.255", "23.227.38.74", "2000::1",
		"2001:4860:4802:32::a", "2620:127:f00f::1",
		"2a00:1450:4001:81c::201b", "3ffe::1", "64:ff9b::8.8.8.8" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ATF_CHECK_MSG(
		    !refused(cases[i]), "%s: %s", cases[i], refused(cases[i]));
}

ATF_TC_WITHOUT_HEAD(what_is_no_internet_address_is_refused);
ATF_TC_BODY(what_is_no_internet_address_is_refused, tc)
{
	const struct sockaddr_un sun = { .sun_family = AF_UNIX };

	ATF_CHECK(http_addr_refused((const struct sockaddr *)&sun));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addresses_that_are_not_public_are_refused_by_kind);
	ATF_TP_ADD_TC(tp, public_addresses_are_taken_up_to_the_edge);
	ATF_TP_ADD_TC(tp, what_is_no_internet_address_is_refused);
	return atf_no_error();
}
