// Schedules: what is put by the clock, and when next.
import { h, toast } from "/shared/dom.js";
import { get, patch, post } from "/shared/api.js";
import { stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { actButton } from "./act.js";
import { poll } from "./poll.js";
import { table } from "./table.js";

export function schedules(params, ctx) {
	const wrong = h("div");
	const acted = h("div"); // what went wrong with a change stays
	const list = table({ label: "Schedules", keyOf: (s) => s.name,
		columns: columns(ctx, acted, () => poller.now()) });
	const el = h("div", { class: "block" }, wrong, acted,
	    list.el,
	    h("p", { class: "small faint" }, "A time is five fields as " +
		"crontab has them (minute, hour, day, month, weekday), " +
		"@daily and its like, or “every 15m”."));

	const poller = poll(async () => {
		const { items } = await get("/api/schedules");
		clearProblem(wrong);
		// Nothing is painted over while somebody types.
		if (!list.el.querySelector("input:focus"))
			list.paint(items);
		return false;
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	list.wait(3);
	return { el, heard: poller.now, close: poller.stop };
}

function columns(ctx, place, again) {
	const at = (s) => `/api/schedules/${encodeURIComponent(s.name)}`;
	return [
		{ label: "Schedule", cell: (s) => h("b", {}, s.name) },
		{ label: "State", cell: (s) => stateOf(s.paused ? "paused" :
			"active") },
		{ label: "When", cell: (s) => spec(s, at, place, again) },
		{ label: "Zone", cell: (s) => s.tz },
		{ label: "Next", cell: (s) => s.paused ? "–" :
			when(s.next_at) },
		{ label: "Last", cell: (s) => s.fired_at ? when(s.fired_at) :
			"–" },
		{ label: "Puts", cell: (s) => s.job ? h("a", { href: ctx.link({
			view: "jobs", kind: s.kind, job: s.job }) }, s.kind) :
			s.kind },
		{ label: "Whose", cell: (s) => s.owner },
		{ label: "Do", sr: true, number: true, cell: (s) => h("span",
			{ class: "buttons" },
			actButton("Run now", { place, go: () =>
				post(`${at(s)}/run`, {}), done() {
				toast(`${s.name} was run.`);
				again();
			} }),
			actButton(s.paused ? "Resume" : "Pause", { place,
				go: () => patch(at(s), { paused: !s.paused }),
				done: again })) },
	];
}

function spec(s, at, place, again) {
	const input = h("input", { class: "input mono spec", value: s.spec,
		spellcheck: "false", "aria-label": `when ${s.name} is due`,
		disabled: s.owner === "file", onchange: async () => {
			clearProblem(place);
			try {
				await patch(at(s), { spec: input.value });
				toast(`${s.name}: saved.`);
			} catch (error) {
				showProblem(place, error);
				input.value = s.spec;
			}
			input.blur();
			again();
		} });
	return input;
}
