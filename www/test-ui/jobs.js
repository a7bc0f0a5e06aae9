// The job table: what waits, runs and ended, and why one does not run.
import { fill, h } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { between, many, num, stateOf, when } from "/shared/format.js";
import { clearProblem, problemBox, showProblem } from "/shared/problem.js";
import { jsonBlock } from "./json.js";
import { change, here } from "./place.js";
import { poll } from "./poll.js";
import { pairs } from "./record.js";
import { openSheet } from "./sheet.js";
import { table } from "./table.js";

const STATES = ["", "scheduled", "available", "running", "blocked",
	"completed", "dead", "cancelled"];

function label(state) {
	return state ? state[0].toUpperCase() + state.slice(1) : "All";
}

const COLUMNS = [
	{ label: "Kind", cell: (j) => j.kind },
	{ label: "State", cell: (j) => stateOf(j.state) },
	{ label: "Went wrong", cell: (j) => h("span", { class: "cut soft",
		title: j.error }, j.error ?? "–") },
	{ label: "Attempt", number: true, cell: (j) =>
		attempts(j) },
	{ label: "Queue", cell: (j) => j.queue },
	{ label: "Due", cell: (j) => when(j.run_at) },
	{ label: "Took", number: true, cell: took },
	{ label: "Number", number: true, cell: (j) => h("span",
		{ class: "mono" }, String(j.id)) },
];

// A job that has ended does not say how often it might have been tried.
function attempts(j) {
	return j.max_attempts === null ? num(j.attempt) :
	    `${num(j.attempt)} of ${num(j.max_attempts)}`;
}

function progress(p) {
	if (!p)
		return "–";
	const count = p.total ? `${num(p.done)} of ${num(p.total)}` :
	    num(p.done);
	return [count, p.note].filter(Boolean).join(" · ");
}

function took(j) {
	return j.started_at ? between(j.started_at, j.finished_at) : "–";
}

function moving(j) {
	return j.state === "running" || j.state === "available";
}

export function open(params, ctx) {
	const tabs = h("nav", { class: "tabs", "aria-label": "States" });
	const wrong = h("div");
	const none = h("p", { class: "empty", hidden: true }, "No such jobs.");
	const list = table({ label: "Jobs", columns: COLUMNS,
		keyOf: (j) => j.id,
		open: (j) => ctx.link({ ...here(), shop: ctx.query.shop,
			view: "jobs", job: j.id }),
		current: (j) => String(j.id) === here().job });
	const pager = h("div", { class: "pager" });
	const el = h("div", { class: "page tight" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Jobs"),
		h("p", { class: "lede" }, ctx.domain ?
		    "Work done for this shop in the background." :
		    "Work done in the background, for all shops."))),
	    h("div", { class: "block" }, tabs, wrong, list.el, none, pager));
	const sheet = jobSheet(ctx);
	let at = params;

	const poller = poll(async () => {
		const { items, next } = await get("/api/jobs", { ...ctx.query,
			state: at.state, after: at.after, limit: 50 });
		clearProblem(wrong);
		list.paint(items);
		none.hidden = items.length > 0;
		list.el.hidden = items.length === 0;
		fill(pager, at.after ? h("a", { href: ctx.link({
			view: "jobs", state: at.state }) }, "Newest") : null,
		    next ? h("a", { href: ctx.link({ view: "jobs",
			state: at.state, after: next }) }, "Older") : null);
		return items.some(moving);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	function move(now) {
		const same = at.state === now.state && at.after === now.after;
		at = now;
		fill(tabs, STATES.map((state) => h("a", {
			href: ctx.link({ view: "jobs", state }),
			"aria-current": (now.state ?? "") === state ? "page" :
			    null }, label(state))));
		sheet.show(now.job);
		if (!same) {
			list.wait(8);
			poller.now();
		}
		return true;
	}

	list.wait(8);
	move(params);
	return { title: "Jobs", el, moved: move, heard: poller.now,
		close() {
			poller.stop();
			sheet.show(null);
		} };
}

// ---- one job, live while it is open

function jobSheet(ctx) {
	let sheet = null;
	let poller = null;
	let shown = null;

	function show(id) {
		if ((id ?? null) === shown)
			return;
		shown = id ?? null;
		poller?.stop();
		sheet?.close();
		sheet = null;
		if (!shown)
			return;
		sheet = openSheet({ title: `Job ${id}`, onclose: () =>
			change({ job: null }) });
		follow(id, sheet);
	}

	function follow(id, mine) {
		let last = "";
		poller = poll(async () => {
			const job = await get(
			    `/api/jobs/${encodeURIComponent(id)}`, ctx.query);
			const text = JSON.stringify(job);
			if (text !== last)
				mine.body(...body(job));
			last = text;
			return moving(job);
		}, (error) => ctx.failed(error) || mine.body(problemBox(error)));
	}

	return { show };
}

function body(job) {
	return [
		h("p", { class: "buttons" }, stateOf(job.state),
		    h("b", {}, job.kind), h("span", { class: "soft" },
			job.queue)),
		job.why ? h("p", { class: "notice" }, h("b", {},
		    "Not running: "), job.why.text) : null,
		job.error ? h("div", { class: "problem" }, h("b", {},
		    job.state === "dead" ? "Why it ended" :
			"What went wrong last"), h("p", {}, job.error)) : null,
		pairs([["attempts", attempts(job)],
			["priority", job.priority], ["due_at", job.run_at],
			["created_at", job.created_at],
			["started_at", job.started_at],
			["finished_at", job.finished_at],
			["progress", progress(job.progress)],
			["trace", job.trace]].filter(([, v]) => v && v !== "–")),
		block("What it was given", job.args),
		block("What it gave", job.result),
		notes(job.notes ?? []),
	];
}

function block(title, value) {
	if (value === null || value === undefined ||
	    !Object.keys(value).length)
		return null;
	return h("section", { class: "block" }, h("h3", {}, title),
	    jsonBlock(value, title));
}

function notes(list) {
	if (!list.length)
		return null;
	return h("section", { class: "block" },
	    h("h3", {}, many(list.length, "note")),
	    h("ul", { class: "notes" }, list.map((n) => h("li", {},
		when(n.at), h("span", {}, n.text ?? String(n))))));
}
