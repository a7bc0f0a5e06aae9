-- A pulled row as the API gives it: what JavaScript's numbers would spoil
-- (Shopify's ids pass 2^53, amounts have their decimals) is text.
SET search_path = stockroom;

CREATE FUNCTION row_json(r jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT jsonb_object_agg(key, CASE WHEN jsonb_typeof(value) = 'number'
	    AND key ~ ('(^|_)(id|price|min|max|cost|amount|spent|total|subtotal'
		'|discounts?|shipping|tax|refunded|unsettled)$')
	    THEN to_jsonb(value #>> '{}') ELSE value END)
	FROM jsonb_each(r - '{shop_id,sealed,subject_kind,subject_id}'::text[])
$$;
