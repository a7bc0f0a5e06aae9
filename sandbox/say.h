/* Replies as Shopify's admin gives them. */
#ifndef SANDBOX_SAY_H
#define SANDBOX_SAY_H

#include "web/route.h"

/* {"errors":"..."} */
enum rc say_errors(struct reply *rp, int64_t status, const char *text) MUST_USE;

/* {"error":"...","error_description":"..."} */
enum rc say_refused(struct reply *rp, int64_t status, const char *error,
    const char *description) MUST_USE;

/* A small page; `body` is HTML, `title` text. */
enum rc say_page(struct cx *cx, struct reply *rp, int status, const char *title,
    const char *body, const char *form_action) MUST_USE;

/* The text with & < > " ' as entities. */
const char *html_text(struct arena *mem, const char *text);

/* Leaves the first half of the reply's body. */
void say_half(struct reply *rp);

/* Sleeps. */
void say_late(struct cx *cx, int64_t ms);

#endif
