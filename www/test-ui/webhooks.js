// What Shopify sent, as it comes, and what became of it. Never the bodies.
import { fill, h } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { clock, size } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { arrivals } from "./arrivals.js";
import { change, here } from "./place.js";
import { poll } from "./poll.js";
import { table } from "./table.js";
import { reason, took, verdict, waits, webhookSheet } from "./webhook.js";

const PAGE = 50;
const LOOK_MS = 2000;
const STATES = ["", "kept", "applied", "ignored", "duplicate", "unreadable",
	"failed"];
// Those that mean something to us; others join them as they come.
const TOPICS = ["products/create", "products/update", "products/delete",
	"orders/create", "orders/updated", "orders/edited", "orders/paid",
	"orders/fulfilled", "orders/cancelled", "orders/delete",
	"order_transactions/create", "refunds/create", "customers/create",
	"customers/update", "customers/delete", "shop/update",
	"bulk_operations/finish", "app/scopes_update", "app/uninstalled",
	"customers/data_request", "customers/redact", "shop/redact"];

const COLUMNS = [
	{ label: "Topic", cell: (w) => w.topic },
	{ label: "Verdict", cell: verdict },
	{ label: "Why", cell: (w) => cut(reason(w)) },
	{ label: "Triggered", cell: (w) => clock(w.triggered_at) },
	{ label: "Received", cell: (w) => clock(w.received_at) },
	{ label: "Decided", cell: (w) => clock(w.applied_at) },
	{ label: "Took", number: true, cell: took },
	{ label: "Size", number: true, cell: (w) => size(w.bytes) },
	{ label: "Domain", cell: (w) => w.domain },
	{ label: "Delivery", cell: (w) => h("code", { class: "cut short",
		title: w.webhook_id }, w.webhook_id ?? "–") },
];

function cut(text) {
	return h("span", { class: "cut soft", title: text }, text);
}

export function open(params, ctx) {
	const filters = filterBar(ctx);
	const wrong = h("div");
	const none = h("div", { class: "empty", hidden: true });
	const list = table({ label: "Webhooks", columns: COLUMNS,
		keyOf: (w) => w.id,
		open: (w) => ctx.link({ ...here(), shop: ctx.query.shop,
			view: "webhooks", webhook: w.id }),
		current: (w) => w.id === here().webhook });
	const top = arrivals({ list, one: "webhook" });
	const pager = h("div", { class: "pager" });
	const el = h("div", { class: "page tight" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Webhooks"),
		h("p", { class: "lede" }, ctx.domain ?
		    "What Shopify sent about this shop, as it comes, and " +
			"what became of it." :
		    "What Shopify sent, as it comes, and what became of it; " +
			"of all shops."))),
	    h("div", { class: "block" }, filters.el, wrong, list.el, none,
		pager), top.el);
	const sheet = webhookSheet(ctx);
	let at = params;

	const poller = poll(async () => {
		const asked = at;
		const { items, next } = await get("/api/webhooks",
		    { ...ctx.query, ...filterOf(at), after: at.after,
			limit: PAGE });
		if (asked !== at && !same(asked, at))
			return true;
		clearProblem(wrong);
		return paint(items, next);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()), LOOK_MS);

	// Whether anything moves.
	function paint(items, next) {
		if (at.after)
			top.begin();
		const came = top.take(items);
		filters.saw(items);
		list.el.hidden = items.length === 0;
		none.hidden = items.length > 0;
		if (!items.length)
			sayNone(none, at, ctx);
		fill(pager, at.after ? h("a", { href: ctx.link({
			view: "webhooks", ...filterOf(at) }) }, "Newest") :
			null,
		    next ? h("a", { href: ctx.link({ view: "webhooks",
			...filterOf(at), after: top.last().id }) },
			"Older") : null);
		return came > 0 || items.some(waits);
	}

	function move(now) {
		const stays = same(at, now);
		at = now;
		filters.paint(now);
		sheet.show(now.webhook);
		if (!stays) {
			top.begin();
			none.hidden = true;
			list.el.hidden = false;
			list.wait(8);
			poller.now();
		}
		return true;
	}

	list.wait(8);
	move(params);
	return { title: "Webhooks", el, moved: move, heard: poller.now,
		close() {
			poller.stop();
			sheet.show(null);
		} };
}

function filterOf({ state, topic }) {
	return { state, topic };
}

function same(a, b) {
	return a.state === b.state && a.topic === b.topic &&
	    a.after === b.after;
}

// ---- filters, kept in the address

function filterBar(ctx) {
	const tabs = h("nav", { class: "tabs", "aria-label": "States" });
	const topic = h("select", { class: "input", name: "topic",
		onchange: () => change({ topic: topic.value || null,
			after: null, webhook: null }) });
	const known = new Set();
	const el = h("div", { class: "filters" }, tabs,
	    h("label", {}, "Topic", topic));

	// An option is only added: the list may be open.
	function offer(name) {
		if (known.has(name))
			return;
		known.add(name);
		topic.append(h("option", { value: name },
		    name || "All topics"));
	}

	["", ...TOPICS].forEach(offer);
	return { el,
		saw: (items) => items.forEach((w) => offer(w.topic)),
		paint(now) {
			offer(now.topic ?? "");
			topic.value = now.topic ?? "";
			fill(tabs, STATES.map((state) => h("a", {
				href: ctx.link({ view: "webhooks",
					topic: now.topic, state }),
				"aria-current": (now.state ?? "") === state ?
				    "page" : null }, label(state))));
		} };
}

function label(state) {
	return state ? state[0].toUpperCase() + state.slice(1) : "All";
}

// ---- nothing is there

function sayNone(none, at, ctx) {
	const kind = at.state || at.topic || at.after ? "filtered" : "empty";
	if (none.dataset.kind === kind)
		return;
	none.dataset.kind = kind;
	if (kind === "filtered") {
		fill(none, h("p", {}, "No such webhooks. ", h("a", {
			href: ctx.link({ view: "webhooks" }) },
		    "Show all")));
		return;
	}
	const how = h("p");
	fill(none, h("p", {}, "No webhook has come yet. Shopify sends one " +
	    "when something changes in the shop."), how);
	sandboxWay(how, ctx);
}

// Where a sandbox runs, its admin page has what makes it send some.
async function sandboxWay(place, ctx) {
	try {
		const { items } = await get("/sandbox/shops");
		const shop = items.find((s) => s.domain === ctx.domain) ??
		    (ctx.domain ? null : items[0]);
		if (!shop)
			return;
		fill(place, "This is a sandbox: change a product, an order " +
		    "or a customer in ", h("a", { target: "_blank",
			href: `/sandbox/${shop.domain}/admin` },
		    `the admin of ${shop.name}`), " and watch this page.");
	} catch {
		// No sandbox here: the shop itself is the way.
	}
}
