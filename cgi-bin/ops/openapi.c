/* /openapi.json: the programs' own descriptions of their routes, joined. Each
 * lies in OPENAPI_DIR as the program printed it with -r. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/file.h"
#include "ops.h"

enum { PART_MAX_BYTES = 1 << 20, PARTS_MAX = 32 };

static int
is_part(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".json");
}

static void
free_names(struct dirent **names, int n)
{
	while (n-- > 0)
		free(names[n]);
	free(names);
}

static enum rc
read_part(struct cx *cx, const char *name, struct json *out)
{
	const char *path =
	    text_fmt(cx->mem, "%s/%s", conf_text(C_OPENAPI_DIR), name);
	struct slice text;

	TRY(file_read(cx, path, PART_MAX_BYTES, FILE_ANY, &text));
	return json_read(cx, text, PART_MAX_BYTES, RC_BUG, out);
}

static enum rc
read_parts(struct cx *cx, struct json parts[PARTS_MAX], int *n)
{
	struct dirent **names;
	int found =
	    scandir(conf_text(C_OPENAPI_DIR), &names, is_part, alphasort);
	enum rc rc = RC_OK;
	int i;

	*n = 0;
	if (found < 0)
		return rc_fail(cx, RC_BUG, "OPENAPI_DIR cannot be read");
	for (i = 0; i < found && i < PARTS_MAX && rc == RC_OK; i++)
		rc = read_part(cx, names[i]->d_name, &parts[(*n)++]);
	free_names(names, found);
	return rc;
}

static void
write_members(struct cx *cx, struct jw *w, const struct json *parts, int n,
    const char *path)
{
	struct jmember *members;
	size_t count, j;
	int i;

	for (i = 0; i < n; i++) {
		count = jmembers(cx->mem, jat(parts[i], path), &members);
		for (j = 0; j < count; j++)
			jw_json(w, members[j].name, members[j].value);
	}
}

/* Parts share a few component schemas (problem): the first one stands. */
static void
write_schemas(struct cx *cx, struct jw *w, const struct json *parts, int n,
    const char *path)
{
	struct jmember *members;
	size_t count, j;
	int i, before;

	for (i = 0; i < n; i++) {
		count = jmembers(cx->mem, jat(parts[i], path), &members);
		for (j = 0; j < count; j++) {
			for (before = 0; before < i; before++)
				if (jat(jat(parts[before], path),
					members[j].name)
					.node)
					break;
			if (before == i)
				jw_json(w, members[j].name, members[j].value);
		}
	}
}

enum rc
openapi_show(struct cx *cx, const struct req *rq, struct reply *rp)
{
	struct json parts[PARTS_MAX];
	struct jw *w;
	int n;

	(void)rq;
	TRY(read_parts(cx, parts, &n));
	w = reply_json(rp, 200);
	jw_text(w, "openapi", "3.1.0");
	jw_object(w, "info");
	jw_text(w, "title", "Stockroom");
	jw_text(w, "version", "1");
	jw_close(w);
	jw_object(w, "paths");
	write_members(cx, w, parts, n, "paths");
	jw_close(w);
	jw_object(w, "components");
	jw_object(w, "schemas");
	write_schemas(cx, w, parts, n, "components.schemas");
	jw_close(w);
	jw_object(w, "securitySchemes");
	write_schemas(cx, w, parts, n, "components.securitySchemes");
	jw_close(w);
	jw_close(w);
	reply_header(rp, "Cache-Control", "no-cache");
	return reply_end(rp);
}
