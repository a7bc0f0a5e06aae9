/* Webhook topics: what each means to us (topics.def). */
#include "base/text.h"
#include "shopify/topic.h"

static const struct topic topics[] = {
#define TOPIC(name, does, type, path) { name, does, type, path },
#include "shopify/topics.def"
#undef TOPIC
};

const struct topic *
topic_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (text_same(topics[i].name, name))
			return &topics[i];
	return NULL;
}

enum rc
topic_object(struct cx *cx, const struct topic *topic, struct json payload,
    int64_t *out)
{
	return jget_int(cx, payload, topic->path, out);
}
