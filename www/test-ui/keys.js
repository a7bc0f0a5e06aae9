// API keys: listed, minted (the secret is seen once), revoked.
import { fill, h, toast } from "/shared/dom.js";
import { drop, get, post } from "/shared/api.js";
import { field, form } from "/shared/form.js";
import { stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { table } from "./table.js";

const SCOPES = ["shops:read", "pulls:read", "pulls:write", "jobs:read",
	"jobs:write", "webhooks:read", "privacy:read", "privacy:write", "keys:read",
	"keys:write", "sessions:read", "sessions:write", "metrics:read"];
const USUAL = ["shops:read", "pulls:read", "jobs:read"];

export function keysBlock(ctx) {
	const wrong = h("div");
	const shown = h("div", { "aria-live": "polite" });
	const list = table({ label: "API keys, listed", keyOf: (k) => k.id, columns: [
		{ label: "Label", cell: (k) => k.label },
		{ label: "Begins with", cell: (k) => h("code", {}, k.prefix) },
		{ label: "State", cell: (k) => stateOf(stateOfKey(k)) },
		{ label: "Last used", cell: (k) => k.last_used_at ?
			when(k.last_used_at) : "never" },
		{ label: "Lapses", cell: (k) => k.expires_at ?
			when(k.expires_at) : "never" },
		{ label: "May", cell: (k) => h("span", { class: "cut soft",
			title: k.scopes.join(", ") }, k.scopes.join(", ")) },
		{ label: "Revoke", sr: true, number: true,
			cell: (k) => k.revoked_at ? "" : revoker(k, revoke) },
	] });
	const none = h("p", { class: "empty", hidden: true },
	    "No key yet. A key lets a program of yours use the API.");

	async function load() {
		try {
			const { items } = await get("/api/auth/keys", ctx.query);
			clearProblem(wrong);
			none.hidden = items.length > 0;
			list.el.hidden = items.length === 0;
			list.paint(items);
		} catch (error) {
			if (!ctx.failed(error))
				showProblem(wrong, error, load);
		}
	}

	async function revoke(key) {
		try {
			await drop(`/api/auth/keys/${key.id}`, ctx.query);
			toast(`The key “${key.label}” no longer works.`);
			load();
		} catch (error) {
			showProblem(wrong, error);
		}
	}

	list.wait(1);
	load();
	return h("section", { class: "block", "aria-label": "API keys" },
	    h("h2", {}, "API keys"), wrong, list.el, none, shown,
	    mintForm(ctx, shown, load));
}

function stateOfKey(k) {
	if (k.revoked_at)
		return "revoked";
	return k.expires_at && new Date(k.expires_at) < new Date() ?
	    "expired" : "active";
}

function revoker(key, revoke) {
	return h("button", { class: "button tiny bad", type: "button",
		"aria-label": `Revoke ${key.label}`,
		onclick: () => revoke(key) }, "Revoke");
}

// ---- a new one

function mintForm(ctx, shown, load) {
	const label = field({ label: "Label", name: "label", maxlength: "80",
		hint: "What it is for, e.g. “nightly report”" });
	const days = field({ label: "Days until it lapses", name: "days",
		type: "number", min: "0", max: "3650", value: "90",
		hint: "0: never" });
	const el = form({ label: "Mint a key", button: "Mint a key",
		fields: [label, days],
		quiet: true,
		parts: (go, place) => [h("h3", {}, "Mint a key"),
			h("div", { class: "row" }, label, days),
			scopeChoices(), place, h("div", {}, go)],
		send: (data) => post("/api/auth/keys", {
			label: data.get("label").trim(),
			days: Number(data.get("days") || 0),
			scopes: data.getAll("scopes"), ...ctx.query }),
		done(key) {
			fill(shown, secretBox(key));
			label.input.value = "";
			load();
		} });
	el.classList.add("card");
	return el;
}

// "*" is everything, and alone: the others are then not sent.
function scopeChoices() {
	const others = SCOPES.map((scope) => check(h("code", {}, scope),
	    scope, USUAL.includes(scope)));
	const all = check("Everything, and sign a browser in", "*", false);
	all.addEventListener("change", () => {
		for (const label of others)
			label.firstChild.disabled = all.firstChild.checked;
	});
	return h("fieldset", {}, h("legend", { class: "legend" }, "It may"),
	    h("div", { class: "choices tight" }, others), all);
}

function check(name, value, checked) {
	return h("label", { class: "check" }, h("input", { type: "checkbox",
		name: "scopes", value, checked }), name);
}

function secretBox(key) {
	const copy = h("button", { class: "button tiny", type: "button",
		onclick: () => copyText(key.secret, copy) }, "Copy");
	return h("div", { class: "secret" },
	    h("b", {}, `The key “${key.label}”`),
	    h("div", {}, h("code", {}, key.secret), copy),
	    h("p", { class: "small soft" },
		"It is shown this once. Only its checksum is kept."));
}

async function copyText(text, button) {
	try {
		await navigator.clipboard.writeText(text);
		button.textContent = "Copied";
	} catch {
		button.textContent = "Select it and copy by hand";
	}
}
