/* A pretended Shopify: one process, one request at a time, all in memory. The
 * /admin routes are for shops' own hosts, by TLS; /sandbox for browsers, at
 * ADMIN_ORIGIN, and for tests. */
#include <stdlib.h>

#include "ends.h"
#include "sandbox.h"
#include "sender.h"
#include "web/serve.h"

/* clang-format off */
static const struct route routes[] = {
	{ POST, "/admin/api/:version/graphql.json",      BY_ANYONE, NULL, PER_NOBODY, &any_query, &any_body, NULL, 200,
	    "Answers a GraphQL document.", graphql_answer },
	{ POST, "/admin/oauth/access_token",             BY_ANYONE, NULL, PER_NOBODY, &any_query, &any_body, NULL, 200,
	    "Gives tokens, by four grants.", token_grant },
	{ GET,  "/admin/oauth/access_scopes.json",       BY_ANYONE, NULL, PER_NOBODY, &any_query, NULL, NULL, 200,
	    "The scopes of the token.", scopes_show },
	{ GET,  "/bulk/:file",                           BY_ANYONE, NULL, PER_NOBODY, &any_query, NULL, NULL, 200,
	    "The file of a bulk operation.", bulk_file },
	{ GET,  "/sandbox/shops",                        BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200,
	    "The shops there are.", shops_list },
	{ GET,  "/sandbox/ledger",                       BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200,
	    "What was asked of the sandbox so far.", ledger_show },
	{ GET,  "/sandbox/deliveries",                   BY_ANYONE, NULL, PER_NOBODY, &any_query, NULL, NULL, 200,
	    "Every try to deliver a webhook.", deliveries_show },
	{ GET,  "/sandbox/control",                      BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200,
	    "The switches as they are.", control_show },
	{ POST, "/sandbox/control",                      BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 200,
	    "Sets switches and faults.", control_set },
	{ POST, "/sandbox/id_token",                     BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 200,
	    "Mints a session token.", id_token_mint },
	{ GET,  "/sandbox/:shop/admin/oauth/authorize",  BY_ANYONE, NULL, PER_NOBODY, &any_query, NULL, NULL, 200,
	    "Asks whether to install the app.", authorize_page },
	{ GET,  "/sandbox/:shop/admin",                  BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200,
	    "The app as the merchant sees it.", admin_page },
	{ POST, "/sandbox/:shop/admin",                  BY_ANYONE, NULL, PER_NOBODY, NULL, &any_body, NULL, 303,
	    "Uninstalls the app, or changes a thing.", admin_act },
	{ GET,  "/sandbox/:shop/admin/open",             BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 302,
	    "Opens the app as the admin does.", app_open },
	{ GET,  "/sandbox/:shop/api/truth",              BY_ANYONE, NULL, PER_NOBODY, NULL, NULL, NULL, 200,
	    "The shop's own numbers.", truth_show },
	{ .handler = NULL }
};
/* clang-format on */

static const struct doors doors = { .start = sandbox_start };
static const struct program program = { "sandbox", routes, &doors };

/* One process alone has the state, so it is neither forked nor replaced. Beside
 * it, and by the same file, one sends the webhooks. */
int
main(int argc, char **argv)
{
	struct cx cx = { .program = "sandbox" };
	int status;

	if (argc == 2 && text_same(argv[1], "sender"))
		return sender_run();
	if (setenv("WORKERS", "1", 1) != 0 ||
	    setenv("MAX_REQUESTS", "0", 1) != 0)
		return EXIT_FAILURE;
	status = serve(argc, argv, &program);
	if (sandbox()->changed) {
		cx.mem = arena_new();
		sandbox_keep(&cx);
		arena_free(cx.mem);
	}
	return status;
}
