/* A pretended Shopify. */
#include "web/serve.h"

static const struct route routes[] = { { 0 } };
static const struct program program = { "sandbox", routes, NULL };

int
main(int argc, char **argv)
{
	return serve(argc, argv, &program);
}
