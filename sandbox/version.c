/* Versions of the Admin API, as of November 2026. */
#include <string.h>

#include "base/text.h"
#include "version.h"

static const struct version versions[] = {
	{ "2026-01", "2026-01", true },
	{ "2026-04", "2026-04", true },
	{ "2026-07", "2026-07", true },
	{ "2026-10", "2026-10 (Latest)", true },
	{ "2027-01", "2027-01 (Release candidate)", false },
	{ "unstable", "unstable", false },
};

enum { VERSIONS = sizeof(versions) / sizeof(versions[0]) };

const struct version *
version_at(size_t i)
{
	return i < VERSIONS ? &versions[i] : NULL;
}

/* YYYY-MM of a quarter. */
static bool
is_version(const char *text)
{
	static const char *const ends[] = { "-01", "-04", "-07", "-10" };
	size_t i;

	if (strlen(text) != 7 || strspn(text, "0123456789") != 4)
		return false;
	for (i = 0; i < 4; i++)
		if (text_ends(text, ends[i]))
			return true;
	return false;
}

const char *
version_served(const char *asked)
{
	size_t i;

	for (i = 0; i < VERSIONS; i++)
		if (text_same(versions[i].handle, asked))
			return versions[i].handle;
	if (is_version(asked) && strcmp(asked, versions[0].handle) < 0)
		return versions[0].handle;
	return NULL;
}
