/* Customers and how they may be reached. */
#include "run.h"
#include "schema.h"
#include "stock.h"

static struct value
email_address(struct run *run, const void *object, const struct plan_field *f)
{
	const struct customer *c = object;

	(void)run;
	(void)f;
	return value_object(c->email ? c : NULL);
}

static struct value
phone_number(struct run *run, const void *object, const struct plan_field *f)
{
	const struct customer *c = object;

	(void)run;
	(void)f;
	return value_object(c->phone ? c : NULL);
}

static struct type_field email_fields[] = {
	F_TEXT("emailAddress", "String!", customer, email),
	F_YES("validFormat"),
	F_TEXT("marketingState", "CustomerEmailAddressMarketingState!",
	    customer, email_state),
	F_TEXT("marketingOptInLevel", "CustomerMarketingOptInLevel", customer,
	    email_opt_in),
	F_TIME("marketingUpdatedAt", "DateTime", customer, email_updated_at),
	F_END,
};

static struct type_field sms_fields[] = {
	F_TEXT("state", "CustomerMarketingConsentState!", customer, sms_state),
	F_TEXT(
	    "optInLevel", "CustomerMarketingOptInLevel", customer, sms_opt_in),
	F_TIME("updatedAt", "DateTime", customer, sms_updated_at),
	F_END,
};

static struct type_field phone_fields[] = {
	F_TEXT("phoneNumber", "String!", customer, phone),
	F_SELF("smsMarketingConsent", "CustomerSmsMarketingConsent!",
	    .since = "2026-10"),
	F_END,
};

static struct type_field customer_fields[] = {
	F_ID("id", customer, thing.id),
	F_NUMBER("legacyResourceId", "UnsignedInt64!", customer, thing.id),
	F_TEXT("firstName", "String", customer, first_name, .personal = true),
	F_TEXT("lastName", "String", customer, last_name, .personal = true),
	F_TEXT(
	    "displayName", "String!", customer, display_name, .personal = true),
	F_CALL("defaultEmailAddress", "CustomerEmailAddress", email_address,
	    .personal = true),
	F_CALL("defaultPhoneNumber", "CustomerPhoneNumber", phone_number,
	    .personal = true),
	F_LINK("defaultAddress", "MailingAddress", customer, address,
	    .personal = true),
	F_BOOL("verifiedEmail", "Boolean!", customer, verified_email),
	F_TEXT("state", "CustomerState!", customer, state),
	F_TEXT("locale", "String!", customer, locale),
	F_TEXTS("tags", "[String!]!", customer, tags),
	F_TEXT("note", "String", customer, note),
	F_BOOL("taxExempt", "Boolean!", customer, tax_exempt),
	F_BOOL("dataSaleOptOut", "Boolean!", customer, data_sale_opt_out),
	F_NUMBER(
	    "numberOfOrders", "UnsignedInt64!", customer, number_of_orders),
	F_PART("amountSpent", "MoneyV2!", customer, spent),
	F_TIME("createdAt", "DateTime!", customer, thing.created_at),
	F_TIME("updatedAt", "DateTime!", customer, thing.updated_at),
	F_END,
};

struct type customer_types[] = {
	T_OBJECT("Customer", customer_fields, .is = "Node",
	    .scope = "read_customers"),
	T_OBJECT("CustomerEmailAddress", email_fields, ),
	T_OBJECT("CustomerPhoneNumber", phone_fields, ),
	T_OBJECT("CustomerSmsMarketingConsent", sms_fields, ),
	{ .name = NULL },
};
