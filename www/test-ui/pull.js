// One pull, live: the whole, and a bar for each part of it.
import { everySecond, fill, h, say, sync } from "/shared/dom.js";
import { drop, get } from "/shared/api.js";
import { between, many, num, paintState, stateOf, when, words }
    from "/shared/format.js";
import { clearProblem, problemBox, showProblem } from "/shared/problem.js";
import { bar, paintBar } from "./bar.js";
import { poll } from "./poll.js";
import { isMoving } from "./pulls.js";
import { tell } from "./session.js";

export function openPull(params, ctx) {
	const wrong = h("div");
	const head = heading(params.pull, ctx, stop);
	const whole = wholeBlock();
	const parts = h("ul", { class: "parts" });
	const spoken = h("p", { class: "sr", role: "status" });
	const el = h("div", { class: "page" }, head.el, wrong, whole.el,
	    h("section", { class: "block", "aria-label": "Parts" },
		h("h2", {}, "By kind"), parts), spoken);
	const path = `/api/pulls/${encodeURIComponent(params.pull)}`;
	let last = "";

	const poller = poll(async () => {
		const pull = await get(path, ctx.query);
		clearProblem(wrong);
		paint(pull);
		return isMoving(pull.state);
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	function paint(pull) {
		head.paint(pull);
		whole.paint(pull);
		sync(parts, pull.parts, (p) => p.resource, makePart,
		    (part, p) => part.paint(p, pull));
		if (last !== pull.state)
			say(spoken, `The pull is ${words(pull.state)}.`);
		last = pull.state;
	}

	function makePart(p) {
		return partRow(p, (resource) => ctx.link({ view: "rows",
			pull: params.pull, resource }));
	}

	async function stop() {
		try {
			paint(await drop(path, ctx.query));
			tell("pull", { shop: ctx.domain });
		} catch (error) {
			if (!ctx.failed(error))
				showProblem(wrong, error);
		}
	}

	return { title: "Pull", el, close: poller.stop, heard: poller.now };
}

// The id of a pull, a UUIDv7, begins with the time in milliseconds: the title
// is there before the answer.
function bornAt(id) {
	const ms = parseInt(id.replaceAll("-", "").slice(0, 12), 16);
	return Number.isNaN(ms) ? null : ms;
}

function heading(id, ctx, stop) {
	const state = stateOf("");
	const asked = h("span", { class: "soft" }, "…");
	const title = h("h1", { tabindex: "-1" }, "Pull of ", when(bornAt(id)));
	const cancel = h("button", { class: "button bad", type: "button",
		onclick: stop }, "Cancel");
	const see = h("a", { class: "button main", href: ctx.link({
		view: "rows", pull: id }) }, "See the rows");
	const el = h("div", { class: "page-head" },
	    h("div", {},
		h("p", { class: "small" }, h("a", {
			href: ctx.link({ view: "pulls" }) }, "All pulls")),
		title,
		h("p", { class: "small faint" }, asked),
		h("p", { class: "small faint mono cut" }, id)),
	    h("div", { class: "buttons" }, state, cancel, see));
	cancel.hidden = true;
	return { el, paint(pull) {
		paintState(state, pull.state);
		cancel.hidden = !isMoving(pull.state);
		fill(asked, pull.since ? ["What changed since ",
			when(pull.since)] : "Everything");
	} };
}

function wholeBlock() {
	const figures = { done: h("span", { class: "big" }, "…"),
		of: h("span", { class: "soft" }),
		took: h("span", { class: "soft" }),
		cost: h("span", { class: "soft" }) };
	const line = bar("The whole pull");
	const error = h("div");
	let now = null;
	const clock = () => now && say(figures.took, took(now));
	const el = everySecond(h("section", { class: "whole",
		"aria-label": "The whole pull" },
	    h("div", { class: "figures" }, Object.values(figures)), line,
	    error), clock);
	return { el, paint(pull) {
		now = pull;
		const cost = pull.parts.reduce((n, p) =>
			n + (p.cost_points ?? 0), 0);
		say(figures.done, num(pull.done));
		say(figures.of, pull.total === null ? "records" :
		    `of ${num(pull.total)} records`);
		say(figures.cost, `${many(cost, "point")} of Shopify’s budget`);
		clock();
		paintBar(line, pull);
		if (pull.error && !error.firstChild)
			fill(error, problemBox({ message: pull.error }));
	} };
}

function took(pull) {
	if (!pull.started_at)
		return pull.state === "queued" ? "waiting to begin" : "";
	return between(pull.started_at, pull.finished_at);
}

// ---- one kind

function partRow(first, link) {
	const name = first.resource;
	const title = name[0].toUpperCase() + name.slice(1);
	const line = bar(title);
	const count = h("span", { class: "count" });
	const state = h("span");
	const more = h("p", { class: "more small faint" });
	const wrong = h("p", { class: "wrong small" });
	const el = h("li", { class: "part" },
	    h("a", { class: "name", href: link(name) }, title), line, count,
	    state, more, wrong);
	el.dataset.part = name;
	el.paint = (p) => {
		paintBar(line, p);
		paintState(state, p.state);
		say(count, p.total === null || p.total === undefined ?
		    num(p.done) : `${num(p.done)} of ${num(p.total)}`);
		sync(more, details(p), (d) => d[0], () => h("span"),
		    (span, d) => say(span, d[1]));
		say(wrong, p.error ?? "");
	};
	return el;
}

// What else is known of it, each with a name that lasts.
function details(p) {
	const out = Object.entries(p.children ?? {}).map(([kind, n]) =>
		[kind, many(n, words(kind).replace(/s$/, ""))]);
	if (p.pages)
		out.push(["pages", many(p.pages, "page")]);
	if (p.cost_points)
		out.push(["cost", many(p.cost_points, "point")]);
	if (p.started_at)
		out.push(["took", between(p.started_at, p.finished_at)]);
	return out;
}
