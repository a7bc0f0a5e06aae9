-- Customers, as pulled. What is personal is sealed under the customer's key.
--
-- Where CustomerFields go. Columns: id (and legacyResourceId), state, locale,
-- verifiedEmail, taxExempt, dataSaleOptOut, numberOfOrders, createdAt,
-- updatedAt; amountSpent -> amount_spent, currency;
-- defaultEmailAddress.{validFormat, marketingState, marketingOptInLevel,
-- marketingUpdatedAt} -> email_valid, email_marketing_state,
-- email_opt_in_level, email_marketing_at;
-- defaultPhoneNumber.smsMarketingConsent.{state, optInLevel, updatedAt} ->
-- sms_marketing_state, sms_opt_in_level, sms_marketing_at;
-- defaultAddress.countryCodeV2 -> country.
-- sealed, one JSON object: firstName, lastName, displayName, email, phone,
-- address {id, city, provinceCode, zip}, tags, note. NULL when the shop gives
-- none of them, or after the customer was forgotten.
-- doc: nothing yet; what a later version of the fragment adds.
SET search_path = stockroom;

CREATE TABLE customer (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	state text,
	locale text,
	country text,
	verified_email bool,
	email_valid bool,
	email_marketing_state text,
	email_opt_in_level text,
	email_marketing_at timestamptz,
	sms_marketing_state text,
	sms_opt_in_level text,
	sms_marketing_at timestamptz,
	tax_exempt bool,
	data_sale_opt_out bool,
	number_of_orders bigint,
	amount_spent numeric,
	currency text,
	created_at timestamptz,
	updated_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	sealed bytea,
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id)
);
ALTER TABLE customer ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX customer_updated ON customer (shop_id, updated_at);
SELECT tenant_table('customer', $$
	shop_id, id: none; Shopify's numbers
	state, locale, country: none; a country is not a person
	verified_email, email_valid: none; of an address that is sealed
	email_marketing_state, email_opt_in_level, email_marketing_at: none
	sms_marketing_state, sms_opt_in_level, sms_marketing_at: none
	tax_exempt, data_sale_opt_out: none
	number_of_orders, amount_spent, currency: none; over all time
	created_at, updated_at: none; Shopify's
	doc: none; nothing personal may be put here
	sealed: sealed; names, e-mail, phone, address, tags, note
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('customer');
