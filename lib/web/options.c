/* Options and settings of a program. */
#include "web/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"

static int
print_routes(struct cx *cx, const struct route *routes)
{
	struct buf out = buf_new(cx->mem, REPLY_MAX_BYTES);
	struct jw w = jw_new(&out);

	route_openapi(&w, cx->program, routes);
	if (jw_end(&w) != RC_OK || puts(buf_text(&out)) == EOF ||
	    fflush(stdout) == EOF)
		return EX_SOFTWARE;
	return EX_OK;
}

static enum log_level
level(void)
{
	static const char *const names[] = { "debug", "info", "warn", "err" };

	for (int i = LOG_DEBUG; i < LOG_ERR; i++)
		if (text_same(conf_text(C_LOG_LEVEL), names[i]))
			return (enum log_level)i;
	return LOG_ERR;
}

static int
configure(struct cx *cx, const char *path)
{
	log_open(LOG_INFO, STDERR_FILENO);
	if (conf_load(cx, path) != RC_OK) {
		log_fault(cx, "serve.conf");
		return EX_CONFIG;
	}
	log_open(level(), STDERR_FILENO);
	return EX_OK;
}

struct options {
	bool test, routes, wrong;
	const char *conf;
};

/* As a CGI program we have none: a server may pass words of the query string
 * as arguments (RFC 3875 4.4). */
static struct options
options_read(int argc, char **argv)
{
	struct options o = { 0 };
	int c;

	if (getenv("REQUEST_METHOD") != NULL)
		return o;
	while ((c = getopt(argc, argv, "f:rt")) != -1) {
		if (c == 'f')
			o.conf = optarg;
		o.routes |= c == 'r';
		o.test |= c == 't';
		o.wrong |= c == '?';
	}
	o.wrong |= optind < argc;
	return o;
}

bool
options_begin(struct cx *cx, int argc, char **argv, const struct route *routes,
    int *status)
{
	const struct options o = options_read(argc, argv);

	if (o.wrong) {
		(void)fprintf(
		    stderr, "usage: %s [-rt] [-f file]\n", cx->program);
		*status = EX_USAGE;
		return false;
	}
	*status = o.routes ? print_routes(cx, routes) : configure(cx, o.conf);
	return *status == EX_OK && !o.routes && !o.test;
}
