// The operator's shops: pick one; it then stands in the address.
import { fill, h } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { shortShop, stateOf, when } from "/shared/format.js";
import { showProblem } from "/shared/problem.js";
import { href } from "./place.js";
import { table } from "./table.js";

const COLUMNS = [
	{ label: "Shop", cell: (s) => s.name || shortShop(s.domain) },
	{ label: "Domain", cell: (s) => h("span", { class: "mono" }, s.domain) },
	{ label: "Status", cell: (s) => stateOf(s.status) },
	{ label: "Token", cell: (s) => stateOf(s.token?.state ?? "none") },
	{ label: "Plan", cell: (s) => s.plan },
	{ label: "Currency", cell: (s) => s.currency },
	{ label: "Installed", cell: (s) => when(s.installed_at) },
];

export function open(params, ctx) {
	const list = table({ label: "Shops", columns: COLUMNS,
		keyOf: (s) => s.shop_id,
		open: (s) => href({ view: "shop", shop: s.domain }) });
	const place = h("div", { class: "block" }, list.el);
	const el = h("div", { class: "page" },
	    h("div", { class: "page-head" },
		h("div", {}, h("h1", { tabindex: "-1" }, "Shops"),
		    h("p", { class: "lede" }, "You are the operator: pick " +
			"the shop to look at.")),
		h("a", { class: "button", href: href({ view: "connect" }) },
		    "Connect a shop")),
	    place);
	list.wait(3);
	load(list, place, ctx, params.after);
	return { title: "Shops", el };
}

async function load(list, place, ctx, after) {
	try {
		const { items, next } = await get("/api/auth/shops",
		    { after, limit: 50 });
		list.paint(items);
		if (!items.length) {
			fill(place, h("p", { class: "empty" },
			    "No shop is connected yet."));
		}
		if (next) {
			place.append(h("a", { href: href({ view: "shops",
				after: next }) }, "More shops"));
		}
	} catch (error) {
		if (!ctx.failed(error)) {
			showProblem(place, error,
			    () => load(list, fill(place, list.el), ctx, after));
		}
	}
}
