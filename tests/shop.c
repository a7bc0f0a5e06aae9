/* A shop in a database of the test's own, and the keys to seal its rows. */
#include "shop.h"

#include <atf-c.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "base/file.h"
#include "io/crypt.h"
#include "io/db.h"
#include "store/kek.h"
#include "store/token.h"

void
test_kek(void)
{
	ATF_REQUIRE(mkdir("kek", 0700) == 0);
	atf_utils_create_file("kek/1", "%064d\n", 7);
	ATF_REQUIRE(chmod("kek/1", 0400) == 0);
	conf_set(C_KEK_DIR, "kek");
	OK(crypt_start(test_cx()));
	OK(kek_start(test_cx()));
}

void
test_sql(const char *database, const char *sql)
{
	test_server(text_fmt(test_arena(),
	    "pg_sql %s > sql.out <<'END'\nSET search_path = stockroom, "
	    "keyring;\n%s;\nEND\n",
	    database, sql));
}

void
test_answers(const char *want, const char *database, const char *sql)
{
	test_server(text_fmt(test_arena(),
	    "pg_answers '%s' %s <<'END'\nSET search_path = stockroom, "
	    "keyring;\n%s;\nEND\n",
	    want, database, sql));
}

const char *
test_answer(const char *database, const char *sql)
{
	struct slice text;
	struct slice line = { "", 0 };

	test_sql(database, sql);
	OK(file_read(test_cx(), "sql.out", 64 << 10, FILE_ANY, &text));
	(void)text_next(&text, '\n', &line);
	return text_of(test_arena(), line);
}

struct cx *
test_shop(const char *program)
{
	struct cx *cx = test_database(program);

	test_kek();
	test_sql("t", "INSERT INTO shop (shop_id, domain, name, scopes) VALUES "
		      "(9007199254740993, 'a.myshopify.com', 'A', "
		      "'{read_products,write_orders}'),"
		      "(2, 'b.myshopify.com', 'B', '{}')");
	cx->shop_id = SHOP;
	return cx;
}

struct shop
test_shop_row(void)
{
	struct shop shop;

	OK(shop_load(test_cx(), SHOP, &shop));
	return shop;
}

struct keys
test_keys(void)
{
	struct keys keys;

	OK(keys_load(test_cx(), SHOP, KEYS_MAKE, &keys));
	return keys;
}

enum { RIVALS = 4 };
static struct cx rivals[RIVALS];
static size_t n_rivals;

static void
end(void)
{
	while (n_rivals > 0) {
		struct cx *cx = &rivals[--n_rivals];

		arena_free(cx->mem);
		db_close(cx->db);
		db_close(cx->keyring);
	}
}

struct cx *
test_rival(const char *program)
{
	struct cx *cx = &rivals[n_rivals];

	ATF_REQUIRE(n_rivals < RIVALS);
	if (n_rivals++ == 0)
		(void)atexit(end);
	*cx = (struct cx){ .program = "rival", .mem = arena_new() };
	cx->db = db_open("rival", test_url("t", program), NULL, 1);
	cx->keyring = db_open("rival", test_url("t_keys", program), NULL, 1);
	cx->shop_id = SHOP;
	return cx;
}

void
test_token(int64_t expires_in_s)
{
	const struct token_pair pair = {
		.kind = "expiring",
		.access = { "shpat_1", 7 },
		.refresh = { "shprt_1", 7 },
		.expires_in_s = expires_in_s,
		.refresh_expires_in_s = 7776000,
	};
	struct cx *auth = test_rival("auth");
	struct keys keys;

	OK(keys_load(auth, SHOP, KEYS_MAKE, &keys));
	OK(token_save(auth, &keys, &pair));
}

enum rc
test_code(enum rc rc)
{
	rc_forget(test_cx());
	return rc;
}
