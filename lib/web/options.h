/* What every program does before it serves: its options and its settings. */
#ifndef WEB_OPTIONS_H
#define WEB_OPTIONS_H

#include "web/route.h"

/*
 * Reads the options and the configuration and opens the log. False when the
 * program is to end with *status: after -t (the configuration was checked), -r
 * (the routes were printed as OpenAPI), or a fault that was said.
 */
bool options_begin(struct cx *cx, int argc, char **argv,
    const struct route *routes, int *status);

#endif
