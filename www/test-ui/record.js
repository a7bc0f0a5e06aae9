// One record: what is personal in it, its columns, and the rest of Shopify's
// answer.
import { h } from "/shared/dom.js";
import { decimal, num, when } from "/shared/format.js";
import { jsonBlock } from "./json.js";

const APART = new Set(["doc", "personal"]);
const MONEY = /^(price|price_min|price_max|compare_at_price|unit_cost|unit_price|subtotal|total|total_.*|.*_total|.*_total_refunded|amount|.*_amount|amount_spent)$/;

// JSON from the database has its members by length; people want what it is
// first, then how it stands, what it costs, when; our own columns last.
const ORDER = [/^id$/, /^(name|title|display_name)$/, /name|title|handle/,
	/^(sku|barcode|vendor|product_type|kind)/, /status|^state$/,
	/_id$|^gateway|number$/, /count|quantit|inventory|number_of/,
	/^currency$/, MONEY, /^presentment/, /^(is|has|tax|test|closed)/,
	/^(?!.*_at$)/, /^(created|processed|updated)_at$/, /_at$/];
const OURS = new Set(["pulled_at", "seen_pull", "partial", "deleted_at",
	"subject_kind", "subject_id"]);

function rank([key]) {
	const at = ORDER.findIndex((pattern) => pattern.test(key));
	return OURS.has(key) ? ORDER.length + 1 : at < 0 ? ORDER.length : at;
}

export function recordBody(row) {
	const doc = row.doc && Object.keys(row.doc).length ? row.doc : null;
	return [
		row.personal ? personal(row.personal) : null,
		pairs(Object.entries(row).filter(([key]) => !APART.has(key))
		    .sort((a, b) => rank(a) - rank(b) ||
			a[0].localeCompare(b[0]))),
		doc ? h("section", { class: "block" },
		    h("h3", {}, "The rest, as Shopify sent it"),
		    jsonBlock(doc, "The rest, as Shopify sent it")) : null,
	].filter(Boolean);
}

export function pairs(entries) {
	return h("dl", { class: "pairs" }, entries.map(([key, value]) => [
		h("dt", {}, key.replaceAll("_", " ")),
		h("dd", {}, valueOf(key, value)),
	]));
}

function personal(values) {
	return h("section", { class: "personal block", "aria-label":
		"Personal data" },
	    h("div", {}, h("h3", {}, "Personal data"),
		h("p", { class: "small faint" }, "Lies sealed in the " +
		    "database, under a key of this person’s own; opened " +
		    "for you.")),
	    pairs(Object.entries(values)));
}

function valueOf(key, value) {
	if (value === null || value === undefined || value === "")
		return h("span", { class: "faint" }, "–");
	if (key.endsWith("_at"))
		return when(value);
	if (typeof value === "boolean")
		return value ? "yes" : "no";
	if (Array.isArray(value))
		return value.length ? value.map(flat).join(", ") : "–";
	if (typeof value === "object") {
		return Object.entries(value).filter(([, v]) => v !== null)
		    .map(([k, v]) => `${k}: ${flat(v)}`).join("\n") || "–";
	}
	if (MONEY.test(key) && /^-?\d+(\.\d+)?$/.test(String(value)))
		return decimal(value);
	return typeof value === "number" && !/(^|_)id$|number$/.test(key) ?
	    num(value) : String(value);
}

function flat(value) {
	return typeof value === "object" ? JSON.stringify(value) :
	    String(value);
}
