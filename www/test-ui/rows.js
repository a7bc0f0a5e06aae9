// The rows that were pulled: one table at a time, page by page, and one record
// in a sheet.
import { fill, h } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { clearProblem, problemBox, showProblem } from "/shared/problem.js";
import { NAMES, TABLES, titleOf } from "./columns.js";
import { change, here } from "./place.js";
import { recordBody } from "./record.js";
import { openSheet } from "./sheet.js";
import { table } from "./table.js";

const PAGE = 25;

export function open(params, ctx) {
	const tabs = h("nav", { class: "tabs", "aria-label": "Tables" });
	const wrong = h("div");
	const place = h("div", { class: "block" });
	const el = h("div", { class: "page tight" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Rows"),
		h("p", { class: "lede" }, "What lies in the tables now, " +
		    "newest first."))),
	    h("div", { class: "block" }, tabs, wrong, place));
	const view = { title: "Rows", el, tabs, wrong, place, ctx,
		pull: params.pull, sheet: null, shown: "", items: [],
		turn: 0 };
	view.moved = (now) => {
		move(view, now);
		return true;
	};
	view.close = () => {
		view.turn += 1;
		view.sheet?.close();
	};
	move(view, params);
	return view;
}

// Brings the view to what the address says.
function move(view, params) {
	const resource = NAMES.includes(params.resource) ? params.resource :
	    "products";
	const shown = JSON.stringify([params.pull, resource, params.after]);
	paintTabs(view, resource);
	if (view.shown !== shown) {
		view.shown = shown;
		load(view, params, resource);
	}
	showRecord(view, params, resource);
}

function paintTabs(view, resource) {
	fill(view.tabs, NAMES.map((name) => h("a", {
		href: view.ctx.link({ view: "rows", pull: here().pull,
			resource: name }),
		"aria-current": name === resource ? "page" : null },
	    name[0].toUpperCase() + name.slice(1))));
}

// ---- a page of rows

async function load(view, params, resource) {
	const { ctx, place, wrong } = view;
	view.turn += 1;
	const turn = view.turn;
	const list = table({ label: `Rows: ${resource}`,
		columns: TABLES[resource], keyOf: (r) => r.id,
		open: (r) => ctx.link({ ...here(), shop: ctx.query.shop,
			view: "rows", resource, id: r.id }),
		current: (r) => String(r.id) === here().id });
	view.list = list;
	const pager = h("div", { class: "pager" });
	fill(place, list.el, pager);
	list.wait(PAGE);
	try {
		const { items, next } = await get(path(params),
		    { ...ctx.query, resource, after: params.after,
			limit: PAGE });
		if (turn !== view.turn)
			return;
		clearProblem(wrong);
		view.items = items;
		list.paint(items);
		fill(pager, turns(items, next));
		if (!items.length && !params.after)
			fill(place, nothing(ctx, `No ${resource} are here yet.`));
	} catch (error) {
		if (turn !== view.turn || ctx.failed(error))
			return;
		fill(place);
		showProblem(wrong, error, () => load(view, params, resource));
	}
}

// The rows are the shop's; any pull of it leads there, and so does "latest".
function path(params) {
	return `/api/pulls/${encodeURIComponent(params.pull ?? "latest")}/results`;
}

function nothing(ctx, text) {
	return h("p", { class: "empty" }, text, " ",
	    h("a", { href: ctx.link({ view: "pulls" }) }, "Start a pull"));
}

/*
 * Cursors only lead on. The way back is kept with the history entry: the
 * cursors of the pages before this one.
 */
function turns(items, next) {
	const trail = history.state?.trail ?? [];
	const { after } = here();
	const back = h("button", { class: "button", type: "button",
		disabled: !after, onclick: () => change({ id: null,
			after: trail.at(-1) ?? null },
		    { state: { trail: trail.slice(0, -1) } }) },
	    after && !trail.length ? "First page" : "Previous");
	const on = h("button", { class: "button", type: "button",
		disabled: !next, onclick: () => change({ id: null,
			after: next },
		    { state: { trail: [...trail, after ?? null] } }) },
	    "Next");
	const page = after && !trail.length ? "" : `Page ${trail.length + 1}`;
	return [back, h("span", { class: "faint" },
	    [page, `${items.length} rows`].filter(Boolean).join(" · ")), on];
}

// ---- one record

async function showRecord(view, params, resource) {
	const wanted = params.id ? `${resource} ${params.id}` : "";
	if (view.record === wanted)
		return;
	view.record = wanted;
	view.sheet?.close();
	view.sheet = null;
	view.list?.paint?.(view.items);
	if (!wanted)
		return;
	const sheet = openSheet({ title: "…",
		sub: `${resource.replace(/s$/, "")} ${params.id}`,
		onclose: () => change({ id: null },
		    { state: history.state ?? {} }) });
	view.sheet = sheet;
	try {
		const row = await oneRow(view, params, resource);
		if (view.record !== wanted)
			return;
		sheet.title(row ? titleOf(resource, row) : "Not there");
		sheet.body(row ? recordBody(row) : h("p", {},
		    "There is no such record. It may have been deleted."));
	} catch (error) {
		if (view.record === wanted && !view.ctx.failed(error))
			sheet.body(problemBox(error));
	}
}

async function oneRow(view, params, resource) {
	const { items } = await get(path(params),
	    { ...view.ctx.query, resource, id: params.id });
	return items[0];
}
