/* The two databases, seen by the superuser who keeps them. */
#ifndef STOCKROOM_KEEPER_H
#define STOCKROOM_KEEPER_H

#include "store/migration.h"

/*
 * One of the two, with a context of its own: in it both handles are this
 * database, so that transactions (on cx.db) hold the keyring's queries too.
 */
struct keep {
	enum schema which;
	const char *grants;
	struct cx cx;
};

struct keeper {
	struct keep main;
	struct keep keyring;
	struct cx gate; /* the session that keeps others out */
};

/*
 * Takes --url and --keyring-url, else the settings', as the user that stands
 * in them (or the operating system's). False on other arguments.
 */
bool keeper_open(struct keeper *k, int argc, char **argv) MUST_USE;
void keeper_close(struct keeper *k);

/* Makes what is missing of the two databases and waits until nobody else is at
 * them. A failure, here and below, is noted in `cx`. */
enum rc keeper_start(struct cx *cx, struct keeper *k) MUST_USE;

/* Makes the roles, which belong to the cluster, and lets the owner in. */
enum rc keeper_roles(struct cx *cx, struct keeper *k) MUST_USE;

/* Runs one whole text in a transaction; `file` is how people know it. */
enum rc keeper_script(
    struct cx *cx, struct keep *at, const char *file, const char *sql) MUST_USE;

/* Passes on what was noted in another context, behind `what`. */
enum rc keeper_blame(
    struct cx *cx, enum rc rc, const char *what, const struct cx *from);

#endif
