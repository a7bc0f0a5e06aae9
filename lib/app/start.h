/* What a program opens once, by its name: one role, only its own secrets. */
#ifndef APP_START_H
#define APP_START_H

#include "base/cx.h"

/*
 * Opens the main database as role stockroom_<program>, and for those with
 * keyring access (design.md 4) the keyring, the KEKs and the way out. Nothing
 * connects yet. Once a process, after fork and conf_load.
 */
enum rc app_start(struct cx *cx) MUST_USE;

/* Closes what app_start opened; no request or job is going on. */
void app_stop(struct cx *cx);

/* The main database alone, as any role of ours: for the operator's command. */
enum rc app_open(struct cx *cx, const char *role) MUST_USE;

#endif
