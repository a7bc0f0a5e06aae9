// One webhook: what became of it, in words, and its sheet.
import { h } from "/shared/dom.js";
import { between, brief, exact, many, stateOf }
    from "/shared/format.js";
import { liveSheet } from "./live.js";

const MEANS = {
	kept: "It is on record and calls for an answer.",
	applied: "What it said was done.",
	ignored: "It is on record and changes nothing.",
	duplicate: "What it said was done before, and not a second time.",
	unreadable: "It was signed as it should be, but its body is not what " +
	    "its topic promises. It changes nothing.",
	failed: "Its job gave up; the body is still there.",
};

// Its job has not come to it yet.
export function waits(w) {
	return w.state === "kept" && !w.applied_at;
}

export function verdict(w) {
	const el = stateOf(w.state);
	if (waits(w))
		el.className = "state moving";
	return el;
}

export function reason(w) {
	return w.reason ?? (waits(w) ? "its job comes to it next" : "–");
}

export function took(w) {
	return w.applied_ms === null ? "–" : brief(w.applied_ms);
}

// ---- the sheet, live while it waits

export function webhookSheet(ctx) {
	return liveSheet({ param: "webhook", path: (id) => `/api/webhooks/${id}`,
		title: () => "…", sub: (id) => `webhook ${id}`,
		titleOf: (w) => w.topic, moves: waits,
		body: (w) => body(w, ctx) }, ctx);
}

function body(w, ctx) {
	const facts = [
		["Triggered at Shopify", exact(w.triggered_at)],
		["Received", then(w.received_at, w.triggered_at &&
		    `${between(w.triggered_at, w.received_at)} later`)],
		[w.state === "applied" ? "Applied" : "Decided",
			then(w.applied_at, `${took(w)} later`)],
		["Shop", shopOf(w)],
		["Size of its body", many(w.bytes, "byte")],
		["Delivery id", code(w.webhook_id)],
		["Event id", code(w.event_id)],
		["API version", w.api_version],
		["Trace", code(w.trace)],
	];
	return [
		h("div", { class: "block" },
		    h("p", { class: "buttons" }, verdict(w),
			h("b", {}, reason(w))),
		    h("p", { class: "soft" }, waits(w) ?
			"Its signature was right; it lies sealed until its " +
			"job opens it." : MEANS[w.state])),
		h("dl", { class: "pairs" }, facts.map(([name, value]) => [
			h("dt", {}, name), h("dd", {}, value || "–")])),
		h("p", { class: "small faint" }, "Its body is not shown: " +
		    "what is kept of it lies sealed in the database."),
		h("p", {}, h("a", { href: ctx.link({ view: "webhooks",
			topic: w.topic }) }, `All of ${w.topic}`)),
	];
}

function then(text, note) {
	return text ? h("span", {}, exact(text), note ?
	    h("span", { class: "faint" }, ` · ${whole(note)}`) : null) : "";
}

// Blanks where no line ends.
function whole(text) {
	return text.replaceAll(" ", "\u00a0");
}

function code(text) {
	return text ? h("code", {}, text) : "";
}

function shopOf(w) {
	return w.shop_id === "0" ? `${w.domain}, no shop that we know` :
	    w.domain;
}
