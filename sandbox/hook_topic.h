/* Webhook topics as the Admin API knows them (topics.def). */
#ifndef SANDBOX_HOOK_TOPIC_H
#define SANDBOX_HOOK_TOPIC_H

#include "run.h"

struct hook_topic {
	const char *word; /* "ORDERS_CREATE" */
	const char *name; /* "orders/create" */
	const char *scopes; /* one of these is needed; NULL: none is */
};

/* All words, a blank between two. */
extern const char hook_topic_words[];

/* By word or by name, or NULL. */
const struct hook_topic *hook_topic_word(const char *word);
const struct hook_topic *hook_topic_name(const char *name);

/* Whether a token with these scopes may subscribe. */
bool hook_topic_may(const struct hook_topic *topic, const struct texts *scopes);

/* Whether its payload has protected customer data (shopify.md 4.5). */
bool hook_topic_protected(const struct hook_topic *topic);

/*
 * Those that the app itself declares, as its TOML would: sent for every shop,
 * never taken away. Beside app/uninstalled and app/scopes_update the three
 * that the law asks for, which the Admin API does not know.
 */
bool hook_topic_declared(const char *name);

#endif
