/* A helper program on a FastCGI socket of its own, and who talks to it. */
#ifndef TEST_SERVED_H
#define TEST_SERVED_H

#include <sys/types.h>
#include <sys/un.h>

#include "base/text.h"

/*
 * Starts tests/helpers/NAME (with a slash in it: NAME below the build's folder)
 * with two settings NAME=VALUE (or NULL) more, its
 * figures and its log in the test's folder; it ends with the test.
 */
void served_start(const char *name, const char *one, const char *two);
/* Another one on the same socket; then the one before is told to stop, and ends
 * with 0. */
void served_replace(const char *name);
pid_t served_pid(void);
/* Waits for its end, after telling it to stop or not: its exit status. */
int served_stop(void);
int served_end(void);

const struct sockaddr_un *served_where(void);
int served_connect(void);
/* Sends all of it; false when the program had enough of it before. */
bool served_say(int fd, struct slice bytes);
/* What is said on FCGI_OUT until the program closes, which is closed then, too;
 * NULL when it is no whole answer. */
const char *served_hear(int fd);
/* All three. */
const char *served_talk(struct slice bytes);

#endif
