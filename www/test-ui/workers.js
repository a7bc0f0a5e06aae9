// The jobds, on whatever host, and the queries that take longest.
import { h } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { num, stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { poll } from "./poll.js";
import { table } from "./table.js";

const WORKERS = [
	{ label: "jobd", cell: (w) => h("b", {}, `${w.host} ${w.pid}`) },
	{ label: "State", cell: (w) => stateOf(!w.alive ? "dead" :
		w.running ? "running" : "idle") },
	{ label: "Jobs", number: true, cell: (w) => num(w.running) },
	{ label: "Children", cell: (w) => pools(w.pools) },
	{ label: "Last beat", cell: (w) => when(w.beat_at) },
	{ label: "Since", cell: (w) => when(w.started_at) },
	{ label: "Number", number: true, cell: (w) => h("span",
		{ class: "mono" }, w.id) },
];

const QUERIES = [
	{ label: "Query", cell: (q) => h("code", {}, q.query) },
	{ label: "Calls", number: true, cell: (q) => num(q.calls) },
	{ label: "Mean", number: true, cell: (q) => ms(q.mean_us) },
	{ label: "95 of 100 within", number: true, cell: (q) =>
		q.p95_us === null ? "over 30 s" : ms(q.p95_us) },
	{ label: "In all", number: true, cell: (q) => ms(q.total_ms * 1000) },
];

function ms(us) {
	return `${num(Math.round(us / 10) / 100)} ms`;
}

// {"sync": {"idle": 3, "busy": 1}} -> "sync: 3 idle, 1 busy"
function pools(all) {
	return Object.entries(all ?? {}).map(([pool, states]) => `${pool}: ` +
	    Object.entries(states).map(([state, n]) => `${n} ${state}`)
		.join(", ")).join("; ") || "–";
}

export function workers(params, ctx) {
	const wrong = h("div");
	const list = table({ label: "Workers", columns: WORKERS,
		keyOf: (w) => w.id });
	const slow = table({ label: "Slow and frequent queries",
		columns: QUERIES, keyOf: (q) => q.query });
	const el = h("div", { class: "block" }, wrong, list.el,
	    h("h2", {}, "Slow and frequent queries"),
	    h("p", { class: "small faint" }, "Of all programs on this host, " +
		"since they were started."), slow.el);

	const poller = poll(async () => {
		const [all, queries] = await Promise.all([get("/api/workers"),
			get("/api/queries", { order: "total", limit: 20 })]);
		clearProblem(wrong);
		list.paint(all.items);
		slow.paint(queries.items);
		return all.items.some((w) => w.running > 0);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	list.wait(1);
	slow.wait(8);
	return { el, heard: poller.now, close: poller.stop };
}
