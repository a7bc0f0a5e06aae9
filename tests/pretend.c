/* A Shopify out of a test's hand: every *.myshopify.com, behind TLS. Each
 * connection is a process: what they share with the test lies in one map. */
#include "pretend.h"

#include <atf-c.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "tls_server.h"

enum { ROWS = 64, TEXT_BYTES = 8 << 20, WORD_BYTES = 40, GOT_BYTES = 64 << 10 };

/* An answer that is waiting to be given. */
struct says {
	char what[WORD_BYTES];
	int status;
	size_t at; /* in text */
	bool given;
};

/* What was called. */
struct heard {
	char what[WORD_BYTES];
	int calls;
	char got[GOT_BYTES];
};

struct shared {
	bool lock;
	int slow_ms;
	size_t n_says, n_heard, n_text;
	struct says says[ROWS];
	struct heard heard[ROWS];
	char token[256];
	char text[TEXT_BYTES];
};

static struct shared *shared;
static struct tls_server server = { .cert = {
					.names = "DNS:*.myshopify.com" } };

static void
lock(void)
{
	while (__atomic_test_and_set(&shared->lock, __ATOMIC_ACQUIRE))
		(void)sched_yield();
}

static void
unlock(void)
{
	__atomic_clear(&shared->lock, __ATOMIC_RELEASE);
}

/* ---- in the server's processes */

static const char *
grant_of(const char *body)
{
	static const char *const words[] = { "refresh_token", "token-exchange",
		"client_credentials", NULL };
	const char *type = strstr(body, "\"grant_type\"");
	int i;

	for (i = 0; type && words[i]; i++)
		if (strstr(type, words[i]))
			return words[i];
	return "code";
}

static void
word_of(const char *head, const char *body, char out[WORD_BYTES])
{
	const char *name = strstr(body, "\"operationName\":\"");

	if (strstr(head, "/admin/oauth/access_token"))
		(void)snprintf(out, WORD_BYTES, "%s", grant_of(body));
	else if (name)
		(void)snprintf(out, WORD_BYTES, "%.*s",
		    (int)strcspn(name + 17, "\""), name + 17);
	else
		(void)snprintf(out, WORD_BYTES, "?");
}

static struct heard *
heard_of(const char *what)
{
	size_t i;

	for (i = 0; i < shared->n_heard; i++)
		if (strcmp(shared->heard[i].what, what) == 0)
			return &shared->heard[i];
	return NULL;
}

static void
note(const char *what, const char *head, const char *body)
{
	const char *token = strcasestr(head, "\r\nX-Shopify-Access-Token: ");
	struct heard *h = heard_of(what);

	if (!h && shared->n_heard < ROWS) {
		h = &shared->heard[shared->n_heard++];
		(void)snprintf(h->what, WORD_BYTES, "%s", what);
	}
	if (h) {
		h->calls++;
		(void)snprintf(h->got, GOT_BYTES, "%s", body);
	}
	shared->token[0] = '\0';
	if (token)
		(void)snprintf(shared->token, sizeof(shared->token), "%.*s",
		    (int)strcspn(token + 26, "\r"), token + 26);
}

/* The first that was not given, else the last one. */
static struct says *
next_for(const char *what)
{
	struct says *found = NULL;
	size_t i;

	for (i = 0; i < shared->n_says; i++) {
		if (strcmp(shared->says[i].what, what) != 0)
			continue;
		found = &shared->says[i];
		if (!found->given)
			break;
	}
	if (found)
		found->given = true;
	return found;
}

static bool
say(struct tls_peer *peer, int status, const char *body)
{
	char head[128];

	(void)snprintf(head, sizeof(head),
	    "HTTP/1.1 %d Said\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    status, strlen(body));
	tls_say_text(peer, head);
	tls_say_text(peer, body);
	return true;
}

static bool
answer(struct tls_peer *peer, const char *head, const char *body)
{
	char what[WORD_BYTES];
	const struct says *says;
	int slow_ms;

	word_of(head, body, what);
	lock();
	note(what, head, body);
	says = next_for(what);
	slow_ms = shared->slow_ms;
	unlock();
	if (slow_ms > 0)
		(void)usleep((useconds_t)slow_ms * 1000);
	if (!says)
		return say(peer, 500, "{\"errors\":\"not foreseen\"}");
	return says->status != 0 &&
	       say(peer, says->status, shared->text + says->at);
}

/* ---- in the test */

void
pretend_start(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ATF_REQUIRE(shared != MAP_FAILED);
	cert_ca("ca.pem");
	server.answer = answer;
	tls_start(&server);
	atf_utils_create_file("client-secret", "hush\n");
	ATF_REQUIRE(chmod("client-secret", 0600) == 0);
	conf_set(C_CA_FILE, "ca.pem");
	conf_set(
	    C_CONNECT_TO, text_fmt(test_arena(),
			      "*.myshopify.com:443:127.0.0.1:%d", server.port));
	conf_set(C_SHOPIFY_API_KEY, "app-key");
	conf_set(C_SHOPIFY_API_SECRET_FILE, "client-secret");
	conf_set(C_APP_URL, "https://app.test");
}

void
pretend_says(const char *what, int status, const char *body)
{
	const size_t n = strlen(body) + 1;
	struct says *row;

	ATF_REQUIRE(shared->n_says < ROWS && shared->n_text + n < TEXT_BYTES);
	lock();
	row = &shared->says[shared->n_says++];
	*row = (struct says){ .status = status, .at = shared->n_text };
	(void)snprintf(row->what, WORD_BYTES, "%s", what);
	memcpy(shared->text + shared->n_text, body, n);
	shared->n_text += n;
	unlock();
}

void
pretend_data(const char *what, const char *data)
{
	pretend_says(what, 200,
	    text_fmt(test_arena(),
		"{\"data\":%s,\"extensions\":{\"cost\":{"
		"\"requestedQueryCost\":12,\"actualQueryCost\":10,"
		"\"throttleStatus\":{\"maximumAvailable\":2000.0,"
		"\"currentlyAvailable\":1990,\"restoreRate\":100.0}}}}",
		data));
}

void
pretend_too_dear(const char *what)
{
	pretend_says(what, 200,
	    "{\"errors\":[{\"message\":\"Query cost is 1248\","
	    "\"extensions\":{\"code\":\"MAX_COST_EXCEEDED\","
	    "\"cost\":1248,\"maxCost\":1000}}]}");
}

void
pretend_slow(int ms)
{
	shared->slow_ms = ms;
}

int
pretend_calls(const char *what)
{
	const struct heard *h = heard_of(what);

	return h ? h->calls : 0;
}

const char *
pretend_got(const char *what)
{
	const struct heard *h = heard_of(what);

	return h ? h->got : "";
}

const char *
pretend_token(void)
{
	return shared->token;
}
