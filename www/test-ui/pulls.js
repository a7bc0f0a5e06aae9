// Pulls: ask for one, see them all, watch one.
import { h, uid } from "/shared/dom.js";
import { get, post } from "/shared/api.js";
import { field, form } from "/shared/form.js";
import { between, num, stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { bar, paintBar } from "./bar.js";
import { go } from "./place.js";
import { poll } from "./poll.js";
import { openPull } from "./pull.js";
import { tell } from "./session.js";
import { table } from "./table.js";

const RESOURCES = [
	["products", "Products", "with their variants"],
	["orders", "Orders", "with lines, transactions, refunds"],
	["transactions", "Transactions", "those processed since"],
	["customers", "Customers", "names and addresses sealed"],
];

export function open(params, ctx) {
	return params.pull ? openPull(params, ctx) : openList(params, ctx);
}

export function isMoving(state) {
	return state === "queued" || state === "running";
}

// ---- all of them

function openList(params, ctx) {
	const wrong = h("div");
	const none = h("p", { class: "empty", hidden: true },
	    "Nothing has been pulled yet.");
	const list = table({ label: "Pulls", keyOf: (p) => p.id,
		columns: columns(), open: (p) => ctx.link({ view: "pulls",
			pull: p.id }) });
	const more = h("div", { class: "pager" });
	const el = h("div", { class: "page" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Pulls"),
		h("p", { class: "lede" }, "A pull copies what you choose " +
		    "from Shopify into your tables, page by page."))),
	    newPull(ctx),
	    h("section", { class: "block", "aria-label": "Pulls so far" },
		h("h2", {}, "So far"), wrong, list.el, none, more));
	list.wait(3);
	const poller = poll(async () => {
		const { items, next } = await get("/api/pulls",
		    { ...ctx.query, after: params.after, limit: 25 });
		clearProblem(wrong);
		list.paint(items);
		none.hidden = items.length > 0;
		list.el.hidden = items.length === 0;
		more.replaceChildren(...pages(params, next, ctx));
		return items.some((p) => isMoving(p.state));
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));
	return { title: "Pulls", el, close: poller.stop, heard: poller.now };
}

function pages(params, next, ctx) {
	const out = [];
	if (params.after) {
		out.push(h("a", { href: ctx.link({ view: "pulls" }) },
		    "Newest"));
	}
	if (next) {
		out.push(h("a", { href: ctx.link({ view: "pulls",
			after: next }) }, "Older"));
	}
	return out;
}

function columns() {
	return [
		{ label: "Asked for", cell: (p) => when(p.created_at) },
		{ label: "What", cell: (p) => h("span", { class: "cut" },
			p.parts.map((x) => x.resource).join(", ")) },
		{ label: "State", cell: (p) => stateOf(p.state) },
		{ label: "So far", cell: (p) => {
			const el = bar("So far");
			el.classList.add("in-table");
			paintBar(el, p);
			return el;
		} },
		{ label: "Records", number: true, cell: (p) => p.total ?
			`${num(p.done)} of ${num(p.total)}` : num(p.done) },
		{ label: "Took", number: true, cell: (p) => p.started_at ?
			between(p.started_at, p.finished_at) : "–" },
	];
}

// ---- a new one

function newPull(ctx) {
	const since = field({ label: "Changed since", name: "since",
		type: "date", max: new Date().toISOString().slice(0, 10),
		hint: "Empty: everything. Days begin at 00:00 UTC" });
	const chosen = choices();
	let once = crypto.randomUUID(); // a second try is the same pull
	const el = form({ label: "Start a pull", button: "Start pull",
		fields: [chosen, since],
		parts: (go, place) => [chosen, place,
			h("div", { class: "row" }, since, h("div",
			    { class: "beside" }, go))],
		send: (data) => post("/api/pulls", {
			resources: data.getAll("resources"),
			since: data.get("since") ?
				`${data.get("since")}T00:00:00Z` : null,
			...ctx.query }, once),
		done(pull) {
			tell("pull", { shop: ctx.domain, begun: true });
			go({ shop: ctx.query.shop, view: "pulls",
				pull: pull.id });
		} });
	el.addEventListener("input", () => {
		once = crypto.randomUUID();
	});
	el.classList.add("card");
	return el;
}

// The four as one field, so that what is said of "resources" has its place.
function choices() {
	const id = uid("resources");
	const help = "One at least. Orders bring transactions of their own.";
	const line = h("p", { class: "hint", id }, help);
	const el = h("fieldset", { class: "field", "aria-describedby": id },
	    h("legend", { class: "legend" }, "What to pull"),
	    h("div", { class: "choices" }, RESOURCES.map(([value, name, note]) =>
		h("label", { class: "choice" }, h("input", { type: "checkbox",
			name: "resources", value, checked: true }),
		    h("b", {}, name), h("small", {}, note)))), line);
	el.input = el.querySelector("input");
	el.wrong = (text) => {
		line.textContent = text || help;
		line.classList.toggle("bad", Boolean(text));
	};
	el.addEventListener("input", () => el.wrong(""));
	return el;
}
