// Shopify's own nodes in a preview: a few members of each, as columns.
import { h } from "/shared/dom.js";
import { money, num, stateOf, when } from "/shared/format.js";

const col = (label, cell) => ({ label, cell });
const right = (label, cell) => ({ label, cell, number: true });
const cut = (text) => text ? h("span", { class: "cut" }, text) : "–";
const bag = (set) => money(set?.shopMoney?.amount,
    set?.shopMoney?.currencyCode);
const number = (id) => String(id ?? "").split("/").at(-1);
const state = (text) => text ? stateOf(text) : "–";

export const NODES = {
	products: [
		col("Title", (n) => cut(n.title)),
		col("Status", (n) => state(n.status)),
		col("Vendor", (n) => cut(n.vendor)),
		right("In stock", (n) => num(n.totalInventory)),
		right("Variants", (n) => num(n.variantsCount?.count)),
		col("Updated", (n) => when(n.updatedAt)),
	],
	orders: [
		col("Order", (n) => cut(n.name)),
		col("Processed", (n) => when(n.processedAt)),
		col("Payment", (n) => state(n.displayFinancialStatus)),
		right("Total", (n) => bag(n.totalPriceSet)),
		right("Refunded", (n) => bag(n.totalRefundedSet)),
		col("Updated", (n) => when(n.updatedAt)),
	],
	customers: [
		col("Name", (n) => cut(n.displayName)),
		col("E-mail", (n) => cut(n.defaultEmailAddress?.emailAddress)),
		right("Orders", (n) => num(n.numberOfOrders)),
		right("Spent", (n) => money(n.amountSpent?.amount,
		    n.amountSpent?.currencyCode)),
		col("Updated", (n) => when(n.updatedAt)),
	],
	transactions: [
		col("Transaction", (n) => h("span", { class: "mono" },
		    number(n.id))),
		col("Kind", (n) => (n.kind ?? "–").toLowerCase()),
		col("Status", (n) => state(n.status)),
		right("Amount", (n) => bag(n.amountSet)),
		col("Gateway", (n) => cut(n.formattedGateway ?? n.gateway)),
		col("Processed", (n) => when(n.processedAt)),
		col("Order", (n) => n.order.name),
	],
};

// Transactions come inside their orders; each is a row that knows its order.
export function nodeRows(resource, nodes) {
	if (resource !== "transactions")
		return nodes;
	return nodes.flatMap((order) => {
		const { transactions = [], ...rest } = order;
		return transactions.map((t) => ({ ...t, order: rest }));
	});
}

export function nodeTitle(n) {
	return n.title ?? n.name ?? n.displayName ?? number(n.id);
}
