/* Small files, read whole under a ceiling. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static enum rc
look_at(
    struct cx *cx, int fd, const char *path, enum file_for who, uintmax_t *size)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return rc_fail(cx, RC_INPUT, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return rc_fail(cx, RC_INPUT, "%s is not a regular file", path);
	if (who == FILE_OWNER && (st.st_mode & 0077) != 0)
		return rc_fail(cx, RC_INPUT,
		    "%s has mode %04o, but only its owner may read it: chmod "
		    "600",
		    path, (unsigned int)st.st_mode & 07777);
	*size = (uintmax_t)st.st_size;
	return RC_OK;
}

/* `max` bytes, or fewer where the file has become shorter. */
static enum rc
read_all(
    struct cx *cx, int fd, const char *path, char *to, size_t max, size_t *n)
{
	ssize_t got = 1;

	*n = 0;
	while (*n < max && got != 0) {
		got = read(fd, to + *n, max - *n);
		if (got < 0 && errno != EINTR)
			return rc_fail(
			    cx, RC_INPUT, "%s: %s", path, strerror(errno));
		if (got > 0)
			*n += (size_t)got;
	}
	return RC_OK;
}

static enum rc
read_open(struct cx *cx, int fd, const char *path, size_t max,
    enum file_for who, struct slice *out)
{
	uintmax_t size = 0;
	char *text;
	size_t n;

	TRY(look_at(cx, fd, path, who, &size));
	if (size > max)
		return rc_fail(
		    cx, RC_INPUT, "%s is longer than %zu bytes", path, max);
	text = who == FILE_OWNER ? arena_alloc_secret(cx->mem, size + 1)
				 : arena_alloc(cx->mem, size + 1);
	TRY(read_all(cx, fd, path, text, size, &n));
	*out = (struct slice){ text, n };
	return RC_OK;
}

enum rc
file_read(struct cx *cx, const char *path, size_t max, enum file_for who,
    struct slice *out)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum rc rc;

	if (fd < 0)
		return rc_fail(cx, errno == ENOENT ? RC_ABSENT : RC_INPUT,
		    "%s: %s", path, strerror(errno));
	rc = read_open(cx, fd, path, max, who, out);
	(void)close(fd);
	return rc;
}
