/* Codes and tokens in the state file: a list a kind, a row each. */
#include "chain.h"
#include "grants.h"

static const struct member access_members[] = { ROW_TEXT(access, token),
	ROW_TEXT(access, shop), ROW_TEXT(access, scope), ROW_INT(access, kind),
	ROW_INT(access, expires_at), ROW_INT(access, dead), ROW_END };
static const struct member refresh_members[] = { ROW_TEXT(refresh, token),
	ROW_TEXT(refresh, shop), ROW_TEXT(refresh, scope),
	ROW_TEXT(refresh, replacement), ROW_INT(refresh, expires_at),
	ROW_INT(refresh, first_used_at), ROW_INT(refresh, dead), ROW_END };
static const struct member code_members[] = { ROW_TEXT(code, code),
	ROW_TEXT(code, shop), ROW_TEXT(code, scope), ROW_INT(code, online),
	ROW_INT(code, expires_at), ROW_INT(code, used), ROW_END };
static const struct member install_members[] = { ROW_TEXT(install, shop),
	ROW_TEXT(install, scope), ROW_INT(install, installed_at), ROW_END };
static const struct member migration_members[] = { ROW_TEXT(migration, old),
	ROW_TEXT(migration, access), ROW_TEXT(migration, refresh),
	ROW_INT(migration, at), ROW_END };

static const struct chain chains[] = {
	CHAIN("access", access, grants, access, access_members),
	CHAIN("refresh", refresh, grants, refresh, refresh_members),
	CHAIN("codes", code, grants, codes, code_members),
	CHAIN("installs", install, grants, installs, install_members),
	CHAIN("migrations", migration, grants, migrations, migration_members),
};

enum { CHAINS = sizeof(chains) / sizeof(chains[0]) };

void
grants_write(struct jw *w, const char *name, const struct grants *g)
{
	size_t i;

	jw_object(w, name);
	for (i = 0; i < CHAINS; i++)
		chain_write(w, &chains[i], g);
	jw_close(w);
}

void
grants_read(struct grants *g, struct json in)
{
	size_t i;

	for (i = 0; i < CHAINS; i++)
		chain_read(g->mem, &chains[i], jat(in, chains[i].name), g);
}
