/* What a pretended shop has: plain structs, made once and only read. */
#ifndef SANDBOX_STOCK_H
#define SANDBOX_STOCK_H

#include "types.h"

/* Begins every struct that has an id, so lists can be sorted and searched
 * without knowing what they are of. Times are epoch seconds; 0 is none. */
struct thing {
	int64_t id;
	int64_t created_at;
	int64_t updated_at;
};

/* Money in hundredths. */
struct amount {
	int64_t cents;
	const char *currency;
};

/* MoneyBag: in the shop's currency and in the customer's. */
struct bag {
	struct amount shop;
	struct amount presentment;
};

struct address {
	int64_t id;
	const char *city;
	const char *province_code;
	const char *country_code;
	const char *zip;
};

struct count {
	int64_t count;
	const char *precision;
};

struct category {
	int64_t id;
	const char *gid;
	const char *name;
	const char *full_name;
};

struct image {
	const char *url;
	int64_t width;
	int64_t height;
};

struct media {
	int64_t id;
	const char *alt;
	struct image image;
};

struct option {
	int64_t id;
	const char *name;
	int64_t position;
	struct texts values;
};

struct chosen_option {
	const char *name;
	const char *value;
};

struct product {
	struct thing thing;
	const char *title;
	const char *handle;
	const char *description_html;
	const char *vendor;
	const char *product_type;
	const struct category *category;
	const char *status;
	struct texts tags;
	bool is_gift_card;
	bool tracks_inventory;
	int64_t total_inventory;
	struct list options;
	const char *seo_title;
	const char *seo_description;
	const struct media *media;
	const char *online_store_url;
	int64_t published_at;
	struct amount lowest;
	struct amount highest;
	struct list variants; /* by position */
};

struct variant {
	struct thing thing;
	const struct product *product;
	const char *title;
	const char *display_name;
	const char *sku;
	const char *barcode;
	int64_t position;
	int64_t price_cents;
	int64_t compare_at_cents; /* NO_MONEY: none */
	bool taxable;
	bool available;
	const char *inventory_policy;
	int64_t inventory_quantity;
	struct list chosen; /* of struct chosen_option */
	int64_t inventory_item_id;
	bool tracked;
	bool requires_shipping;
	struct amount unit_cost; /* no currency: not known */
};

struct discount {
	int64_t index;
	const char *code; /* NULL: a manual one */
	struct bag allocated;
};

struct order;

struct line {
	struct thing thing;
	const struct order *order;
	const char *name;
	const char *title;
	const char *variant_title;
	const char *sku;
	const char *vendor;
	int64_t quantity;
	int64_t current_quantity;
	int64_t refundable_quantity;
	int64_t unfulfilled_quantity;
	bool requires_shipping;
	bool taxable;
	bool is_gift_card;
	const struct product *product; /* NULL: gone */
	const struct variant *variant;
	struct bag unit_price;
	struct bag discounted_total;
	struct bag total_discount;
	struct list discounts; /* of struct discount */
};

struct fee {
	int64_t id;
	const char *type;
	const char *rate;
	struct amount amount;
};

struct transaction {
	struct thing thing;
	const struct order *order;
	const char *kind;
	const char *status;
	const char *gateway;
	const char *formatted_gateway;
	bool test;
	const char *error_code;
	const char *payment_id;
	bool manual;
	struct bag amount;
	struct bag unsettled; /* no currency: null */
	struct list fees;
	const struct transaction *parent;
	int64_t processed_at;
	int64_t expires_at;
};

struct refund_line {
	int64_t id;
	const struct line *line;
	int64_t quantity;
	const char *restock_type;
	struct bag subtotal;
	struct bag total_tax;
};

struct refund {
	struct thing thing;
	const struct order *order;
	const char *note;
	struct bag total;
	int64_t processed_at;
	struct list lines; /* of struct refund_line */
	struct list transactions;
};

struct customer {
	struct thing thing;
	const char *first_name;
	const char *last_name;
	const char *display_name;
	const char *email; /* NULL: has none */
	const char *email_state;
	const char *email_opt_in;
	int64_t email_updated_at;
	const char *phone; /* NULL: has none */
	const char *sms_state;
	const char *sms_opt_in;
	int64_t sms_updated_at;
	const struct address *address;
	bool verified_email;
	const char *state;
	const char *locale;
	struct texts tags;
	const char *note;
	bool tax_exempt;
	bool data_sale_opt_out;
	int64_t number_of_orders;
	struct amount spent;
};

struct order {
	struct thing thing;
	const char *name;
	int64_t number;
	const char *confirmation_number;
	const char *checkout_token;
	const char *email;
	const char *phone;
	const char *note;
	struct texts tags;
	const char *source_name;
	bool test;
	bool confirmed;
	bool closed;
	const char *cancel_reason;
	const char *financial_status;
	const char *fulfillment_status;
	const char *return_status;
	const char *currency;
	const char *presentment_currency;
	bool taxes_included;
	struct texts discount_codes;
	struct texts gateways;
	const char *customer_locale;
	const struct customer *customer; /* NULL: has none */
	const struct address *billing;
	const struct address *shipping;
	int64_t items_quantity;
	struct bag subtotal;
	struct bag discounts;
	struct bag shipping_price;
	struct bag tax;
	struct bag total;
	struct bag current_total;
	struct bag refunded;
	int64_t processed_at;
	int64_t closed_at;
	int64_t cancelled_at;
	struct list lines;
	struct list transactions;
	struct list refunds;
};

enum stock {
	STOCK_PRODUCT,
	STOCK_VARIANT,
	STOCK_ORDER,
	STOCK_CUSTOMER,
	STOCK_REFUND,
	STOCK_LINE,
	STOCK_TRANSACTION,
	STOCK_COUNT
};

enum { VIEWS_MAX = 40 };

/* A list of one kind in some order, kept once it was asked for. */
struct view {
	enum stock stock;
	const char *sort; /* "UPDATED_AT" */
	struct list list;
};

struct shop {
	struct thing thing;
	const char *domain;
	const char *name;
	const char *email;
	const char *currency;
	const char *timezone;
	int64_t offset_minutes;
	struct address address;
	struct list all[STOCK_COUNT]; /* by id */
	size_t room[STOCK_COUNT]; /* behind each list, for more of them */
	struct arena *mem; /* where all of it lies */
	struct view views[VIEWS_MAX];
	size_t n_views;
};

/* A list of what a chain holds in the arena: see stock_add. */
struct gather {
	struct arena *mem;
	const void **items;
	size_t n, cap;
};
void gather_add(struct gather *g, const void *item);
struct list gather_list(const struct gather *g);

/* Sorts what was gathered by id and makes it the shop's; ids must differ. */
enum rc stock_put(struct cx *cx, struct shop *shop, enum stock stock,
    const struct gather *g) MUST_USE;

/* One more, which has the largest id; and one less. Then sort_again (sort.h).
 */
void stock_add(struct shop *shop, enum stock stock, const void *thing);
void stock_drop(struct shop *shop, enum stock stock, int64_t id);

/* By id, or NULL. */
const void *stock_find(const struct shop *shop, enum stock stock, int64_t id);

#endif
