/* The table of topics. */
#include <string.h>

#include "hook_topic.h"

static const struct hook_topic topics[] = {
#define TOPIC(word, name, scopes) { word, name, scopes },
#include "topics.def"
#undef TOPIC
	{ NULL, NULL, NULL },
};

const char hook_topic_words[] =
#define TOPIC(word, name, scopes) word " "
#include "topics.def"
#undef TOPIC
    ;

static const char *const declared[] = { "app/uninstalled", "app/scopes_update",
	"customers/data_request", "customers/redact", "shop/redact", NULL };

const struct hook_topic *
hook_topic_word(const char *word)
{
	const struct hook_topic *t;

	for (t = topics; t->word != NULL; t++)
		if (text_same(t->word, word))
			return t;
	return NULL;
}

const struct hook_topic *
hook_topic_name(const char *name)
{
	const struct hook_topic *t;

	for (t = topics; t->name != NULL; t++)
		if (text_same(t->name, name))
			return t;
	return NULL;
}

/* Whether a scope is the word of `n` bytes, or the write_x that has it in it.
 */
static bool
covers(const char *scope, const char *word, size_t n)
{
	const bool writes = text_starts(scope, "write_");

	if (writes && n > 5 && strncmp(word, "read_", 5) == 0) {
		scope += 6;
		word += 5;
		n -= 5;
	}
	return strlen(scope) == n && strncmp(scope, word, n) == 0;
}

static bool
has_one(const char *wanted, const struct texts *scopes)
{
	struct slice rest = slice_of(wanted), word;
	size_t i;

	while (text_next(&rest, ' ', &word))
		for (i = 0; i < scopes->n; i++)
			if (covers(scopes->items[i], word.p, word.n))
				return true;
	return false;
}

bool
hook_topic_may(const struct hook_topic *topic, const struct texts *scopes)
{
	return topic->scopes == NULL || has_one(topic->scopes, scopes);
}

bool
hook_topic_protected(const struct hook_topic *topic)
{
	return topic->scopes != NULL &&
	       (words_have(topic->scopes, "read_orders") ||
		   words_have(topic->scopes, "read_customers"));
}

bool
hook_topic_declared(const char *name)
{
	size_t i;

	for (i = 0; declared[i] != NULL; i++)
		if (text_same(declared[i], name))
			return true;
	return false;
}
