/* Uninstalling: what the shop gave us is gone at once (SEC-8). */
#ifndef APP_UNINSTALL_H
#define APP_UNINSTALL_H

#include "store/shop.h"

/*
 * In the caller's transaction: token erased, sessions and keys dead, pulls
 * stopped, epoch raised. *done is false when nothing was to do: the shop was
 * installed again after `triggered_at` (epoch seconds; 0: not said), or is
 * uninstalled already.
 */
enum rc shop_uninstall(
    struct cx *cx, int64_t triggered_at, bool *done) MUST_USE;

#endif
