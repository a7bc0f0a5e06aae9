/* Secrets out of files, which none but their owner may read (SEC-36). */
#include <string.h>

#include "base/conf.h"
#include "base/file.h"

enum { SECRET_BYTES = 64 * 1024 };

enum rc
secret_read(struct cx *cx, const char *path, struct secret *out)
{
	struct slice text;
	char *copy;

	if (file_read(cx, path, SECRET_BYTES, FILE_OWNER, &text) != RC_OK)
		return RC_INPUT;
	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n == 0)
		return rc_fail(cx, RC_INPUT, "%s is empty", path);
	copy = arena_alloc_secret(cx->mem, text.n + 1);
	memcpy(copy, text.p, text.n);
	*out = (struct secret){ copy, text.n };
	return RC_OK;
}

enum rc
conf_secret(struct cx *cx, enum conf c, struct secret *out)
{
	const char *path = conf_text(c);

	if (path[0] == '\0')
		return RC_ABSENT;
	return secret_read(cx, path, out);
}
