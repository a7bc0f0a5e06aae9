/* Codes and tokens in the state file: a list a kind, a row each. */
#include <string.h>

#include "grants.h"

enum member_kind { MEMBER_TEXT, MEMBER_INT };

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
};

/* clang-format off */
#define TEXT(s, m) { #m, MEMBER_TEXT, offsetof(struct s, m) }
#define INT(s, m) { #m, MEMBER_INT, offsetof(struct s, m) }
#define END { NULL, MEMBER_INT, 0 }
/* clang-format on */

static const struct member access_members[] = { TEXT(access, token),
	TEXT(access, shop), TEXT(access, scope), INT(access, kind),
	INT(access, expires_at), INT(access, dead), END };
static const struct member refresh_members[] = { TEXT(refresh, token),
	TEXT(refresh, shop), TEXT(refresh, scope), TEXT(refresh, replacement),
	INT(refresh, expires_at), INT(refresh, first_used_at),
	INT(refresh, dead), END };
static const struct member code_members[] = { TEXT(code, code),
	TEXT(code, shop), TEXT(code, scope), INT(code, online),
	INT(code, expires_at), INT(code, used), END };
static const struct member install_members[] = { TEXT(install, shop),
	TEXT(install, scope), INT(install, installed_at), END };
static const struct member migration_members[] = { TEXT(migration, old),
	TEXT(migration, access), TEXT(migration, refresh), INT(migration, at),
	END };

/* A chain of rows: where it hangs in struct grants, where a row's link is. */
static const struct chain {
	const char *name;
	const struct member *members;
	size_t bytes;
	size_t offset;
	size_t next;
} chains[] = {
	{ "access", access_members, sizeof(struct access),
	    offsetof(struct grants, access), offsetof(struct access, next) },
	{ "refresh", refresh_members, sizeof(struct refresh),
	    offsetof(struct grants, refresh), offsetof(struct refresh, next) },
	{ "codes", code_members, sizeof(struct code),
	    offsetof(struct grants, codes), offsetof(struct code, next) },
	{ "installs", install_members, sizeof(struct install),
	    offsetof(struct grants, installs), offsetof(struct install, next) },
	{ "migrations", migration_members, sizeof(struct migration),
	    offsetof(struct grants, migrations),
	    offsetof(struct migration, next) },
};

enum { CHAINS = sizeof(chains) / sizeof(chains[0]), LINK = sizeof(void *) };

static char *
link_at(const char *row, size_t offset)
{
	char *next;

	memcpy(&next, row + offset, sizeof(next));
	return next;
}

static void
write_row(struct jw *w, const struct member *m, const char *row)
{
	int64_t number;

	jw_object(w, NULL);
	for (; m->name != NULL; m++) {
		if (m->kind == MEMBER_TEXT) {
			jw_text(w, m->name, link_at(row, m->offset));
			continue;
		}
		memcpy(&number, row + m->offset, sizeof(number));
		jw_int(w, m->name, number);
	}
	jw_close(w);
}

void
grants_write(struct jw *w, const char *name, const struct grants *g)
{
	const char *row;
	size_t i;

	jw_object(w, name);
	for (i = 0; i < CHAINS; i++) {
		jw_list(w, chains[i].name);
		row = link_at((const char *)g, chains[i].offset);
		for (; row != NULL; row = link_at(row, chains[i].next))
			write_row(w, chains[i].members, row);
		jw_close(w);
	}
	jw_close(w);
}

static void
read_row(struct arena *mem, const struct member *m, struct json in, char *row)
{
	const char *text;
	int64_t number;

	for (; m->name != NULL; m++) {
		if (m->kind == MEMBER_INT) {
			number = jint_or(in, m->name, 0);
			memcpy(row + m->offset, &number, sizeof(number));
			continue;
		}
		text = jtext_or(in, m->name, NULL);
		if (text != NULL)
			text = text_dup(mem, text);
		memcpy(row + m->offset, &text, sizeof(text));
	}
}

/* The last row first, so that the chain is as it was. */
static void
read_chain(struct grants *g, const struct chain *c, struct json list)
{
	char *head = (char *)g + c->offset, *row;
	size_t i;

	for (i = jlen(list); i > 0; i--) {
		row = arena_alloc(g->mem, c->bytes);
		read_row(g->mem, c->members, jitem(list, i - 1), row);
		memcpy(row + c->next, head, LINK);
		memcpy(head, &row, LINK);
	}
}

void
grants_read(struct grants *g, struct json in)
{
	size_t i;

	for (i = 0; i < CHAINS; i++)
		read_chain(g, &chains[i], jat(in, chains[i].name));
}
