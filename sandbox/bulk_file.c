/* Results are given out by a host of their own, to whoever has the address: no
 * token, and a signature that lapses. The web server sends the file itself. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/code.h"
#include "base/conf.h"
#include "bulk.h"
#include "ends.h"
#include "io/crypt.h"
#include "sandbox.h"
#include "say.h"

static const char host[] = "bulk.sandbox.test";

static const char page[] =
    "<!DOCTYPE html>\n<html><head><title>Sorry</title></head>\n<body><p>We are "
    "having a little trouble.</p></body></html>\n";

static const char *
signature(struct cx *cx, int64_t id, int64_t expires_at)
{
	unsigned char mac[SHA256_BYTES];
	const char *text = text_fmt(
	    cx->mem, "%lld %lld", (long long)id, (long long)expires_at);
	struct secret key;

	if (conf_secret(cx, C_SHOPIFY_API_SECRET_FILE, &key) != RC_OK ||
	    crypt_hmac(cx, (struct slice){ key.p, key.n }, slice_of(text),
		mac) != RC_OK)
		return "";
	return hex_of(cx->mem, mac, sizeof(mac));
}

const char *
bulk_url(struct cx *cx, int64_t id, int64_t expires_at)
{
	return text_fmt(cx->mem,
	    "https://%s/bulk/%lld.jsonl?expires=%lld&signature=%s", host,
	    (long long)id, (long long)expires_at,
	    signature(cx, id, expires_at));
}

static enum rc
say(struct reply *rp, const char *count, int status, const char *text)
{
	ledger_count(&sandbox()->ledger, count);
	sandbox()->changed = true;
	return reply_bytes(
	    rp, status, "text/plain; charset=utf-8", slice_of(text));
}

/* Whether the address was ours, and is still good. */
static bool
is_signed(struct cx *cx, const struct req *rq, int64_t id)
{
	const char *given = pairs_find(&rq->query_pairs, "signature");
	const char *until = pairs_find(&rq->query_pairs, "expires");
	int64_t expires_at;

	return given != NULL && until != NULL &&
	       text_int(until, 0, INT64_MAX, &expires_at) &&
	       expires_at > sandbox_now() &&
	       text_same(given, signature(cx, id, expires_at));
}

/* Where a range begins: "bytes=N-"; 0 without one. */
static int64_t
range_from(const struct req *rq)
{
	const char *range = req_header(rq, "Range");

	return range != NULL && text_starts(range, "bytes=")
		   ? strtoll(range + 6, NULL, 10)
		   : 0;
}

static void
count_bytes(const struct req *rq, int64_t size)
{
	const int64_t from = range_from(rq);

	ledger_count(&sandbox()->ledger, "bulk.fetch");
	if (from > 0)
		ledger_count(&sandbox()->ledger, "bulk.resumed");
	ledger_add(
	    &sandbox()->ledger, "bulk.bytes", from < size ? size - from : 0);
	sandbox()->changed = true;
}

/* Half of the file under a name of its own, as if that were all. */
static const char *
half_of(struct cx *cx, int64_t id, int64_t size)
{
	const char *from = bulk_path(cx, id, "jsonl");
	const char *to = bulk_path(cx, id, "half");
	const int in = open(from, O_RDONLY | O_CLOEXEC);
	const int out =
	    open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	off_t at = 0;

	while (in >= 0 && out >= 0 && at < size / 2)
		if (copy_file_range(
			in, &at, out, NULL, (size_t)(size / 2 - at), 0) <= 0)
			break;
	(void)close(in);
	(void)close(out);
	return to;
}

/* The web server does it, with the end of the file alone where that was asked.
 */
static enum rc
send_file(struct cx *cx, const struct req *rq, struct reply *rp,
    const char *path, int64_t size)
{
	const int64_t from = range_from(rq);

	if (from >= size && from > 0)
		return say(rp, "bulk.beyond", 416, "InvalidRange\n");
	if (from <= 0) {
		reply_header(rp, "X-Sendfile", path);
		return reply_bytes(rp, 200, "application/jsonl", slice_of(""));
	}
	reply_header(rp, "X-Sendfile2",
	    text_fmt(cx->mem, "%s %lld-%lld", path, (long long)from,
		(long long)size - 1));
	reply_header(rp, "Content-Range",
	    text_fmt(cx->mem, "bytes %lld-%lld/%lld", (long long)from,
		(long long)size - 1, (long long)size));
	return reply_bytes(rp, 206, "application/jsonl", slice_of(""));
}

static enum rc
give(struct cx *cx, const struct req *rq, struct reply *rp, int64_t id,
    const struct fault_switch *f)
{
	const char *path = bulk_path(cx, id, "jsonl");
	struct stat st;

	if (stat(path, &st) != 0)
		return say(rp, "bulk.absent", 404, "NoSuchKey\n");
	if (f != NULL && f->what == FAULT_CUT) {
		path = half_of(cx, id, st.st_size);
		st.st_size /= 2;
	}
	count_bytes(rq, st.st_size);
	if (f != NULL && f->what == FAULT_DELAY)
		say_late(cx, f->delay_ms);
	return send_file(cx, rq, rp, path, st.st_size);
}

/* GET /bulk/{number}.jsonl */
enum rc
bulk_file(struct cx *cx, const struct req *rq, struct reply *rp)
{
	const char *name = rq->params[0], *at = req_header(rq, "Host");
	const struct fault_switch *f;
	const size_t n = strlen(name);
	int64_t id;

	if (at == NULL || strncmp(at, host, sizeof(host) - 1) != 0 || n < 7 ||
	    !text_ends(name, ".jsonl") ||
	    !text_int(arena_copy(cx->mem, name, n - 6), 1, INT64_MAX, &id) ||
	    bulks_find(&sandbox()->bulks, id) == NULL)
		return say(rp, "bulk.absent", 404, "NoSuchKey\n");
	if (req_header(rq, "X-Shopify-Access-Token") != NULL)
		return say(rp, "bulk.token", 400, "InvalidArgument\n");
	if (!is_signed(cx, rq, id))
		return say(rp, "bulk.expired", 403, "ExpiredToken\n");
	f = faults_take(
	    &sandbox()->faults, FAULT_FILE, sandbox()->settings.shop, name);
	if (f != NULL && f->what == FAULT_STATUS)
		return say(rp, "bulk.fault", (int)f->status, "SlowDown\n");
	if (f != NULL && f->what == FAULT_HTML) {
		ledger_count(&sandbox()->ledger, "bulk.fault");
		sandbox()->changed = true;
		return reply_bytes(
		    rp, 200, "text/html; charset=utf-8", slice_of(page));
	}
	return give(cx, rq, rp, id, f);
}
