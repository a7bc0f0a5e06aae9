/* Bulk operations in the schema: run, look, cancel. */
#include "bulk.h"
#include "mutation.h"
#include "page.h"
#include "sandbox.h"
#include "schema.h"

/* A payload: an operation, or what was wrong with what it was given. */
struct payload {
	const struct bulk *bulk;
	struct list errors;
};

struct bulk_user_error {
	struct texts field;
	const char *message;
	const char *code;
};

static struct value
refused(struct run *run, bool of_query, const char *code, const char *message)
{
	static const char *const query[] = { "query" };
	struct arena *mem = run->cx->mem;
	struct bulk_user_error *e = ARENA_NEW(mem, struct bulk_user_error);
	struct payload *p = ARENA_NEW(mem, struct payload);
	struct gather g = { .mem = mem };

	*e = (struct bulk_user_error){ .message = message, .code = code };
	if (of_query)
		e->field = (struct texts){ query, 1 };
	gather_add(&g, e);
	p->errors = gather_list(&g);
	return value_object(p);
}

static const struct bulk *
shown(struct run *run, const struct bulk_row *row)
{
	struct bulk *b = ARENA_NEW(run->cx->mem, struct bulk);

	if (row == NULL || !text_same(row->shop, run->shop->domain) ||
	    bulk_show(run->cx, row, b) != RC_OK) {
		rc_forget(run->cx);
		return NULL;
	}
	return b;
}

static struct value
done(struct run *run, const struct bulk_row *row)
{
	struct payload *p = ARENA_NEW(run->cx->mem, struct payload);

	p->bulk = shown(run, row);
	return value_object(p);
}

/* ---- run */

static const char *
too_many(struct run *run)
{
	const char *gids;
	const size_t n =
	    bulks_going(run->cx, &sandbox()->bulks, run->shop->domain, &gids);

	if (n < (size_t)sandbox()->rules.bulk_max)
		return NULL;
	return text_fmt(run->cx->mem,
	    "A bulk query operation for this app and shop is already in "
	    "progress: %s.",
	    gids);
}

struct value
bulk_run(struct run *run, const void *object, const struct plan_field *f)
{
	const char *query = plan_text(f, "query");
	struct sandbox *s = sandbox();
	const struct bulk_row *row;
	const struct plan *plan;
	const char *wrong;

	(void)object;
	wrong = bulk_check(run, query, &plan);
	if (wrong != NULL)
		return refused(run, true, "INVALID", wrong);
	wrong = too_many(run);
	if (wrong != NULL)
		return refused(run, false, "OPERATION_IN_PROGRESS", wrong);
	if (s->bulks.folder == NULL)
		return refused(run, false, "INVALID",
		    "the sandbox keeps nothing: SANDBOX_STATE is not set");
	row = bulks_add(&s->bulks, run->shop->domain, query, run->now);
	if (bulk_begin(run, row, plan) != RC_OK) {
		rc_forget(run->cx);
		return refused(run, false, "INVALID", "it does not begin");
	}
	sandbox_keep(run->cx);
	return done(run, row);
}

/* ---- look */

static int64_t
number_of(const char *gid)
{
	static const char head[] = "gid://shopify/BulkOperation/";
	int64_t id;

	if (gid == NULL || !text_starts(gid, head) ||
	    !text_int(gid + sizeof(head) - 1, 1, INT64_MAX, &id))
		return 0;
	return id;
}

struct value
bulk_one(struct run *run, const void *object, const struct plan_field *f)
{
	const int64_t id = number_of(plan_text(f, "id"));

	(void)object;
	return value_object(shown(run, bulks_find(&sandbox()->bulks, id)));
}

/* The last one that was begun, whatever became of it. */
struct value
bulk_current(struct run *run, const void *object, const struct plan_field *f)
{
	const struct bulk_row *row = sandbox()->bulks.first;

	(void)object;
	(void)f;
	while (row != NULL && !text_same(row->shop, run->shop->domain))
		row = row->next;
	return value_object(shown(run, row));
}

/* "status:running": the only filter that is looked at. */
static bool
is_asked(struct run *run, const struct bulk *b, const char *query)
{
	struct slice rest = slice_of(query ? query : ""), part;
	const char *word;

	while (text_next(&rest, ' ', &part)) {
		word = text_of(run->cx->mem, part);
		if (text_starts(word, "status:") &&
		    !text_same_nocase(word + 7, b->status))
			return false;
	}
	return true;
}

struct value
bulk_list(struct run *run, const void *object, const struct plan_field *f)
{
	const struct bulk_row *row = sandbox()->bulks.first;
	struct gather g = { .mem = run->cx->mem };
	const struct bulk *b;

	(void)object;
	for (; row != NULL; row = row->next) {
		b = shown(run, row);
		if (b != NULL && is_asked(run, b, plan_text(f, "query")))
			gather_add(&g, b);
	}
	return page_of(run, gather_list(&g), NULL, f);
}

/* ---- cancel */

struct value
bulk_cancel(struct run *run, const void *object, const struct plan_field *f)
{
	const struct bulk_row *row =
	    bulks_find(&sandbox()->bulks, number_of(plan_text(f, "id")));

	(void)object;
	if (shown(run, row) == NULL)
		return mutation_wrong(
		    run, "id", "Bulk operation does not exist");
	if (!bulk_stop(run->cx, row))
		return mutation_wrong(run, "id",
		    "A bulk operation cannot be canceled when it is "
		    "completed");
	return mutation_done(run, shown(run, row));
}

static struct type_field bulk_fields[] = {
	F_ID("id", bulk, thing.id),
	F_FIXED("type", "BulkOperationType!", "QUERY"),
	F_TEXT("status", "BulkOperationStatus!", bulk, status),
	F_TEXT("errorCode", "BulkOperationErrorCode", bulk, error),
	F_TEXT("query", "String!", bulk, query),
	F_TIME("createdAt", "DateTime!", bulk, thing.created_at),
	F_TIME("completedAt", "DateTime", bulk, thing.updated_at),
	F_NUMBER("objectCount", "UnsignedInt64!", bulk, objects),
	F_NUMBER("rootObjectCount", "UnsignedInt64!", bulk, roots),
	F_TEXT("fileSize", "UnsignedInt64", bulk, bytes),
	F_TEXT("url", "URL", bulk, url),
	F_TEXT("partialDataUrl", "URL", bulk, partial_url),
	F_END,
};

static struct type_field error_fields[] = {
	F_TEXTS("field", "[String!]", bulk_user_error, field),
	F_TEXT("message", "String!", bulk_user_error, message),
	F_TEXT("code", "BulkOperationUserErrorCode", bulk_user_error, code),
	F_END,
};

static struct type_field run_fields[] = {
	F_LINK("bulkOperation", "BulkOperation", payload, bulk),
	F_LIST("userErrors", "[BulkOperationUserError!]!", payload, errors),
	F_END,
};

static struct type_field cancel_fields[] = {
	F_LINK("bulkOperation", "BulkOperation", mutation, thing),
	F_LIST("userErrors", "[UserError!]!", mutation, errors),
	F_END,
};

struct type bulk_types[] = {
	T_OBJECT("BulkOperation", bulk_fields, .is = "Node"),
	T_OBJECT("BulkOperationUserError", error_fields,
	    .is = "DisplayableError", .free = true),
	T_OBJECT("BulkOperationRunQueryPayload", run_fields, .free = true),
	T_OBJECT("BulkOperationCancelPayload", cancel_fields, .free = true),
	{ .name = "BulkOperationsSortKeys",
	    .kind = TYPE_ENUM,
	    .words = "COMPLETED_AT CREATED_AT" },
	{ .name = "BulkOperationType",
	    .kind = TYPE_ENUM,
	    .words = "MUTATION QUERY" },
	{ .name = "BulkOperationStatus", .kind = TYPE_ENUM },
	{ .name = "BulkOperationErrorCode", .kind = TYPE_ENUM },
	{ .name = "BulkOperationUserErrorCode", .kind = TYPE_ENUM },
	{ .name = NULL },
};
