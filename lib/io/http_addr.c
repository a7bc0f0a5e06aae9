/* Which addresses the outside does not have: SEC-21's list. */
#include "io/http_in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

struct range {
	unsigned char head[16];
	int bits;
	const char *what;
};

/* clang-format off */
/* IANA's special-purpose registry (RFC 6890), as far as it is not global. */
static const struct range v4[] = {
	{ { 0 }, 8, "unspecified" },
	{ { 10 }, 8, "private" },
	{ { 100, 64 }, 10, "shared (CGNAT)" },
	{ { 127 }, 8, "loopback" },
	{ { 169, 254 }, 16, "link-local" },
	{ { 172, 16 }, 12, "private" },
	{ { 192, 0, 0 }, 24, "reserved" },
	{ { 192, 0, 2 }, 24, "documentation" },
	{ { 192, 88, 99 }, 24, "reserved" },
	{ { 192, 168 }, 16, "private" },
	{ { 198, 18 }, 15, "benchmarking" },
	{ { 198, 51, 100 }, 24, "documentation" },
	{ { 203, 0, 113 }, 24, "documentation" },
	{ { 224 }, 4, "multicast" },
	{ { 240 }, 4, "reserved" },
	{ { 0 }, 0, NULL },
};

/* Only to say it well: of IPv6 all but 2000::/3 is refused anyhow. */
static const struct range v6[] = {
	{ { [15] = 1 }, 128, "loopback" },
	{ { 0 }, 128, "unspecified" },
	{ { [10] = 0xff, 0xff }, 96, "an IPv4 address in IPv6" },
	{ { 0xfc }, 7, "private" },
	{ { 0xfe, 0x80 }, 10, "link-local" },
	{ { 0xff }, 8, "multicast" },
	{ { 0x20, 0x01, 0, 0 }, 32, "a tunnel (Teredo)" },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, "documentation" },
	{ { 0x20, 0x02 }, 16, "a tunnel (6to4)" },
	{ { 0x3f, 0xff }, 20, "documentation" },
	{ { 0 }, 0, NULL },
};
static const struct range v6_global = { { 0x20 }, 3, "" };
/* NAT64: how an IPv6-only machine reaches IPv4. */
static const struct range v6_nat64 = { { 0, 0x64, 0xff, 0x9b }, 96, "" };
/* clang-format on */

static bool
is_in(const unsigned char *address, const struct range *r)
{
	const int whole = r->bits / 8, rest = r->bits % 8;
	const int mask = 0xff00 >> rest & 0xff;

	if (memcmp(address, r->head, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ r->head[whole]) & mask) == 0;
}

static const char *
what_is(const unsigned char *address, const struct range *list)
{
	for (; list->what; list++)
		if (is_in(address, list))
			return list->what;
	return NULL;
}

static const char *
v6_refused(const unsigned char *address)
{
	const char *what;

	if (is_in(address, &v6_nat64))
		return what_is(address + 12, v4);
	what = what_is(address, v6);
	return what || is_in(address, &v6_global) ? what : "reserved";
}

const char *
http_addr_refused(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const void *)address;
	const struct sockaddr_in *in = (const void *)address;

	if (address->sa_family == AF_INET)
		return what_is((const unsigned char *)&in->sin_addr, v4);
	if (address->sa_family == AF_INET6)
		return v6_refused(in6->sin6_addr.s6_addr);
	return "of no internet family";
}
