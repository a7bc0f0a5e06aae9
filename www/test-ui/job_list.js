// The job table: what waits, runs and ended, by filters that lie in the address.
import { fill, h, toast } from "/shared/dom.js";
import { get, post } from "/shared/api.js";
import { between, many, num, stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { actButton } from "./act.js";
import { attempts, jobSheet, moving } from "./job.js";
import { change, here } from "./place.js";
import { poll } from "./poll.js";
import { table } from "./table.js";

const STATES = ["", "scheduled", "available", "running", "blocked",
	"completed", "dead", "cancelled"];
const FILTERS = ["state", "queue", "kind", "since", "text", "batch"];

const COLUMNS = [
	{ label: "Kind", cell: (j) => j.kind },
	{ label: "State", cell: (j) => stateOf(j.state) },
	{ label: "Went wrong", cell: (j) => h("span", { class: "cut soft",
		title: j.error }, j.error ?? "–") },
	{ label: "Attempt", number: true, cell: attempts },
	{ label: "Queue", cell: (j) => j.queue },
	{ label: "Put", cell: (j) => when(j.created_at) },
	{ label: "Took", number: true, cell: (j) => j.started_at ?
		between(j.started_at, j.finished_at) : "–" },
	{ label: "Number", number: true, cell: (j) => h("span",
		{ class: "mono" }, String(j.id)) },
];

function label(state) {
	return state ? state[0].toUpperCase() + state.slice(1) : "All";
}

function filtersOf(params) {
	return Object.fromEntries(FILTERS.map((f) => [f, params[f]]));
}

function same(a, b) {
	return [...FILTERS, "after"].every((f) =>
		(a[f] ?? "") === (b[f] ?? ""));
}

export function jobList(params, ctx) {
	const filters = filterBar(ctx);
	const wrong = h("div");
	const dead = h("div");
	const none = h("p", { class: "empty", hidden: true }, "No such jobs.");
	const list = table({ label: "Jobs", columns: COLUMNS,
		keyOf: (j) => j.id,
		open: (j) => ctx.link({ ...here(), shop: ctx.query.shop,
			view: "jobs", job: j.id }),
		current: (j) => String(j.id) === here().job });
	const pager = h("div", { class: "pager" });
	const el = h("div", { class: "block" }, filters.el, dead, wrong,
	    list.el, none, pager);
	const sheet = jobSheet(ctx, () => poller.now());
	let at = params;

	const poller = poll(async () => {
		const { items, next } = await get("/api/jobs", { ...ctx.query,
			...filtersOf(at), after: at.after, limit: 50 });
		clearProblem(wrong);
		filters.saw(items);
		list.paint(items);
		none.hidden = items.length > 0;
		list.el.hidden = items.length === 0;
		fill(pager, at.after ? h("a", { href: ctx.link({
			view: "jobs", ...filtersOf(at) }) }, "Newest") : null,
		    next ? h("a", { href: ctx.link({ view: "jobs",
			...filtersOf(at), after: next }) }, "Older") : null);
		return items.some(moving);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	function moved(now) {
		const stays = same(at, now);
		at = now;
		filters.paint(now);
		sheet.show(now.job);
		if (stays)
			return;
		fill(dead, now.state === "dead" ? replayBar(now, ctx,
		    () => poller.now()) : null);
		list.wait(8);
		poller.now();
	}

	list.wait(8);
	moved(params);
	fill(dead, params.state === "dead" ? replayBar(params, ctx,
	    () => poller.now()) : null);
	return { el, moved, heard: poller.now,
		close() {
			poller.stop();
			sheet.show(null);
		} };
}

// ---- filters

function filterBar(ctx) {
	const tabs = h("nav", { class: "tabs", "aria-label": "States" });
	const queue = choice("queue", "All queues");
	const kind = choice("kind", "All kinds");
	const text = h("input", { class: "input", type: "search", name: "text",
		placeholder: "in the arguments", autocomplete: "off",
		onchange: () => set({ text: text.value || null }) });
	const el = h("div", { class: "block" }, tabs,
	    h("div", { class: "filters" },
		h("label", {}, "Kind", kind.el),
		h("label", {}, "Queue", queue.el),
		h("label", {}, "Text", text)));

	return { el,
		saw(items) {
			items.forEach((j) => {
				queue.offer(j.queue);
				kind.offer(j.kind);
			});
		},
		paint(now) {
			queue.show(now.queue);
			kind.show(now.kind);
			text.value = now.text ?? "";
			fill(tabs, STATES.map((state) => h("a", {
				href: ctx.link({ view: "jobs",
					...filtersOf(now), state }),
				"aria-current": (now.state ?? "") === state ?
				    "page" : null }, label(state))));
		} };
}

function set(changes) {
	change({ ...changes, after: null, job: null });
}

// A list of what was seen; an option is only added, it may be open.
function choice(name, all) {
	const known = new Set();
	const el = h("select", { class: "input", name,
		onchange: () => set({ [name]: el.value || null }) });

	function offer(value) {
		if (known.has(value))
			return;
		known.add(value);
		el.append(h("option", { value }, value || all));
	}

	offer("");
	return { el, offer,
		show(value) {
			offer(value ?? "");
			el.value = value ?? "";
		} };
}

// ---- dead letters: the count first

function replayBar(now, ctx, done) {
	const place = h("div");
	const said = h("div", { class: "buttons" });
	const body = { queue: now.queue, kind: now.kind, since: now.since,
		...ctx.query };
	const filtered = body.queue || body.kind || body.since || body.shop;

	function count() {
		return post("/api/jobs/replay", { ...body, dry_run: true });
	}

	function offer({ count: n }) {
		fill(said, h("span", {}, n ? `${many(n, "dead job")} would be ` +
		    "put once more." : "There is none to put once more."),
		    n ? actButton(`Put ${num(n)} once more`, { place,
			kind: "tiny main",
			go: () => post("/api/jobs/replay", { ...body,
				spread_s: n > 100 ? 300 : 0 }),
			done(reply) {
				fill(said);
				toast(`${many(reply.put, "job")} put.`);
				done();
			} }) : null);
	}

	return h("div", { class: "notice block" },
	    h("p", {}, filtered ? "These ended for good. They can be put " +
		"once more, each once." : "These ended for good. Choose a " +
		"kind or a queue to put them once more."),
	    filtered ? h("div", { class: "buttons" }, actButton(
		"Count them", { place, go: count, done: offer }), said) : null,
	    place);
}
