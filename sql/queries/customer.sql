-- Customers: rows of a read come as one JSON list of records,
-- what is personal sealed and in base64. One that is in it twice is saved once.

-- name: customer_save
-- Save customers, as product_save does. Uses the primary keys. $1 shop,
-- $2 records, $3 pull or null, $4 partial, $5 when the read began.
-- copied: in_customers
INSERT INTO customer AS t (shop_id,
	id, state, locale, country, verified_email, email_valid,
	email_marketing_state, email_opt_in_level, email_marketing_at,
	sms_marketing_state, sms_opt_in_level, sms_marketing_at, tax_exempt,
	data_sale_opt_out, number_of_orders, amount_spent, currency,
	created_at, updated_at, doc, sealed, seen_pull,
	partial, deleted_at)
SELECT DISTINCT ON (r.id) $1::bigint,
	r.id, r.state, r.locale, r.country, r.verified_email, r.email_valid,
	r.email_marketing_state, r.email_opt_in_level, r.email_marketing_at,
	r.sms_marketing_state, r.sms_opt_in_level, r.sms_marketing_at,
	r.tax_exempt, r.data_sale_opt_out, r.number_of_orders,
	r.amount_spent, r.currency, r.created_at, r.updated_at,
	coalesce(r.doc, '{}'), decode(r.sealed, 'base64'), $3::uuid,
	$4::bool, (SELECT g.at FROM gone g WHERE g.shop_id = $1
	    AND g.type = 'customers' AND g.id = r.id
	    AND g.at >= $5::timestamptz)
FROM jsonb_to_recordset($2::jsonb) AS r(
	id bigint, state text, locale text, country text,
	verified_email bool, email_valid bool, email_marketing_state text,
	email_opt_in_level text, email_marketing_at timestamptz,
	sms_marketing_state text, sms_opt_in_level text,
	sms_marketing_at timestamptz, tax_exempt bool,
	data_sale_opt_out bool, number_of_orders bigint,
	amount_spent numeric, currency text, created_at timestamptz,
	updated_at timestamptz, doc jsonb, sealed text)
ORDER BY r.id, r.updated_at DESC NULLS LAST
ON CONFLICT (shop_id, id) DO UPDATE SET (
	state, locale, country, verified_email, email_valid,
	email_marketing_state, email_opt_in_level, email_marketing_at,
	sms_marketing_state, sms_opt_in_level, sms_marketing_at, tax_exempt,
	data_sale_opt_out, number_of_orders, amount_spent, currency,
	created_at, updated_at, doc, sealed) = (
	excluded.state, excluded.locale, excluded.country,
	excluded.verified_email, excluded.email_valid,
	excluded.email_marketing_state, excluded.email_opt_in_level,
	excluded.email_marketing_at, excluded.sms_marketing_state,
	excluded.sms_opt_in_level, excluded.sms_marketing_at,
	excluded.tax_exempt, excluded.data_sale_opt_out,
	excluded.number_of_orders, excluded.amount_spent, excluded.currency,
	excluded.created_at, excluded.updated_at, excluded.doc,
	excluded.sealed),
	seen_pull = coalesce(excluded.seen_pull, t.seen_pull),
	pulled_at = now(), partial = excluded.partial,
	deleted_at = excluded.deleted_at
	WHERE t.updated_at IS NULL OR t.updated_at < excluded.updated_at
	    OR t.updated_at = excluded.updated_at
		AND (t.partial OR NOT excluded.partial);
