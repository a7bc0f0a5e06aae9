-- Orders, their lines, transactions and refunds, as pulled. Amounts are in the
-- shop's currency; the customer's own ("presentment") has a column for the
-- totals people ask for and lies in doc.presentment for the rest.
--
-- sealed is one JSON object under the key of a data subject, which
-- subject_kind and subject_id name: 'c' and the customer, or 'o' and the order
-- where it has no customer. They say whose key sealed the row, so they change
-- only when the row is sealed anew; NULL where nothing is sealed.
--
-- Where OrderFields go. Columns of the same sense: id (and legacyResourceId),
-- name, number -> order_number, confirmationNumber, checkoutToken, sourceName,
-- test, confirmed, closed, cancelReason, displayFinancialStatus,
-- displayFulfillmentStatus, returnStatus, currencyCode -> currency,
-- presentmentCurrencyCode, taxesIncluded, paymentGatewayNames, customerLocale,
-- customer.id -> customer_id, billingAddress and shippingAddress -> their
-- country and province, subtotalLineItemsQuantity -> line_quantity,
-- transactionsCount.count, the seven ...PriceSet/...Set shopMoney amounts,
-- totalPriceSet, currentTotalPriceSet and totalRefundedSet presentmentMoney,
-- createdAt, processedAt, updatedAt, closedAt, cancelledAt.
-- sealed: email, phone, note, tags, discountCodes.
-- doc: transactionsCount.precision; presentment {subtotalPriceSet,
-- totalDiscountsSet, totalShippingPriceSet, totalTaxSet}.
--
-- LineItemFields. Columns: id, sku, vendor, the four quantities,
-- requiresShipping, taxable, isGiftCard, product.id, variant.id, and the three
-- amounts of ...Set. sealed: name, title, variantTitle. doc:
-- discountAllocations; presentment {originalUnitPriceSet, discountedTotalSet,
-- totalDiscountSet}.
--
-- OrderTransactionFields. Columns: id, kind, status, gateway,
-- formattedGateway, test, errorCode, paymentId, manualPaymentGateway,
-- amountSet (both currencies), totalUnsettledSet.shopMoney,
-- parentTransaction.id, createdAt, processedAt, authorizationExpiresAt.
-- doc: fees; presentment {totalUnsettledSet}.
--
-- RefundFields. Columns: id (and legacyResourceId), totalRefundedSet (both
-- currencies), createdAt, processedAt, updatedAt. sealed: note.
-- refundLineItems.nodes. Columns: id, lineItem.id, quantity, restockType,
-- subtotalSet and totalTaxSet. doc: presentment of the same names.
SET search_path = stockroom;

CREATE TABLE orders (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	name text,
	order_number bigint,
	confirmation_number text,
	checkout_token text,
	customer_id bigint,
	source_name text,
	test bool,
	confirmed bool,
	closed bool,
	cancel_reason text,
	financial_status text,
	fulfillment_status text,
	return_status text,
	customer_locale text,
	billing_country text,
	billing_province text,
	shipping_country text,
	shipping_province text,
	gateways text[],
	taxes_included bool,
	line_quantity bigint,
	transactions_count int,
	currency text,
	subtotal numeric,
	total_discounts numeric,
	total_shipping numeric,
	total_tax numeric,
	total numeric,
	current_total numeric,
	total_refunded numeric,
	presentment_currency text,
	presentment_total numeric,
	presentment_current_total numeric,
	presentment_total_refunded numeric,
	created_at timestamptz,
	processed_at timestamptz,
	updated_at timestamptz,
	closed_at timestamptz,
	cancelled_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	subject_kind char(1) CHECK (subject_kind IN ('c', 'o')),
	subject_id bigint,
	sealed bytea,
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	CHECK (sealed IS NULL OR subject_kind IS NOT NULL AND subject_id IS NOT NULL)
);
ALTER TABLE orders ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX orders_updated ON orders (shop_id, updated_at);
CREATE INDEX orders_processed ON orders (shop_id, processed_at);
CREATE INDEX orders_customer ON orders (shop_id, customer_id);
CREATE INDEX orders_checkout ON orders (shop_id, checkout_token)
	WHERE checkout_token IS NOT NULL; -- the pixel's events
SELECT tenant_table('orders', $$
	shop_id, id, customer_id: none; Shopify's numbers
	name, order_number, confirmation_number, checkout_token: none; the order's
	source_name, test, confirmed, closed, cancel_reason: none
	financial_status, fulfillment_status, return_status: none; as displayed
	customer_locale: none; a language
	billing_country, shipping_country: none; a country is not a person
	billing_province, shipping_province: none; a province's code only
	gateways, taxes_included, line_quantity, transactions_count: none
	currency, subtotal, total_discounts, total_shipping: none; shop's currency
	total_tax, total, current_total, total_refunded: none; shop's currency
	presentment_currency, presentment_total: none; the customer's currency
	presentment_current_total, presentment_total_refunded: none; the same
	created_at, processed_at, updated_at, closed_at, cancelled_at: none
	doc: none; nothing personal may be put here
	subject_kind, subject_id: none; whose key sealed it: c customer, o order
	sealed: sealed; e-mail, phone, note, tags, discount codes
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('orders');

CREATE TABLE order_line (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	order_id bigint NOT NULL,
	product_id bigint,
	variant_id bigint,
	sku text,
	vendor text,
	quantity int,
	current_quantity int,
	refundable_quantity int,
	unfulfilled_quantity int,
	requires_shipping bool,
	taxable bool,
	is_gift_card bool,
	currency text,
	unit_price numeric,
	discounted_total numeric,
	total_discount numeric,
	doc jsonb NOT NULL DEFAULT '{}',
	subject_kind char(1) CHECK (subject_kind IN ('c', 'o')),
	subject_id bigint,
	sealed bytea,
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	FOREIGN KEY (shop_id, order_id) REFERENCES orders ON DELETE CASCADE,
	CHECK (sealed IS NULL OR subject_kind IS NOT NULL AND subject_id IS NOT NULL)
);
ALTER TABLE order_line ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX order_line_order ON order_line (shop_id, order_id);
CREATE INDEX order_line_variant ON order_line (shop_id, variant_id);
SELECT tenant_table('order_line', $$
	shop_id, id, order_id, product_id, variant_id: none; Shopify's numbers
	sku, vendor: none; the product's
	quantity, current_quantity, refundable_quantity: none
	unfulfilled_quantity, requires_shipping, taxable, is_gift_card: none
	currency, unit_price, discounted_total, total_discount: none; shop's
	doc: none; discountAllocations, presentment
	subject_kind, subject_id: none; whose key sealed it: c customer, o order
	sealed: sealed; name, title and variant title as sold
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('order_line');

CREATE TABLE order_transaction (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	order_id bigint NOT NULL,
	parent_id bigint,
	kind text,
	status text,
	gateway text,
	formatted_gateway text,
	manual_gateway bool,
	payment_id text,
	test bool,
	error_code text,
	amount numeric,
	currency text,
	presentment_amount numeric,
	presentment_currency text,
	total_unsettled numeric,
	created_at timestamptz,
	processed_at timestamptz,
	authorization_expires_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	FOREIGN KEY (shop_id, order_id) REFERENCES orders ON DELETE CASCADE
);
CREATE INDEX order_transaction_order ON order_transaction (shop_id, order_id);
CREATE INDEX order_transaction_processed
	ON order_transaction (shop_id, processed_at);
SELECT tenant_table('order_transaction', $$
	shop_id, id, order_id, parent_id: none; Shopify's numbers
	kind, status, gateway, formatted_gateway, manual_gateway: none
	payment_id: none; Shopify's own name of the payment
	test, error_code: none
	amount, currency: none; shop's currency
	presentment_amount, presentment_currency: none; the customer's currency
	total_unsettled: none; shop's currency
	created_at, processed_at, authorization_expires_at: none; Shopify's
	doc: none; fees, presentment
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('order_transaction');

CREATE TABLE refund (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	order_id bigint NOT NULL,
	total numeric,
	currency text,
	presentment_total numeric,
	presentment_currency text,
	created_at timestamptz,
	processed_at timestamptz,
	updated_at timestamptz,
	doc jsonb NOT NULL DEFAULT '{}',
	subject_kind char(1) CHECK (subject_kind IN ('c', 'o')),
	subject_id bigint,
	sealed bytea,
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	FOREIGN KEY (shop_id, order_id) REFERENCES orders ON DELETE CASCADE,
	CHECK (sealed IS NULL OR subject_kind IS NOT NULL AND subject_id IS NOT NULL)
);
ALTER TABLE refund ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX refund_order ON refund (shop_id, order_id);
SELECT tenant_table('refund', $$
	shop_id, id, order_id: none; Shopify's numbers
	total, currency: none; shop's currency
	presentment_total, presentment_currency: none; the customer's currency
	created_at, processed_at, updated_at: none; Shopify's
	doc: none; nothing personal may be put here
	subject_kind, subject_id: none; whose key sealed it: c customer, o order
	sealed: sealed; the note
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('refund');

CREATE TABLE refund_line (
	shop_id bigint NOT NULL,
	id bigint NOT NULL,
	refund_id bigint NOT NULL,
	line_id bigint,
	quantity int,
	restock_type text,
	currency text,
	subtotal numeric,
	total_tax numeric,
	doc jsonb NOT NULL DEFAULT '{}',
	pulled_at timestamptz NOT NULL DEFAULT now(),
	seen_pull uuid,
	partial bool NOT NULL DEFAULT false,
	deleted_at timestamptz,
	PRIMARY KEY (shop_id, id),
	FOREIGN KEY (shop_id, refund_id) REFERENCES refund ON DELETE CASCADE
);
CREATE INDEX refund_line_refund ON refund_line (shop_id, refund_id);
CREATE INDEX refund_line_line ON refund_line (shop_id, line_id);
SELECT tenant_table('refund_line', $$
	shop_id, id, refund_id: none; Shopify's numbers
	line_id: none; the order line that was given back
	quantity, restock_type: none
	currency, subtotal, total_tax: none; shop's currency
	doc: none; presentment
	pulled_at, seen_pull, partial, deleted_at: none; ours
$$);
SELECT tenant_reader('refund_line');
