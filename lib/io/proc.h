/* Processes: a parent that keeps N children alive, signals, hardening. */
#ifndef IO_PROC_H
#define IO_PROC_H

#include <signal.h>
#include <sys/types.h>

#include "base/cx.h"

/* SIGTERM and SIGINT ask us to stop; SIGPIPE is ignored. Set after libfcgi's
 * own handlers. proc_stopping is true from then on and makes polls return. */
void proc_signals(void);
bool proc_stopping(void);
int proc_stop_signals(void); /* how many came */
bool proc_reload_asked(void); /* a SIGHUP came since the last call */

/*
 * Forks `n` children that run `work(arg)` and exit with what it returns; a
 * child that ends is replaced (at most one a 100 ms for each place) until a
 * stop is asked: then they get SIGTERM, and after grace_ms, or at a second stop
 * signal, SIGKILL. Returns in the parent when all are gone, with an exit
 * status. n == 1 runs work here, without a fork.
 */
int proc_prefork(
    struct cx *cx, int n, int64_t grace_ms, int (*work)(void *), void *arg);

/* A child that dies with its parent (PR_SET_PDEATHSIG) and has default
 * signal handling again. -1 on failure, 0 in the child. */
pid_t proc_fork(struct cx *cx);

/*
 * After start, before the first request (security.md D16): no_new_privs,
 * RLIMIT_CORE 0, not dumpable, a seccomp list without execve, ptrace, mount,
 * bpf. A kernel without seccomp is logged and goes on.
 */
enum rc proc_harden(struct cx *cx) MUST_USE;
/* The same, but that other programs may be run: for execd alone, whose programs
 * inherit it. */
enum rc proc_harden_but_exec(struct cx *cx) MUST_USE;

/* sd_notify(3) by hand: "READY=1", "WATCHDOG=1"; nothing without NOTIFY_SOCKET.
 */
void proc_notify(const char *state);

#endif
