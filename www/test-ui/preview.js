// One page straight from Shopify, now: the query, what it gave, what it cost.
import { fill, h } from "/shared/dom.js";
import { post } from "/shared/api.js";
import { field, form, select } from "/shared/form.js";
import { many, num } from "/shared/format.js";
import { problemBox } from "/shared/problem.js";
import { bar, paintBar } from "./bar.js";
import { jsonBlock } from "./json.js";
import { NODES, nodeRows, nodeTitle } from "./nodes.js";
import { openSheet } from "./sheet.js";
import { table } from "./table.js";

const KINDS = [["products", "Products"], ["orders", "Orders"],
	["customers", "Customers"], ["transactions", "Transactions"]];

export function open(params, ctx) {
	const kind = select({ label: "Kind", name: "resource",
		value: params.resource ?? "products" }, KINDS);
	const query = field({ label: "Query", name: "query",
		value: params.query ?? "", spellcheck: "false",
		placeholder: "updated_at:>=2026-11-01",
		hint: "Shopify’s search syntax; empty: all" });
	query.input.classList.add("mono");
	const first = field({ label: "How many", name: "first",
		type: "number", min: "1", max: "50",
		value: params.first ?? "10", hint: "1 to 50" });
	const result = h("section", { class: "block", "aria-label": "Result",
		"aria-live": "polite" },
	    h("p", { class: "empty" }, "Nothing asked yet."));
	const view = { ctx, result, sheet: null };
	const ask = form({ label: "Preview", button: "Ask Shopify",
		fields: [kind, query, first],
		parts: (go, place) => [h("div", { class: "ask" }, kind, query,
			first, h("div", { class: "beside" }, go)), place],
		send: (data) => fetchPage(ctx, wish(data)),
		done: (got) => paint(view, got) });
	ask.classList.add("card");
	ask.addEventListener("submit", () => remember(ctx, new FormData(ask)));
	const el = h("div", { class: "page" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Preview"),
		h("p", { class: "lede" }, "One page straight from Shopify. " +
		    "What comes is also kept in your tables."))),
	    ask, result);
	return { title: "Preview", el, close: () => view.sheet?.close(),
		moved: () => false };
}

function wish(data) {
	return { resource: data.get("resource"), query: data.get("query").trim(),
		first: Number(data.get("first")), after: null };
}

// What was asked stands in the address, without a step in "back".
function remember(ctx, data) {
	const w = wish(data);
	history.replaceState({}, "", ctx.link({ view: "preview",
		resource: w.resource, query: w.query, first: w.first }));
}

async function fetchPage(ctx, w) {
	const began = performance.now();
	const body = { first: w.first, ...ctx.query };
	if (w.query)
		body.query = w.query;
	if (w.after)
		body.after = w.after;
	const page = await post(`/api/data/shopify/${w.resource}`, body);
	return { w, page, ms: Math.round(performance.now() - began) };
}

function paint(view, { w, page, ms }) {
	const rows = nodeRows(w.resource, page.nodes);
	const list = table({ label: `From Shopify: ${w.resource}`,
		columns: NODES[w.resource], keyOf: (n) => n.id,
		open: () => "?" });
	list.el.addEventListener("click", (event) => {
		const row = event.target.closest("tr.opens");
		if (!row || !event.target.closest("a"))
			return;
		event.preventDefault();
		event.stopPropagation();
		openNode(view, rows[[...row.parentNode.children]
		    .indexOf(row)]);
	}, true);
	const on = h("button", { class: "button", type: "button",
		disabled: !page.has_next, onclick: () => nextPage(view, w,
		    page.next) }, "Next page");
	fill(view.result, summary(page, ms), list.el,
	    rows.length ? null : h("p", { class: "empty" },
		"Shopify knows none that fit."),
	    h("div", { class: "pager" }, h("span", { class: "faint" },
		many(rows.length, "record")), on));
	list.paint(rows);
}

async function nextPage(view, w, after) {
	try {
		paint(view, await fetchPage(view.ctx, { ...w, after }));
	} catch (error) {
		if (!view.ctx.failed(error))
			view.result.prepend(problemBox(error));
	}
}

// ---- cost, and how full the shop's bucket is

function summary(page, ms) {
	const cost = page.cost ?? {};
	const bucket = bar("Points left");
	paintBar(bucket, { state: "", done: cost.available ?? 0,
		total: cost.maximum || 1 });
	return h("div", { class: "facts" }, [
		["Answered in", `${num(ms)} ms`],
		["Asked for", many(cost.requested, "point")],
		["Cost", many(cost.actual, "point")],
		["Left", h("span", {}, `${num(cost.available)} of ` +
		    num(cost.maximum), bucket)],
		["Refills", `${num(cost.restore_per_s)} a second`],
	].map(([name, value]) => h("dl", {}, h("dt", {}, name),
	    h("dd", {}, value))));
}

function openNode(view, node) {
	view.sheet?.close();
	view.sheet = openSheet({ title: nodeTitle(node), sub: node.id,
		body: jsonBlock(node, "As Shopify sent it"),
		onclose() {} });
}
