/* Webhook topics: what each means to us (topics.def). */
#include "shopify/topic.h"
#include "base/text.h"

const struct topic topics[] = {
#define TOPIC(name, does, type, path, scope) { name, does, type, path, scope },
#include "shopify/topics.def"
#undef TOPIC
	{ .name = NULL },
};

const struct topic *
topic_find(const char *name)
{
	const struct topic *t;

	for (t = topics; t->name; t++)
		if (text_same(t->name, name))
			return t;
	return NULL;
}

enum rc
topic_object(
    struct cx *cx, const struct topic *topic, struct json payload, int64_t *out)
{
	return jget_int(cx, payload, topic->path, out);
}

const char *
topic_enum(struct cx *cx, const struct topic *topic)
{
	char *text = text_dup(cx->mem, topic->name);
	char *p;

	for (p = text; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
		else if (*p == '/' || *p == '.')
			*p = '_';
	}
	return text;
}
