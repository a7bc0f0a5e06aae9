/* The context: noting a failure once, and starting afresh. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cx.h"
#include "base/text.h"

/*
 * A failure's words stand on the arena's note page, not in the arena: a loop
 * may go back behind its mark and pass the failure up after that.
 */
enum { SENTENCE_BYTES = 2048, FIELD_BYTES = 512, RULE_BYTES = 1024 };
enum {
	GOT_BYTES = ARENA_NOTE_BYTES - SENTENCE_BYTES - FIELD_BYTES - RULE_BYTES
};
enum { GOT_SHOWN = 100 };

static const char *
keep(char *place, size_t size, const char *text)
{
	if (text == NULL)
		return NULL;
	(void)snprintf(place, size, "%s", text);
	return place;
}

enum rc
rc_fail(struct cx *cx, enum rc rc, const char *fmt, ...)
{
	char *note = arena_note(cx->mem);
	va_list ap;

	assert(rc != RC_OK);
	if (cx->fault.rc != RC_OK)
		return rc;
	va_start(ap, fmt);
	(void)vsnprintf(note, SENTENCE_BYTES, fmt, ap);
	va_end(ap);
	cx->fault = (struct fault){ .rc = rc, .sentence = note };
	return rc;
}

enum rc
rc_field(struct cx *cx, enum rc rc, const char *field, const char *rule,
    const char *got)
{
	char *note = arena_note(cx->mem) + SENTENCE_BYTES;

	if (cx->fault.rc != RC_OK)
		return rc;
	(void)rc_fail(cx, rc, "%s must be %s", field, rule);
	cx->fault.field = keep(note, FIELD_BYTES, field);
	cx->fault.rule = keep(note + FIELD_BYTES, RULE_BYTES, rule);
	if (got != NULL)
		got = text_cut(cx->mem, got, GOT_SHOWN);
	cx->fault.got = keep(note + FIELD_BYTES + RULE_BYTES, GOT_BYTES, got);
	return rc;
}

void
rc_forget(struct cx *cx)
{
	cx->fault = (struct fault){ .rc = RC_OK };
	cx->retry_after_ms = 0;
}

void
cx_reset(struct cx *cx)
{
	arena_empty(cx->mem);
	*cx = (struct cx){
		.mem = cx->mem,
		.db = cx->db,
		.keyring = cx->keyring,
		.program = cx->program,
		.should_stop = cx->should_stop,
	};
}
