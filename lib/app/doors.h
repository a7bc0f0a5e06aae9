/* What every prefork program gives to serve: who calls, how often, our start.
 */
#ifndef APP_DOORS_H
#define APP_DOORS_H

#include "web/serve.h"

extern const struct doors app_doors;

#endif
