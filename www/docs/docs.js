// The API page: /openapi.json laid out for reading, by program and path.
import { get } from "/shared/api.js";
import { fill, h } from "/shared/dom.js";
import { showProblem } from "/shared/problem.js";
import { rowsOf } from "./schema.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const CALLERS = {
	anyone: "anyone", id_token: "App Bridge token", shop_key: "shop’s key",
	operator_key: "operator’s key", shop_session: "shop’s session",
	operator_session: "operator’s session",
};
const PROGRAMS = {
	auth: "Install, sessions, keys", pulls: "Pulls and rows",
	ops: "Jobs, health, figures", webhooks: "Webhooks",
	events: "Pixel events", ai: "AI", "test-ui": "Test pages",
};

const places = { calls: document.getElementById("calls"),
	list: document.getElementById("list"),
	find: document.getElementById("find") };

// ---- reading

// [{method, path, op, program}] in the file's own order
function callsOf(spec) {
	const out = [];
	for (const [path, item] of Object.entries(spec.paths ?? {})) {
		for (const method of METHODS) {
			if (item[method]) {
				out.push({ method, path, op: item[method],
					program: item[method].tags?.[0] ?? "other",
				});
			}
		}
	}
	return out;
}

function byProgram(calls) {
	const groups = new Map();
	for (const call of calls) {
		if (!groups.has(call.program))
			groups.set(call.program, []);
		groups.get(call.program).push(call);
	}
	return [...groups];
}

// ---- one call

function drawCall(call, spec) {
	const { op, method, path } = call;
	const el = h("article", { class: "call", id: op.operationId,
		"data-find": findable(call) },
	    h("div", { class: "call-head" },
		h("span", { class: `verb ${method}` }, method.toUpperCase()),
		h("h3", {}, path)),
	    h("p", {}, op.summary ?? ""),
	    h("p", { class: "meta small" }, ...whoMay(op)),
	    parameters(op),
	    bodies(op, spec));
	return el;
}

function findable({ method, path, op }) {
	return [method, path, op.summary, op["x-scope"],
		...(op["x-callers"] ?? [])].join(" ").toLowerCase();
}

function whoMay(op) {
	const names = (op["x-callers"] ?? []).map((c) => CALLERS[c] ?? c);
	return [
		h("span", {}, names.length ? `For ${names.join(", ")}` : ""),
		op["x-scope"] ? h("span", {}, "a key needs ",
		    h("code", {}, op["x-scope"])) : null,
	];
}

function parameters(op) {
	const list = op.parameters ?? [];
	if (!list.length)
		return null;
	return table("Parameters", list.map((p) => ({
		name: p.in === "path" ? `{${p.name}}` : `?${p.name}=`,
		need: p.required, schema: p.schema,
		note: p.description ?? "" })));
}

function bodies(op, spec) {
	const out = [];
	for (const [type, { schema }] of Object.entries(
	    op.requestBody?.content ?? {}))
		out.push(block(`Body, ${type}`, schema, spec, true));
	for (const [status, reply] of Object.entries(op.responses ?? {})) {
		if (status !== "default")
			out.push(...answers(status, reply, spec));
	}
	return out;
}

function answers(status, reply, spec) {
	const kinds = Object.entries(reply.content ?? {});
	if (!kinds.length) {
		return [h("p", { class: "small soft" },
		    `Answers ${status} ${reply.description ?? ""}`)];
	}
	return kinds.map(([type, { schema }]) =>
		block(`Answers ${status}, ${type}`, schema, spec, false));
}

function block(title, schema, spec, open) {
	const rows = schema ? rowsOf(schema, spec) : [];
	if (!rows.length)
		return h("p", { class: "small soft" }, title);
	return h("details", { class: "schema", open },
	    h("summary", {}, title), table(title, rows));
}

function table(title, rows) {
	return h("div", { class: "scroll", tabindex: "0", role: "group",
		"aria-label": title },
	    h("table", {}, h("caption", { class: "sr" }, title),
		h("thead", {}, h("tr", {}, ["Name", "What it is", ""].map((t) =>
		    h("th", { scope: "col" }, t || h("span", { class: "sr" },
			"Note"))))),
		h("tbody", {}, rows.map((row) => h("tr", {},
		    h("td", {}, h("code", {}, row.name)),
		    h("td", {}, row.kind ?? rowsOf.kind(row.schema),
			row.need ? "" : h("span", { class: "faint" },
			    ", may be left out")),
		    h("td", { class: "soft" }, row.note ?? ""))))));
}

// ---- the page

function draw(spec) {
	const groups = byProgram(callsOf(spec));
	fill(places.calls, groups.map(([program, calls]) =>
		h("section", { class: "group", "data-program": program },
		    h("h2", {}, PROGRAMS[program] ?? program),
		    calls.map((call) => drawCall(call, spec)))),
	    h("p", { class: "empty", id: "none", hidden: true },
		"No call has that in its path, summary, callers or scope."));
	fill(places.list, groups.map(([program, calls]) => [
		h("h2", { "data-program": program },
		    PROGRAMS[program] ?? program),
		calls.map(({ op, method, path }) => h("a", {
			href: `#${op.operationId}`, "data-for": op.operationId },
		    h("span", { class: `verb ${method}` },
			method.toUpperCase()),
		    h("span", {}, path.replace(/^\/api/, "")))),
	]));
	if (location.hash)
		document.getElementById(location.hash.slice(1))
		    ?.scrollIntoView();
}

// Every word must be found somewhere in the call.
function find() {
	const wanted = places.find.value.toLowerCase().split(/\s+/);
	let shown = 0;
	for (const el of document.querySelectorAll(".call")) {
		const hit = wanted.every((w) => el.dataset.find.includes(w));
		el.hidden = !hit;
		document.querySelector(`[data-for="${el.id}"]`).hidden = !hit;
		shown += hit;
	}
	for (const group of document.querySelectorAll(".group")) {
		const any = group.querySelector(".call:not([hidden])");
		group.hidden = !any;
		places.list.querySelector(
		    `[data-program="${group.dataset.program}"]`).hidden = !any;
	}
	document.getElementById("none").hidden = shown > 0;
}

async function begin() {
	try {
		draw(await get("/openapi.json"));
		places.find.addEventListener("input", find);
		if (places.find.value)
			find();
	} catch (error) {
		showProblem(places.calls, error, begin);
	}
}

begin();
