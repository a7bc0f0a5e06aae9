/* Plain CGI (RFC 3875): one request, from a shell too. */
#include "web/cgi.h"

#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/wait.h"

static ssize_t
cgi_read(struct source *src, char *p, size_t n)
{
	const struct cgi *c = (const struct cgi *)src;
	struct wait_fd in = { .fd = STDIN_FILENO, .want = WAIT_READ };
	struct cx cx = { 0 }; /* nobody stops a single request */
	ssize_t got;

	/* Without a length there is a body only if it came in chunks. */
	if (source_param(src, "CONTENT_LENGTH") == NULL &&
	    source_param(src, "HTTP_TRANSFER_ENCODING") == NULL)
		return 0;
	do {
		if (wait_any(&cx, &in, 1, c->until_ms) != RC_OK)
			return READ_LATE;
		got = read(STDIN_FILENO, p, n);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	return got < 0 ? READ_BROKEN : got;
}

static bool
cgi_write(struct source *src, struct slice bytes)
{
	size_t done = 0;

	(void)src;
	while (done < bytes.n) {
		const ssize_t n =
		    write(STDOUT_FILENO, bytes.p + done, bytes.n - done);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

struct cgi
cgi_source(void)
{
	return (struct cgi){
		.source = { .params = environ,
		    .read = cgi_read,
		    .write = cgi_write },
		.until_ms = clock_ms() + SOURCE_READ_MS,
	};
}
