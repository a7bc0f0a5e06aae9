// Queues: what waits in each, how fast it goes, pauses and caps.
import { fill, h, toast } from "/shared/dom.js";
import { get, patch } from "/shared/api.js";
import { brief, left, num, stateOf } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { actButton } from "./act.js";
import { plot } from "./plot.js";
import { poll } from "./poll.js";
import { table } from "./table.js";

const MINUTES = 60;

export function queues(params, ctx) {
	const wrong = h("div");
	const acted = h("div"); // what went wrong with a change stays
	const done = donePlot();
	const took = tookPlot();
	const list = table({ label: "Queues", keyOf: (q) => q.name,
		columns: columns(acted, () => poller.now()) });
	const el = h("div", { class: "block" }, wrong, acted, list.el,
	    h("div", { class: "plots" }, done.el, took.el));

	const poller = poll(async () => {
		const [{ items }, figures] = await Promise.all([
			get("/api/queues"),
			get("/api/queues/figures", { minutes: MINUTES })]);
		clearProblem(wrong);
		list.paint(items);
		paint(figures.items, done, took);
		return items.some((q) => q.running + q.available > 0);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	list.wait(6);
	return { el, heard: poller.now,
		close() {
			poller.stop();
			done.close();
			took.close();
		} };
}

function columns(place, again) {
	const save = (q, body) => patch(
	    `/api/queues/${encodeURIComponent(q.name)}`, body);
	return [
		{ label: "Queue", cell: (q) => h("b", {}, q.name) },
		{ label: "State", cell: (q) => stateOf(q.paused ? "paused" :
			q.running ? "running" : "idle") },
		{ label: "Could run", number: true, cell: (q) =>
			num(q.available) },
		{ label: "Running", number: true, cell: (q) =>
			num(q.running) },
		{ label: "Later", number: true, cell: (q) =>
			num(q.scheduled) },
		{ label: "Blocked", number: true, cell: (q) =>
			num(q.blocked) },
		{ label: "Oldest", number: true, cell: (q) => q.available ?
			brief(q.oldest_s * 1000) : "–" },
		{ label: "Most at once", number: true, cell: (q) =>
			cap(q, "max_running", save, place, again) },
		{ label: "Most a shop", number: true, cell: (q) =>
			cap(q, "max_running_per_shop", save, place, again) },
		{ label: "Rate", cell: rate },
		{ label: "Pause it", sr: true, number: true, cell: (q) =>
			actButton(q.paused ? "Resume" : "Pause", { place,
				go: () => save(q, { paused: !q.paused }),
				done() {
					toast(q.paused ? `${q.name} goes on.` :
					    `${q.name} is paused.`);
					again();
				} }) },
	];
}

// A number that is changed where it stands.
function cap(q, name, save, place, again) {
	const input = h("input", { class: "input cap", type: "number", min: 0,
		value: q[name], "aria-label": `${name.replaceAll("_", " ")} ` +
		    `of ${q.name}`, onchange: async () => {
			clearProblem(place);
			try {
				await save(q, { [name]: Number(input.value) });
				toast(`${q.name}: saved.`);
			} catch (error) {
				showProblem(place, error);
				input.value = q[name];
			}
			again();
		} });
	return input;
}

function rate(q) {
	if (!q.rate)
		return "–";
	return h("span", {}, `${q.rate.key}: ${num(q.rate.per_s)}/s`,
	    q.rate.hold_until ? h("span", { class: "faint" },
		` · held, ${left(q.rate.hold_until)}`) : null);
}

// ---- two plots

function donePlot() {
	return plot({ title: "Jobs a minute", unit: (n) => num(n),
		series: [{ label: "completed", ink: "--accent", bars: true },
			{ label: "to be tried again", ink: "--warn" },
			{ label: "dead", ink: "--bad" }],
		words: (times, [ok, again, dead]) => `${sum(ok)} completed, ` +
		    `${sum(again)} to be tried again, ${sum(dead)} dead in ` +
		    "the last hour." });
}

function tookPlot() {
	return plot({ title: "Waited and ran, on average",
		unit: (ms) => ms ? brief(ms) : "0",
		series: [{ label: "waited", ink: "--warn" },
			{ label: "ran", ink: "--accent" }],
		words: (times, [waited, ran]) => "At most a wait of " +
		    `${brief(Math.max(0, ...waited))} and a run of ` +
		    `${brief(Math.max(0, ...ran))} in a minute of the last ` +
		    "hour." });
}

function sum(list) {
	return num(list.reduce((a, b) => a + b, 0));
}

function paint(minutes, done, took) {
	const times = minutes.map((m) => Date.parse(m.at) / 1000);
	const of = (name) => minutes.map((m) => m[name]);
	done.paint(times, [of("completed"), of("retried"), of("dead")]);
	took.paint(times, [of("wait_ms"), of("run_ms")]);
}
