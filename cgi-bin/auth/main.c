/* auth: install, callback, token exchange, sessions, API keys, shops. */
#include "app/doors.h"
#include "app/lists.h"
#include "auth.h"

/* clang-format off */
static const struct route routes[] = {
	{ GET,    "/app",                      BY_ANYONE, NULL, PER_ADDRESS, &any_query, NULL, NULL, 200,
	    "The App URL that Shopify opens: a signed request gets the page, or is sent to install.", app_page },
	{ POST,   "/api/auth/shopify/connect", BY_ANYONE, NULL, PER_ADDRESS, NULL, &connect_body, &connect_reply, 200,
	    "Begin to install on a shop: where to send the browser.", connect_start },
	{ GET,    "/api/auth/shopify/connect", BY_ANYONE, NULL, PER_ADDRESS, &connect_query, NULL, NULL, 302,
	    "Begin to install on a shop, by redirect.", connect_redirect },
	{ GET,    "/api/auth/shopify/callback", BY_ANYONE, NULL, PER_ADDRESS, &any_query, NULL, NULL, 302,
	    "Where Shopify sends the browser back: checked, then the code becomes a token.", callback_finish },
	{ POST,   "/api/auth/shopify/token",   BY_ANYONE, NULL, PER_ADDRESS, NULL, NULL, &token_reply, 200,
	    "Exchange App Bridge's session token for an offline token.", token_exchange },
	{ POST,   "/api/auth/session",         BY_ANYONE, NULL, PER_ADDRESS, NULL, &session_body, &session_reply, 201,
	    "Sign a browser in with an API key.", session_create },
	{ GET,    "/api/auth/session",         BY_CALLER, NULL, PER_ADDRESS | PER_CALLER, &shop_query, NULL, &session_reply, 200,
	    "Who is calling, and what the shop granted.", session_show },
	{ DELETE, "/api/auth/session",         BY_SHOP_SESSION | BY_OPERATOR_SESSION, NULL, PER_ADDRESS | PER_CALLER, NULL, NULL, NULL, 204,
	    "Sign this browser out.", session_end },
	{ GET,    "/api/auth/sessions",        BY_CALLER, "sessions:read", PER_ADDRESS | PER_CALLER, &list_query, NULL, &sessions_reply, 200,
	    "Browser sessions that are alive, newest first.", sessions_list },
	{ DELETE, "/api/auth/sessions/:id",    BY_CALLER, "sessions:write", PER_ADDRESS | PER_CALLER, &shop_query, NULL, NULL, 204,
	    "End a browser session.", sessions_end },
	{ GET,    "/api/auth/keys",            BY_CALLER, "keys:read", PER_ADDRESS | PER_CALLER, &list_query, NULL, &keys_reply, 200,
	    "API keys, newest first; never their secrets.", keys_list },
	{ POST,   "/api/auth/keys",            BY_CALLER, "keys:write", PER_ADDRESS | PER_CALLER, NULL, &key_new, &key_reply, 201,
	    "Mint an API key; its secret shows once.", keys_create },
	{ DELETE, "/api/auth/keys/:id",        BY_CALLER, "keys:write", PER_ADDRESS | PER_CALLER, &shop_query, NULL, NULL, 204,
	    "Revoke an API key.", keys_revoke },
	{ GET,    "/api/auth/shops",           BY_CALLER, "shops:read", PER_ADDRESS | PER_CALLER, &shops_query, NULL, &shops_reply, 200,
	    "The shops that the caller may see.", shops_list },
	{ GET,    "/api/auth/shops/:shop",     BY_CALLER, "shops:read", PER_ADDRESS | PER_CALLER, NULL, NULL, &shop_reply, 200,
	    "One shop: status, scopes, token.", shops_show },
	{ .handler = NULL }
};
/* clang-format on */

int
main(int argc, char **argv)
{
	static const struct program program = { "auth", routes, &app_doors };

	return serve(argc, argv, &program);
}
