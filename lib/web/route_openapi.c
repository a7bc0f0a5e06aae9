/* Route rows as OpenAPI 3.1. */
#include "web/route.h"

#include <ctype.h>
#include <string.h>

#include "web/send.h"
#include "web/shape_put.h"

#define SCHEMAS "#/components/schemas/"

struct doc {
	struct jw *w;
	const char *program;
	const struct route *routes;
};

static struct arena *
mem_of(const struct doc *d)
{
	return d->w->out->mem;
}

/* "/api/jobs/:id" as "/api/jobs/{id}". */
static const char *
path_text(const struct doc *d, const char *path)
{
	struct buf b = buf_new(mem_of(d), 1000);
	bool in = false;

	for (; *path != '\0'; path++) {
		if (in && *path == '/') {
			buf_addc(&b, '}');
			in = false;
		}
		in |= *path == ':';
		buf_addc(&b, *path == ':' ? '{' : *path);
	}
	if (in)
		buf_addc(&b, '}');
	return buf_text(&b);
}

static const char *
method_low(const struct doc *d, const struct route *r)
{
	return text_lower(mem_of(d), method_text(r->method));
}

/* "get_api_jobs_id" */
static const char *
operation_id(const struct doc *d, const struct route *r)
{
	struct buf b = buf_new(mem_of(d), 1000);

	buf_add(&b, method_low(d, r));
	for (const char *p = r->path; *p != '\0'; p++)
		if (isalnum((unsigned char)*p))
			buf_addc(&b, *p);
		else if (*p != ':' && p[1] != '\0')
			buf_addc(&b, '_');
	return buf_text(&b);
}

/* Two programs may use one name for two shapes. */
static const char *
schema_name(const struct doc *d, const struct shape *shape)
{
	return text_fmt(mem_of(d), "%s.%s", d->program, shape->name);
}

static void
put_ref(const struct doc *d, const char *name)
{
	jw_object(d->w, "schema");
	jw_text(d->w, "$ref", text_fmt(mem_of(d), SCHEMAS "%s", name));
	jw_close(d->w);
}

static void
put_content(const struct doc *d, const char *type, const char *schema)
{
	jw_object(d->w, "content");
	jw_object(d->w, type);
	if (schema != NULL)
		put_ref(d, schema);
	jw_close(d->w);
	jw_close(d->w);
}

static void
put_one_security(const struct doc *d, const char *scheme)
{
	jw_object(d->w, NULL);
	if (scheme != NULL) {
		jw_list(d->w, scheme);
		jw_close(d->w);
	}
	jw_close(d->w);
}

static void
put_security(const struct doc *d, const struct route *r)
{
	const int bearer = BY_ID_TOKEN | BY_SHOP_KEY | BY_OPERATOR_KEY;
	const int session = BY_SHOP_SESSION | BY_OPERATOR_SESSION;

	jw_list(d->w, "security");
	if (r->caller & BY_ANYONE)
		put_one_security(d, NULL);
	if (r->caller & bearer)
		put_one_security(d, "bearer");
	if (r->caller & session)
		put_one_security(d, "session");
	jw_close(d->w);
}

static void
put_callers(const struct doc *d, const struct route *r)
{
	static const char *const names[] = { "anyone", "id_token", "shop_key",
		"operator_key", "shop_session", "operator_session" };

	jw_list(d->w, "x-callers");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (r->caller & (1 << i))
			jw_text(d->w, NULL, names[i]);
	jw_close(d->w);
	if (r->scope != NULL)
		jw_text(d->w, "x-scope", r->scope);
}

static void
put_path_parameters(const struct doc *d, const struct route *r)
{
	struct slice rest = slice_of(r->path + 1), part;

	while (text_next(&rest, '/', &part)) {
		if (part.n == 0 || part.p[0] != ':')
			continue;
		jw_object(d->w, NULL);
		jw_textn(
		    d->w, "name", (struct slice){ part.p + 1, part.n - 1 });
		jw_text(d->w, "in", "path");
		jw_bool(d->w, "required", true);
		jw_object(d->w, "schema");
		jw_text(d->w, "type", "string");
		jw_close(d->w);
		jw_close(d->w);
	}
}

static void
put_query_parameter(const struct doc *d, const struct field *f)
{
	jw_object(d->w, NULL);
	jw_text(d->w, "name", f->name);
	jw_text(d->w, "in", "query");
	jw_bool(d->w, "required", f->need);
	if (f->note != NULL)
		jw_text(d->w, "description", f->note);
	if (f->type == FIELD_T_WORDS)
		jw_bool(d->w, "explode", false);
	shape_schema_field(d->w, "schema", f);
	jw_close(d->w);
}

static void
put_parameters(const struct doc *d, const struct route *r)
{
	jw_list(d->w, "parameters");
	put_path_parameters(d, r);
	if (r->query != NULL && r->query->fields != NULL)
		for (const struct field *f = r->query->fields; f->name; f++)
			put_query_parameter(d, f);
	jw_close(d->w);
}

static void
put_body(const struct doc *d, const struct route *r)
{
	if (r->body == NULL)
		return;
	jw_object(d->w, "requestBody");
	jw_bool(d->w, "required", true);
	if (r->body->fields == NULL)
		put_content(d, "*/*", NULL);
	else
		put_content(d, "application/json", schema_name(d, r->body));
	jw_close(d->w);
}

static void
put_responses(const struct doc *d, const struct route *r)
{
	jw_object(d->w, "responses");
	jw_object(d->w, text_fmt(mem_of(d), "%d", r->status));
	jw_text(d->w, "description", send_phrase(r->status));
	if (r->reply != NULL)
		put_content(d, "application/json", schema_name(d, r->reply));
	jw_close(d->w);
	jw_object(d->w, "default");
	jw_text(d->w, "description", "A refusal or a failure (RFC 9457).");
	put_content(d, "application/problem+json", "problem");
	jw_close(d->w);
	jw_close(d->w);
}

static void
put_operation(const struct doc *d, const struct route *r)
{
	jw_object(d->w, method_low(d, r));
	jw_text(d->w, "operationId", operation_id(d, r));
	jw_text(d->w, "summary", r->summary);
	jw_list(d->w, "tags");
	jw_text(d->w, NULL, d->program);
	jw_close(d->w);
	put_security(d, r);
	put_callers(d, r);
	put_parameters(d, r);
	put_body(d, r);
	put_responses(d, r);
	jw_close(d->w);
}

/* A path's rows need not stand together; its first one writes them all. */
static bool
is_first_of_path(const struct doc *d, const struct route *r)
{
	for (const struct route *s = d->routes; s < r; s++)
		if (text_same(s->path, r->path))
			return false;
	return true;
}

static void
put_paths(const struct doc *d)
{
	jw_object(d->w, "paths");
	for (const struct route *r = d->routes; r->method != 0; r++) {
		if (!is_first_of_path(d, r))
			continue;
		jw_object(d->w, path_text(d, r->path));
		for (const struct route *s = r; s->method != 0; s++)
			if (text_same(s->path, r->path))
				put_operation(d, s);
		jw_close(d->w);
	}
	jw_close(d->w);
}

static bool
has_name(const struct shape *shape, const char *name)
{
	return shape != NULL && text_same(shape->name, name);
}

/* Whether an earlier row has written a schema of this name. */
static bool
is_written(const struct doc *d, const struct route *before, const char *name)
{
	for (const struct route *r = d->routes; r < before; r++)
		if (has_name(r->body, name) || has_name(r->reply, name))
			return true;
	return false;
}

static void
put_schema(
    const struct doc *d, const struct route *r, const struct shape *shape)
{
	if (shape == NULL || shape->fields == NULL ||
	    is_written(d, r, shape->name))
		return;
	shape_schema(d->w, schema_name(d, shape), shape);
}

static const struct field problem_error_fields[] = {
	R_TEXT("field", .note = "The member at fault, as a path."),
	R_TEXT("rule", .note = "What it must be."),
	R_TEXT("got", .null = true, .note = "What it was; null when absent."),
	FIELD_END,
};
static const struct shape problem_error =
    REPLY_SHAPE("problem_error", problem_error_fields);

static const struct field problem_fields[] = {
	R_TEXT("type", .note = "Where the code is explained."),
	R_TEXT("title", .note = "The kind of failure in words."),
	R_INT("status", .note = "The HTTP status again."),
	R_TEXT("detail", .note = "What went wrong this time."),
	R_TEXT("code", .note = "The kind of failure, for programs."),
	R_TEXT("request_id", .note = "Finds the request in the log."),
	{ .name = "errors",
	    .type = FIELD_T_LIST,
	    .shape = &problem_error,
	    .note = "The members at fault." },
	FIELD_END,
};
static const struct shape problem = REPLY_SHAPE("problem", problem_fields);

static void
put_scheme(const struct doc *d, const char *name, const char *type,
    const char *const pairs[])
{
	jw_object(d->w, name);
	jw_text(d->w, "type", type);
	for (; *pairs != NULL; pairs += 2)
		jw_text(d->w, pairs[0], pairs[1]);
	jw_close(d->w);
}

static void
put_schemes(const struct doc *d)
{
	static const char *const bearer[] = { "scheme", "bearer", "description",
		"An API key, or the App Bridge session token of a shop.",
		NULL };
	static const char *const session[] = { "in", "cookie", "name",
		"__Host-stockroom", "description",
		"A browser session. State-changing calls must come from our "
		"own pages.",
		NULL };

	jw_object(d->w, "securitySchemes");
	put_scheme(d, "bearer", "http", bearer);
	put_scheme(d, "session", "apiKey", session);
	jw_close(d->w);
}

static void
put_components(const struct doc *d)
{
	jw_object(d->w, "components");
	jw_object(d->w, "schemas");
	for (const struct route *r = d->routes; r->method != 0; r++) {
		put_schema(d, r, r->body);
		if (!has_name(r->body, r->reply ? r->reply->name : ""))
			put_schema(d, r, r->reply);
	}
	shape_schema(d->w, "problem", &problem);
	jw_close(d->w);
	put_schemes(d);
	jw_close(d->w);
}

void
route_openapi(struct jw *w, const char *program, const struct route *routes)
{
	const struct doc d = { w, program, routes };

	jw_object(w, NULL);
	put_paths(&d);
	put_components(&d);
	jw_close(w);
}
