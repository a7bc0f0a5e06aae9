/* malloc that never says no: a process without memory ends at once. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

void
mem_none(void)
{
	static const char line[] =
	    "{\"at\":\"memory.none\",\"level\":\"err\"}\n";

	/* Nothing can be done about a line that does not get out. */
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(70);
	_exit(70);
}

void *
mem_new(size_t n)
{
	void *p = n > PTRDIFF_MAX ? NULL : calloc(1, n ? n : 1);

	if (p == NULL)
		mem_none();
	return p;
}

void *
mem_grow(void *old, size_t n)
{
	void *p = n > PTRDIFF_MAX ? NULL : realloc(old, n ? n : 1);

	if (p == NULL)
		mem_none();
	return p;
}
