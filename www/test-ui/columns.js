// Which columns of our tables stand in a list, and how each looks.
import { h } from "/shared/dom.js";
import { money, num, stateOf, when } from "/shared/format.js";

function cut(text) {
	return text ? h("span", { class: "cut", title: text }, String(text)) :
	    "–";
}

const id = (name) => (row) => row[name] ?
	h("span", { class: "mono" }, String(row[name])) : "–";
const text = (name) => (row) => cut(row[name]);
const code = (name) => (row) => row[name] ?
	h("code", { class: "cut" }, row[name]) : "–";
const count = (name) => (row) => num(row[name]);
const state = (name) => (row) => row[name] ? stateOf(row[name]) : "–";
const at = (name) => (row) => when(row[name]);
const sum = (name) => (row) => money(row[name], row.currency);
const own = (name) => (row) => cut(row.personal?.[name]); // was sealed
const first = (...tries) => (row) => {
	for (const t of tries) {
		const value = t(row);
		if (value)
			return cut(value);
	}
	return id("id")(row);
};

const col = (label, cell) => ({ label, cell });
const right = (label, cell) => ({ label, cell, number: true });

export const TABLES = {
	products: [
		col("Title", first((r) => r.title)),
		col("Status", state("status")),
		col("Vendor", text("vendor")),
		col("Type", text("product_type")),
		right("Variants", count("variants_count")),
		right("In stock", count("total_inventory")),
		right("From", (r) => money(r.price_min, r.currency)),
		right("To", (r) => money(r.price_max, r.currency)),
		col("Updated", at("updated_at")),
	],
	variants: [
		col("Variant", first((r) => r.display_name, (r) => r.title)),
		col("SKU", code("sku")),
		right("Price", (r) => money(r.price)),
		right("In stock", count("inventory_quantity")),
		col("For sale", (r) => r.available_for_sale ? "yes" : "no"),
		col("Product", id("product_id")),
		col("Updated", at("updated_at")),
	],
	orders: [
		col("Order", first((r) => r.name)),
		col("Processed", at("processed_at")),
		col("Payment", state("financial_status")),
		col("Fulfilment", state("fulfillment_status")),
		right("Items", count("line_quantity")),
		right("Total", sum("total")),
		right("Refunded", sum("total_refunded")),
		col("Ships to", text("shipping_country")),
		col("Customer", id("customer_id")),
	],
	lines: [
		col("Title", first((r) => r.personal?.title,
		    (r) => r.personal?.name)),
		col("SKU", code("sku")),
		right("Quantity", count("quantity")),
		right("Unit price", sum("unit_price")),
		right("Discount", sum("total_discount")),
		right("Total", sum("discounted_total")),
		col("Order", id("order_id")),
	],
	transactions: [
		col("Transaction", id("id")),
		col("Kind", (r) => r.kind ? r.kind.toLowerCase() : "–"),
		col("Status", state("status")),
		right("Amount", sum("amount")),
		col("Gateway", (r) => cut(r.formatted_gateway || r.gateway)),
		col("Processed", at("processed_at")),
		col("Order", id("order_id")),
	],
	refunds: [
		col("Refund", id("id")),
		right("Total", sum("total")),
		col("Processed", at("processed_at")),
		col("Note", own("note")),
		col("Order", id("order_id")),
	],
	customers: [
		col("Name", first((r) => r.personal?.displayName)),
		col("E-mail", own("email")),
		col("State", state("state")),
		col("Country", text("country")),
		right("Orders", count("number_of_orders")),
		right("Spent", sum("amount_spent")),
		col("Updated", at("updated_at")),
	],
};

export const NAMES = Object.keys(TABLES);

// What a record is called: in its sheet's head.
export function titleOf(resource, row) {
	const p = row.personal ?? {};
	return row.name || row.display_name || row.title || p.title ||
	    p.displayName || `${resource.replace(/s$/, "")} ${row.id}`;
}
