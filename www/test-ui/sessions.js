// Browser sessions of this shop (or the operator): listed, and ended.
import { fill, h, toast } from "/shared/dom.js";
import { drop, get } from "/shared/api.js";
import { when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { tell } from "./session.js";
import { table } from "./table.js";

export function sessionsBlock(ctx) {
	const wrong = h("div");
	const list = table({ label: "Sessions, listed", keyOf: (s) => s.id, columns: [
		{ label: "Browser", cell: browser },
		{ label: "Seen", cell: (s) => when(s.seen_at) },
		{ label: "Began", cell: (s) => when(s.created_at) },
		{ label: "Ends, if unused", cell: (s) => when(s.idle_until) },
		{ label: "Ends at last", cell: (s) => when(s.expires_at) },
		{ label: "End it", sr: true, number: true,
			cell: (s) => ender(s, end) },
	] });

	async function load() {
		try {
			const { items } = await get("/api/auth/sessions",
			    ctx.query);
			clearProblem(wrong);
			list.paint(items);
		} catch (error) {
			if (!ctx.failed(error))
				showProblem(wrong, error, load);
		}
	}

	async function end(s) {
		if (s.current)
			return ctx.leave();
		try {
			await drop(`/api/auth/sessions/${s.id}`, ctx.query);
			tell("session");
			toast("The session was ended.");
			load();
		} catch (error) {
			showProblem(wrong, error);
		}
	}

	list.wait(1);
	load();
	return h("section", { class: "block", "aria-label": "Sessions" },
	    h("h2", {}, "Sessions"), wrong, list.el);
}

function browser(s) {
	return h("span", {}, nameOf(s.agent ?? ""),
	    s.current ? h("span", { class: "faint" }, " · this one") : null,
	    s.operator ? h("span", { class: "faint" }, " · operator") : null);
}

const BROWSERS = [["Edg/", "Edge"], ["Firefox/", "Firefox"],
	["HeadlessChrome/", "Chrome, headless"], ["Chrome/", "Chrome"],
	["Safari/", "Safari"], ["curl/", "curl"]];
const SYSTEMS = [["Windows", "Windows"], ["iPhone", "iPhone"],
	["Android", "Android"], ["Mac OS", "macOS"], ["Linux", "Linux"]];

function nameOf(agent) {
	const first = (list) => list.find(([mark]) => agent.includes(mark))?.[1];
	const name = first(BROWSERS) ?? (agent.slice(0, 40) || "unknown");
	const system = first(SYSTEMS);
	return h("span", { title: agent }, system ? `${name} on ${system}` : name);
}

function ender(s, end) {
	return h("button", { class: "button tiny", type: "button",
		"data-session": s.id, onclick: () => end(s) },
	    s.current ? "Sign out" : "End");
}
