/* From Shopify's JSON to records: where each field goes, what is sealed. */
#include <atf-c.h>
#include <string.h>

#include "app/map.h"
#include "base/code.h"
#include "io/crypt.h"
#include "made.h"
#include "shop.h"

enum { RECORD_BYTES = 1 << 20 };

static const struct subject ann = { 'c', INT64_C(9007199254741101) };

/* Keys without a database: one of the shop, one salt. */
static struct keys
keys_of(struct subject subject)
{
	static struct blob_key key = { .id = 3, .bytes = "shop" };
	static struct salt salt = { .bytes = "salt" };

	OK(crypt_start(test_cx()));
	salt.subject = subject;
	return (struct keys){ SHOP, &key, 1, &salt, 1 };
}

static struct map_owner
owner_of(const struct keys *keys)
{
	return (struct map_owner){
		.keys = keys, .subject = ann, .subject_columns = true
	};
}

static enum rc
recorded(const struct map *map, const char *text, const struct map_owner *owner,
    struct json *out)
{
	struct buf b = buf_new(test_arena(), RECORD_BYTES);
	struct jw w = jw_new(&b);
	int64_t id = 0;

	rc_forget(test_cx());
	jw_list(&w, NULL);
	TRY(map_record(test_cx(), map, made_object(text), owner, &w, &id));
	jw_close(&w);
	OK(jw_end(&w));
	*out = jitem(test_json(buf_slice(&b)), 0);
	ATF_CHECK_EQ(id, jint_or(*out, "id", -1));
	return RC_OK;
}

static struct json
record(const struct map *map, const char *text, const struct map_owner *owner)
{
	struct json out;

	OK(recorded(map, text, owner, &out));
	return out;
}

/* What was sealed for row `id`, opened again. */
static struct json
opened(struct json record, const struct keys *keys, const char *table)
{
	const struct blob_place place = { SHOP, table, "sealed",
		text_fmt(test_arena(), "%lld",
		    (long long)jint_or(record, "id", 0)) };
	const char *text = jtext_or(record, "sealed", "");
	struct blob_key key;
	struct slice blob, plain;

	ATF_REQUIRE(base64_to(test_arena(), slice_of(text), &blob));
	OK(keys_subject(test_cx(), keys, ann, 0, &key));
	OK(blob_open(test_cx(), &key, &place, blob, &plain));
	return test_json(plain);
}

ATF_TC_WITHOUT_HEAD(what_is_personal_is_sealed_and_nowhere_else);
ATF_TC_BODY(what_is_personal_is_sealed_and_nowhere_else, tc)
{
	const struct keys keys = keys_of(ann);
	const struct map_owner owner = owner_of(&keys);
	const struct json r =
	    record(&map_customer, made("customer", NULL), &owner);
	const struct json personal = opened(r, &keys, "customer");

	ATF_CHECK_EQ(NULL, strstr(jtext(test_arena(), r), "canary"));
	ATF_CHECK_STREQ("canary-first", jtext_or(personal, "firstName", ""));
	ATF_CHECK_STREQ(
	    "canary-mail@example.com", jtext_or(personal, "email", ""));
	ATF_CHECK_STREQ("vip", jtext_or(personal, "tags.1", ""));
	ATF_CHECK_STREQ("c", jtext_or(r, "subject_kind", ""));
	ATF_CHECK_EQ(ann.id, jint_or(r, "subject_id", 0));
	ATF_CHECK_STREQ("DE", jtext_or(r, "country", ""));
	ATF_CHECK_STREQ("12345678901234.56", jtext_or(r, "amount_spent", ""));
}

ATF_TC_WITHOUT_HEAD(numbers_past_two_to_the_53_and_amounts_stay_exact);
ATF_TC_BODY(numbers_past_two_to_the_53_and_amounts_stay_exact, tc)
{
	const struct keys keys = keys_of(ann);
	const struct map_owner owner = owner_of(&keys);
	const struct json r = record(&map_order, made("order", NULL), &owner);

	ATF_CHECK_EQ(INT64_C(9007199254741201), jint_or(r, "id", 0));
	ATF_CHECK_EQ(ann.id, jint_or(r, "customer_id", 0));
	ATF_CHECK_STREQ("180667.75", jtext_or(r, "total", ""));
}

ATF_TC_WITHOUT_HEAD(what_has_no_column_is_in_doc);
ATF_TC_BODY(what_has_no_column_is_in_doc, tc)
{
	const struct map_owner none = { .keys = NULL };
	const struct json r =
	    record(&map_product, made("product", NULL), &none);

	ATF_CHECK_STREQ("S", jtext_or(r, "doc.options.0.values.0", ""));
	ATF_CHECK_STREQ("EXACT", jtext_or(r, "doc.variantsCountPrecision", ""));
	ATF_CHECK_STREQ("new", jtext_or(r, "tags.0", ""));
}

ATF_TC_WITHOUT_HEAD(absent_null_and_foreign_ids_are_null);
ATF_TC_BODY(absent_null_and_foreign_ids_are_null, tc)
{
	const struct keys keys = keys_of(ann);
	const struct map_owner owner = owner_of(&keys);
	const struct json r = record(&map_order,
	    "{\"id\":\"gid://shopify/Order/7\",\"customer\":null,"
	    "\"name\":null}",
	    &owner);

	ATF_CHECK_EQ(7, jint_or(r, "id", 0));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(r, "customer_id")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(r, "total")));
	/* Nothing personal, nothing sealed. */
	ATF_CHECK_EQ(NULL, jtext_or(r, "sealed", NULL));
	ATF_CHECK_EQ(NULL, jtext_or(r, "subject_kind", NULL));
	ATF_CHECK_EQ(
	    JSON_NULL, json_kind(jat(record(&map_order,
					 "{\"id\":\"gid://shopify/Order/7\","
					 "\"customer\":{\"id\":\"7\"}}",
					 &owner),
			   "customer_id")));
}

/* SEC-17 */
ATF_TC_WITHOUT_HEAD(of_who_was_forgotten_nothing_is_sealed);
ATF_TC_BODY(of_who_was_forgotten_nothing_is_sealed, tc)
{
	const struct subject other = { 'c', 1 };
	const struct keys keys = keys_of(other);
	const struct map_owner owner = owner_of(&keys);
	const struct json r =
	    record(&map_customer, made("customer", NULL), &owner);

	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(r, "sealed")));
	ATF_CHECK_EQ(JSON_NULL, json_kind(jat(r, "subject_kind")));
	ATF_CHECK_EQ(NULL, strstr(jtext(test_arena(), r), "canary"));
	ATF_CHECK_EQ(RC_OK, test_cx()->fault.rc);
}

ATF_TC_WITHOUT_HEAD(without_keys_what_is_personal_is_left_out);
ATF_TC_BODY(without_keys_what_is_personal_is_left_out, tc)
{
	const struct map_owner none = { .keys = NULL };

	ATF_CHECK_EQ(
	    NULL, strstr(jtext(test_arena(),
			     record(&map_order, made("order", NULL), &none)),
		      "canary"));
}

ATF_TC_WITHOUT_HEAD(a_child_names_what_it_hangs_on);
ATF_TC_BODY(a_child_names_what_it_hangs_on, tc)
{
	const struct map_owner owner = {
		.parent_column = "product_id",
		.parent_id = SHOP,
		.parent_updated_at = "2026-02-03T04:05:06Z",
	};
	const struct map_owner whichever = {
		.parent_column = "product_id",
		.parent_id = SHOP,
	};
	const char *variant = "{\"id\":\"gid://shopify/ProductVariant/7\"}";
	struct json r = record(&map_variant, variant, &owner);

	ATF_CHECK_EQ(SHOP, jint_or(r, "product_id", 0));
	ATF_CHECK_STREQ(
	    "2026-02-03T04:05:06Z", jtext_or(r, "parent_updated_at", ""));
	r = record(&map_variant, variant, &whichever);
	ATF_CHECK_EQ(NULL, jtext_or(r, "parent_updated_at", NULL));
}

ATF_TC_WITHOUT_HEAD(an_object_without_a_number_is_no_answer);
ATF_TC_BODY(an_object_without_a_number_is_no_answer, tc)
{
	static const char *const bad[] = { "{}", "{\"id\":null}", "{\"id\":7}",
		"{\"id\":\"7\"}", "{\"id\":\"gid://shopify/Product/x\"}",
		"[]" };
	const struct map_owner none = { .keys = NULL };
	struct json out;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(RC_REMOTE,
		    recorded(&map_product, bad[i], &none, &out), "%s", bad[i]);
}

/* A blob opens in its own row only (SEC-15). */
ATF_TC_WITHOUT_HEAD(what_was_sealed_for_one_row_opens_in_no_other);
ATF_TC_BODY(what_was_sealed_for_one_row_opens_in_no_other, tc)
{
	const struct keys keys = keys_of(ann);
	const struct map_owner owner = owner_of(&keys);
	const struct json r =
	    record(&map_customer, made("customer", NULL), &owner);
	struct blob_place place = { SHOP, "customer", "sealed",
		"9007199254741101" };
	struct blob_key key;
	struct slice blob, plain;

	ATF_REQUIRE(base64_to(
	    test_arena(), slice_of(jtext_or(r, "sealed", "")), &blob));
	OK(keys_subject(test_cx(), &keys, ann, 0, &key));
	OK(blob_open(test_cx(), &key, &place, blob, &plain));
	place.row = "9007199254741102";
	CODE(RC_BUG, blob_open(test_cx(), &key, &place, blob, &plain));
	place.row = "9007199254741101";
	place.table = "orders";
	CODE(RC_BUG, blob_open(test_cx(), &key, &place, blob, &plain));
	place.table = "customer";
	place.shop_id = OTHER;
	CODE(RC_BUG, blob_open(test_cx(), &key, &place, blob, &plain));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_personal_is_sealed_and_nowhere_else);
	ATF_TP_ADD_TC(tp, numbers_past_two_to_the_53_and_amounts_stay_exact);
	ATF_TP_ADD_TC(tp, what_has_no_column_is_in_doc);
	ATF_TP_ADD_TC(tp, absent_null_and_foreign_ids_are_null);
	ATF_TP_ADD_TC(tp, of_who_was_forgotten_nothing_is_sealed);
	ATF_TP_ADD_TC(tp, without_keys_what_is_personal_is_left_out);
	ATF_TP_ADD_TC(tp, a_child_names_what_it_hangs_on);
	ATF_TP_ADD_TC(tp, an_object_without_a_number_is_no_answer);
	ATF_TP_ADD_TC(tp, what_was_sealed_for_one_row_opens_in_no_other);
	return atf_no_error();
}
