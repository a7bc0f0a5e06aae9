/* Rows are found by method and path, and written out as OpenAPI. */
#include <atf-c.h>
#include <string.h>

#include "test.h"
#include "web/route.h"

struct page {
	int64_t limit;
	const char *key;
	struct words kinds;
};

static const char *const kinds[] = { "a", "b", NULL };

static const struct field page_fields[] = {
	FIELD_INT(page, limit, .min = 1, .max = 250, .fallback = "50",
	    .note = "Most items."),
	FIELD_TEXT(page, key, .need = true, .max = 9, .hide = true),
	FIELD_WORDS(page, kinds, .words = kinds, .max = 2),
	FIELD_END,
};
static const struct shape page = SHAPE(page, page_fields);

static const struct field item_fields[] = {
	R_INT("id", .note = "Its number."),
	R_TIME("at", .null = true),
	R_WORD("kind", kinds, .null = true),
	FIELD_END,
};
static const struct shape item = REPLY_SHAPE("item", item_fields);

static const struct field items_fields[] = {
	R_LIST("items", &item),
	R_OBJECT("first", &item, .null = true),
	R_TEXT("next", .null = true),
	FIELD_END,
};
static const struct shape items = REPLY_SHAPE("items", items_fields);

/* clang-format off */
static const struct route routes[] = {
	{ GET,    "/",            BY_ANYONE, NULL, 0, NULL, NULL, NULL, 200, "root", NULL },
	{ GET,    "/x/:id",       BY_CALLER, "x:read", 0, NULL, NULL, &item, 200, "one", NULL },
	{ GET,    "/x/all",       BY_SHOP_KEY, NULL, 0, &page, NULL, &items, 200, "all", NULL },
	{ DELETE, "/x/:id",       BY_ANYONE | BY_SHOP_SESSION, NULL, 0, NULL, NULL, NULL, 204, "drop", NULL },
	{ POST,   "/x/:id/y/:no", BY_ANYONE, NULL, 0, NULL, &page, &item, 201, "make", NULL },
	{ POST,   "/raw",         BY_ANYONE, NULL, 0, &any_query, &any_body, NULL, 202, "raw", NULL },
	{ 0 }
};
/* clang-format on */

static const char *params[4];
static int allowed;

static const char *
find(enum method method, const char *path)
{
	const struct route *r =
	    route_find(test_cx(), routes, method, path, params, &allowed);

	return r == NULL ? NULL : r->summary;
}

ATF_TC_WITHOUT_HEAD(a_path_finds_its_row_and_its_parameters);
ATF_TC_BODY(a_path_finds_its_row_and_its_parameters, tc)
{
	ATF_CHECK_STREQ("root", find(GET, "/"));
	ATF_CHECK(params[0] == NULL);
	ATF_CHECK_STREQ("one", find(GET, "/x/7"));
	ATF_CHECK_STREQ("7", params[0]);
	ATF_CHECK(params[1] == NULL);
	ATF_CHECK_STREQ("make", find(POST, "/x/a b/y/:c"));
	ATF_CHECK_STREQ("a b", params[0]);
	ATF_CHECK_STREQ(":c", params[1]);
}

ATF_TC_WITHOUT_HEAD(a_word_goes_before_a_parameter);
ATF_TC_BODY(a_word_goes_before_a_parameter, tc)
{
	ATF_CHECK_STREQ("all", find(GET, "/x/all"));
	ATF_CHECK_STREQ("all", find(HEAD, "/x/all"));
	ATF_CHECK_STREQ("drop", find(DELETE, "/x/all"));
}

ATF_TC_WITHOUT_HEAD(what_is_almost_a_path_is_none);
ATF_TC_BODY(what_is_almost_a_path_is_none, tc)
{
	static const char *const paths[] = { "/x", "/x/", "/x/7/", "/x//",
		"//x/7", "/x/7/y", "/x//y/1", "/x/7/y/1/", "/X/7", "/rawx",
		"/ra", "//" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ATF_CHECK_MSG(find(GET, paths[i]) == NULL, "%s", paths[i]);
		ATF_CHECK_EQ_MSG(0, allowed, "%s", paths[i]);
	}
}

ATF_TC_WITHOUT_HEAD(another_method_leaves_those_there_are);
ATF_TC_BODY(another_method_leaves_those_there_are, tc)
{
	ATF_CHECK(find(PUT, "/x/7") == NULL);
	ATF_CHECK_EQ(GET | DELETE, allowed);
	ATF_CHECK(find(GET, "/raw") == NULL);
	ATF_CHECK_EQ(POST, allowed);
	ATF_CHECK(find(0, "/raw") == NULL);
}

/* ---- openapi */

static struct json
openapi(void)
{
	struct buf out = buf_new(test_arena(), 1 << 20);
	struct jw w = jw_new(&out);

	route_openapi(&w, "test", routes);
	OK(jw_end(&w));
	return test_json(buf_slice(&out));
}

/* A member whose name holds slashes and dots. */
static struct json
at(struct json j, const char *name)
{
	struct jmember *members;
	const size_t n = jmembers(test_arena(), j, &members);

	for (size_t i = 0; i < n; i++)
		if (text_same(members[i].name, name))
			return members[i].value;
	atf_tc_fail("no member %s", name);
}

static struct json
operation(const char *path, const char *method)
{
	return at(at(jat(openapi(), "paths"), path), method);
}

static const char *
text(struct json j)
{
	return jtext(test_arena(), j);
}

ATF_TC_WITHOUT_HEAD(rows_of_one_path_are_its_operations);
ATF_TC_BODY(rows_of_one_path_are_its_operations, tc)
{
	struct jmember *members;

	ATF_CHECK_EQ(
	    5, jmembers(test_arena(), jat(openapi(), "paths"), &members));
	ATF_CHECK_STREQ(
	    "one", jtext_or(operation("/x/{id}", "get"), "summary", ""));
	ATF_CHECK_STREQ(
	    "drop", jtext_or(operation("/x/{id}", "delete"), "summary", ""));
	ATF_CHECK_STREQ("post_x_id_y_no",
	    jtext_or(operation("/x/{id}/y/{no}", "post"), "operationId", ""));
	ATF_CHECK_STREQ(
	    "get", jtext_or(operation("/", "get"), "operationId", ""));
}

ATF_TC_WITHOUT_HEAD(operation_ids_are_unique);
ATF_TC_BODY(operation_ids_are_unique, tc)
{
	ATF_CHECK(
	    strcmp(jtext_or(operation("/x/{id}", "get"), "operationId", ""),
		jtext_or(operation("/x/all", "get"), "operationId", "")) != 0);
}

ATF_TC_WITHOUT_HEAD(who_may_call_is_said);
ATF_TC_BODY(who_may_call_is_said, tc)
{
	ATF_CHECK_STREQ("[{\"bearer\":[]},{\"session\":[]}]",
	    text(jat(operation("/x/{id}", "get"), "security")));
	ATF_CHECK_STREQ(
	    "x:read", jtext_or(operation("/x/{id}", "get"), "x-scope", ""));
	ATF_CHECK_STREQ("[{},{\"session\":[]}]",
	    text(jat(operation("/x/{id}", "delete"), "security")));
	ATF_CHECK_STREQ("[\"shop_key\"]",
	    text(jat(operation("/x/all", "get"), "x-callers")));
}

ATF_TC_WITHOUT_HEAD(parameters_come_from_path_and_query);
ATF_TC_BODY(parameters_come_from_path_and_query, tc)
{
	struct json list = jat(operation("/x/all", "get"), "parameters");

	ATF_CHECK_EQ(3, jlen(list));
	ATF_CHECK_STREQ(
	    "{\"name\":\"limit\",\"in\":\"query\",\"required\":false,"
	    "\"description\":\"Most items.\",\"schema\":{\"type\":\"integer\","
	    "\"format\":\"int64\",\"minimum\":1,\"maximum\":250,"
	    "\"default\":50}}",
	    text(jitem(list, 0)));
	ATF_CHECK(jbool_or(jitem(list, 1), "required", false));
	ATF_CHECK(!jbool_or(jitem(list, 2), "explode", true));
	list = jat(operation("/x/{id}/y/{no}", "post"), "parameters");
	ATF_CHECK_EQ(2, jlen(list));
	ATF_CHECK_STREQ("no", jtext_or(jitem(list, 1), "name", ""));
	ATF_CHECK_STREQ("path", jtext_or(jitem(list, 1), "in", ""));
	ATF_CHECK_EQ(0, jlen(jat(operation("/raw", "post"), "parameters")));
}

ATF_TC_WITHOUT_HEAD(bodies_and_replies_are_schemas_of_their_program);
ATF_TC_BODY(bodies_and_replies_are_schemas_of_their_program, tc)
{
	struct json post = operation("/x/{id}/y/{no}", "post");
	struct json schemas = jat(openapi(), "components.schemas");

	ATF_CHECK_STREQ("{\"application/json\":{\"schema\":"
			"{\"$ref\":\"#/components/schemas/test.page\"}}}",
	    text(jat(post, "requestBody.content")));
	ATF_CHECK_STREQ("#/components/schemas/test.item",
	    jtext_or(at(jat(post, "responses.201.content"), "application/json"),
		"schema.$ref", ""));
	ATF_CHECK(json_kind(jat(post, "responses.default")) == JSON_OBJECT);
	ATF_CHECK_STREQ(
	    "[\"key\"]", text(jat(at(schemas, "test.page"), "required")));
	ATF_CHECK_STREQ("false",
	    text(jat(at(schemas, "test.page"), "additionalProperties")));
	ATF_CHECK(jbool_or(
	    at(schemas, "test.page"), "properties.key.writeOnly", false));
	(void)at(schemas, "problem");
	ATF_CHECK_STREQ("{\"*/*\":{}}",
	    text(jat(operation("/raw", "post"), "requestBody.content")));
}

ATF_TC_WITHOUT_HEAD(a_reply_schema_says_what_may_be_null);
ATF_TC_BODY(a_reply_schema_says_what_may_be_null, tc)
{
	struct json schemas = jat(openapi(), "components.schemas");
	struct json items_schema = at(schemas, "test.items");

	ATF_CHECK_STREQ("[\"string\",\"null\"]",
	    text(jat(items_schema, "properties.next.type")));
	ATF_CHECK_STREQ("[\"a\",\"b\",null]",
	    text(jat(at(schemas, "test.item"), "properties.kind.enum")));
	ATF_CHECK_STREQ(
	    "integer", jtext_or(items_schema,
			   "properties.items.items.properties.id.type", ""));
	ATF_CHECK_EQ(2, jlen(jat(items_schema, "properties.first.anyOf")));
	ATF_CHECK_STREQ("date-time",
	    jtext_or(at(schemas, "test.item"), "properties.at.format", ""));
}

ATF_TC_WITHOUT_HEAD(a_schema_is_written_once);
ATF_TC_BODY(a_schema_is_written_once, tc)
{
	struct jmember *members;

	/* page, item, items, problem; the gate refuses a name twice. */
	ATF_CHECK_EQ(4, jmembers(test_arena(),
			    jat(openapi(), "components.schemas"), &members));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_path_finds_its_row_and_its_parameters);
	ATF_TP_ADD_TC(tp, a_word_goes_before_a_parameter);
	ATF_TP_ADD_TC(tp, what_is_almost_a_path_is_none);
	ATF_TP_ADD_TC(tp, another_method_leaves_those_there_are);
	ATF_TP_ADD_TC(tp, rows_of_one_path_are_its_operations);
	ATF_TP_ADD_TC(tp, operation_ids_are_unique);
	ATF_TP_ADD_TC(tp, who_may_call_is_said);
	ATF_TP_ADD_TC(tp, parameters_come_from_path_and_query);
	ATF_TP_ADD_TC(tp, bodies_and_replies_are_schemas_of_their_program);
	ATF_TP_ADD_TC(tp, a_reply_schema_says_what_may_be_null);
	ATF_TP_ADD_TC(tp, a_schema_is_written_once);
	return atf_no_error();
}
