/* From what happened to the jobs of the handlers that take it. */
#ifndef APP_HANDLER_JOB_H
#define APP_HANDLER_JOB_H

#include "app/handlers.h"
#include "base/json.h"
#include "store/webhook.h"

/*
 * Puts a job for each handler of the delivery's topic, inside the caller's
 * transaction: call job_wake behind it. The payload of a privacy topic leaves
 * its numbers with the job, for its body goes dark when it is obeyed.
 */
enum rc handler_job_webhook(
    struct cx *cx, const struct webhook *w, struct json payload) MUST_USE;

/* The same for a pull of cx->shop_id whose last part may have ended in this
 * transaction: nothing unless it is completed now. */
enum rc handler_job_pull(
    struct cx *cx, int32_t shop_epoch, const char *pull_id) MUST_USE;

/* Makes the schedules what handlers.conf says; needs cx->every_shop. */
enum rc handler_job_schedules(struct cx *cx) MUST_USE;

#endif
