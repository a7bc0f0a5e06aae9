// One job, live while its sheet is open: what it does, why it does not run, and
// what can be done about it.
import { h, toast } from "/shared/dom.js";
import { post } from "/shared/api.js";
import { exact, many, num, stateOf, when } from "/shared/format.js";
import { actButton } from "./act.js";
import { jsonBlock } from "./json.js";
import { liveSheet } from "./live.js";
import { change } from "./place.js";
import { pairs } from "./record.js";

const LIVE = ["scheduled", "available", "running", "blocked"];

// A job that has ended does not say how often it might have been tried.
export function attempts(j) {
	return j.max_attempts === null ? num(j.attempt) :
	    `${num(j.attempt)} of ${num(j.max_attempts)}`;
}

export function moving(j) {
	return j.state === "running" || j.state === "available";
}

export function jobSheet(ctx, changed) {
	return liveSheet({ param: "job", path: (id) => `/api/jobs/${id}`,
		title: (id) => `Job ${id}`, moves: moving,
		body: (job, again) => body(job, acts(job, ctx, () => {
			again();
			changed();
		})) }, ctx);
}

// ---- what can be done

function acts(job, ctx, again) {
	const place = h("div");
	const to = (verb) => () => post(`/api/jobs/${job.id}/${verb}` +
	    (ctx.query.shop ? `?shop=${ctx.query.shop}` : ""), {});
	const list = [];
	if (LIVE.includes(job.state) && !job.cancel_at) {
		list.push(actButton("Cancel", { place, kind: "tiny bad",
			go: to("cancel"), done(reply) {
				toast(reply.became === "asked" ?
				    "It was asked to stop." : "Cancelled.");
				again();
			} }));
	}
	if (job.state === "scheduled" || job.state === "dead") {
		list.push(actButton(job.state === "dead" ? "Put once more" :
		    "Run now", { place, go: to("retry"), done(reply) {
			toast(reply.job === job.id ? "It is due now." :
			    `Job ${reply.job} does it.`);
			if (reply.job !== job.id)
				change({ job: reply.job });
			again();
		} }));
	}
	return [list.length ? h("div", { class: "buttons" }, list) : null,
		place];
}

// ---- what is known

function body(job, buttons) {
	return [
		h("p", { class: "buttons" }, stateOf(job.state),
		    h("b", {}, job.kind), h("span", { class: "soft" },
			job.queue)),
		...buttons,
		job.why ? h("p", { class: "notice" }, h("b", {},
		    "Not running: "), job.why.text, job.why.until ? [" until ",
			when(job.why.until)] : null) : null,
		job.error ? h("div", { class: "problem" }, h("b", {},
		    job.state === "dead" ? "Why it ended" :
			"What went wrong last"), h("p", {}, job.error)) : null,
		pairs(facts(job).filter(([, v]) => v && v !== "–")),
		block("What it was given", job.args),
		block("What it gave", job.result),
		kin("Waits for", job.parents),
		kin("Waits for it", job.children),
		timeline(job.timeline ?? []),
	];
}

function facts(job) {
	return [["attempts", attempts(job)], ["priority", job.priority],
		["due_at", job.run_at], ["created_at", job.created_at],
		["started_at", job.started_at],
		["finished_at", job.finished_at],
		["progress", progress(job.progress)],
		["asked_to_stop", job.cancel_at],
		["worker", holder(job.holder)], ["batch", job.batch],
		["trace", job.trace]];
}

function progress(p) {
	if (!p)
		return "–";
	const count = p.total ? `${num(p.done)} of ${num(p.total)}` :
	    num(p.done);
	return [count, p.note].filter(Boolean).join(" · ");
}

function holder(held) {
	return held ? `${held.worker}${held.alive ? "" : ", which is lost"}` :
	    "–";
}

function block(title, value) {
	if (value === null || value === undefined ||
	    !Object.keys(value).length)
		return null;
	return h("section", { class: "block" }, h("h3", {}, title),
	    jsonBlock(value, title));
}

function kin(title, list) {
	if (!list?.length)
		return null;
	return h("section", { class: "block" }, h("h3", {}, title),
	    h("ul", {}, list.map((j) => h("li", { class: "buttons" },
		stateOf(j.state), h("span", {}, j.kind),
		h("span", { class: "mono" }, j.id)))));
}

function timeline(list) {
	if (!list.length)
		return null;
	return h("section", { class: "block" },
	    h("h3", {}, `What happened, ${many(list.length, "event")}`),
	    h("ul", { class: "notes" }, list.map((e) => h("li", {},
		exact(e.at), h("span", {}, [e.what, e.text]
		    .filter(Boolean).join(": "))))));
}
