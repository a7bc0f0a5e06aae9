/* CGI variables by name. */
#include "web/source.h"

#include <string.h>

const char *
source_param(const struct source *src, const char *name)
{
	const size_t n = strlen(name);

	for (char **p = src->params; *p != NULL; p++)
		if (strncmp(*p, name, n) == 0 && (*p)[n] == '=')
			return *p + n + 1;
	return NULL;
}
