/*
 * A wall clock that is wrong by CLOCK_OFF_S seconds: these stand before the C
 * library's own, for the libraries too. The steady clock is as it is.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
off(void)
{
	const char *text = getenv("CLOCK_OFF_S");

	return text ? strtol(text, NULL, 10) : 0;
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	const int rc = (int)syscall(SYS_clock_gettime, clock, out);

	if (rc == 0 && clock == CLOCK_REALTIME)
		out->tv_sec += off();
	return rc;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;
	const int rc = clock_gettime(CLOCK_REALTIME, &now);

	(void)zone;
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return rc;
}

time_t
time(time_t *out)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
