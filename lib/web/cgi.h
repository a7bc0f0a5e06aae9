/* Plain CGI (RFC 3875): one request, from a shell too. */
#ifndef WEB_CGI_H
#define WEB_CGI_H

#include <stdint.h>

#include "web/source.h"

struct cgi {
	struct source source; /* first: the adapter's face */
	int64_t until_ms; /* the body must be in by then */
};

/* Environment, standard input and standard output as a source. */
struct cgi cgi_source(void);

#endif
