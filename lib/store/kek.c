/* Key-encryption keys: files in KEK_DIR, one a number (security.md D1). */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/code.h"
#include "base/conf.h"
#include "store/kek.h"

enum { KEKS_MAX = 16 };

static struct blob_key keks[KEKS_MAX];
static size_t n_keks;

static enum rc
kek_add(struct cx *cx, const char *dir, const char *name, int64_t id)
{
	const char *path = text_fmt(cx->mem, "%s/%s", dir, name);
	struct blob_key *kek = &keks[n_keks];
	struct secret hex;

	if (n_keks == KEKS_MAX)
		return rc_fail(
		    cx, RC_INPUT, "KEK_DIR holds more than %d keys", KEKS_MAX);
	TRY(secret_read(cx, path, &hex));
	if (!hex_to(
		(struct slice){ hex.p, hex.n }, kek->bytes, sizeof(kek->bytes)))
		return rc_field(cx, RC_INPUT, path, "32 bytes as 64 hex digits",
		    "something else");
	kek->id = (uint32_t)id;
	n_keks++;
	return RC_OK;
}

enum rc
kek_start(struct cx *cx)
{
	const char *dir = conf_text(C_KEK_DIR);
	struct dirent *entry;
	DIR *d = dir[0] ? opendir(dir) : NULL;
	enum rc rc = RC_OK;
	int64_t id;

	kek_stop();
	if (!d)
		return rc_fail(cx, RC_INPUT, "KEK_DIR %s cannot be read: %s",
		    dir, dir[0] ? strerror(errno) : "it is not set");
	while (rc == RC_OK && (entry = readdir(d)))
		if (text_int(entry->d_name, 1, UINT32_MAX, &id))
			rc = kek_add(cx, dir, entry->d_name, id);
	closedir(d);
	if (rc == RC_OK && n_keks == 0)
		return rc_fail(cx, RC_INPUT, "KEK_DIR %s holds no key", dir);
	return rc;
}

const struct blob_key *
kek_newest(void)
{
	const struct blob_key *newest = NULL;
	size_t i;

	for (i = 0; i < n_keks; i++)
		if (!newest || keks[i].id > newest->id)
			newest = &keks[i];
	return newest;
}

const struct blob_key *
kek_find(uint32_t id)
{
	size_t i;

	for (i = 0; i < n_keks; i++)
		if (keks[i].id == id)
			return &keks[i];
	return NULL;
}

void
kek_stop(void)
{
	explicit_bzero(keks, sizeof(keks));
	n_keks = 0;
}
