/* JSON lines on stderr: one encoder, one write a line (SEC-30, SEC-31). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/cx.h"

struct log_field {
	const char *name;
	const char *text; /* a text field; NULL: a number */
	int64_t number;
};

static inline const char *
log_text(const char *text)
{
	return text ? text : "";
}

#define L_TEXT(n, v)                                                           \
	{                                                                      \
		.name = (n), .text = log_text(v)                               \
	}
#define L_INT(n, v)                                                            \
	{                                                                      \
		.name = (n), .number = (int64_t)(v)                            \
	}

/*
 * log_info(cx, "pull.page", L_TEXT("resource", r), L_INT("rows", n));
 * cx (NULL is allowed) adds program, shop, request and job. Never give it a
 * token, a secret, a body or personal data. No line (same `at`, same level)
 * is written more than ten times a second; what was left out is said in the
 * next one as "repeats".
 */
#define log_info(cx, at, ...) log_at(cx, LOG_INFO, at, __VA_ARGS__)
#define log_warn(cx, at, ...) log_at(cx, LOG_WARN, at, __VA_ARGS__)
#define log_err(cx, at, ...) log_at(cx, LOG_ERR, at, __VA_ARGS__)
#define log_at(cx, level, at, ...)                                             \
	log_write((cx), (level), (at),                                         \
	    (const struct log_field[]){                                        \
		__VA_ARGS__ __VA_OPT__(, ){ .name = NULL } })

void log_write(const struct cx *cx, enum log_level level, const char *at,
    const struct log_field *fields);

/* A failure, once, at the top: cx->fault's code, sentence and field. */
void log_fault(const struct cx *cx, const char *at);

/* Lines below `level` are left out. Where they go, for tests: a descriptor. */
void log_open(enum log_level level, int fd);

#endif
