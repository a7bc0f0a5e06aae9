// Numbers, money, times and spans as people read them.
import { h } from "./dom.js";

const NUMBERS = new Intl.NumberFormat("en");
const DAY = new Intl.DateTimeFormat("en-GB", {
	day: "numeric", month: "short", year: "numeric",
});
const MINUTE = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit", minute: "2-digit",
});
const SECOND = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit", minute: "2-digit", second: "2-digit",
});

export function num(n) {
	return n === null || n === undefined ? "–" : NUMBERS.format(n);
}

// "1 page", "2 pages"
export function many(n, one, more = `${one}s`) {
	return `${num(n)} ${n === 1 ? one : more}`;
}

// An exact decimal stays exact: it is cut and grouped as text.
export function decimal(amount) {
	const text = String(amount);
	const m = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	if (!m)
		return text;
	const whole = m[2].replace(/\B(?=(\d{3})+$)/g, ",");
	const part = (m[3] ?? "").replace(/0+$/, "").padEnd(2, "0");
	return `${m[1] ? "−" : ""}${whole}.${part}`;
}

export function money(amount, currency) {
	if (amount === null || amount === undefined)
		return h("span", { class: "faint" }, "–");
	return h("span", {}, decimal(amount),
	    currency ? h("span", { class: "unit" }, currency) : null);
}

export function day(text) {
	const at = new Date(text);
	return Number.isNaN(at.getTime()) ? String(text) : DAY.format(at);
}

// 24 Nov 2026, 23:16; the exact instant in its title.
export function when(text) {
	return timeOf(text, (at) => `${DAY.format(at)}, ${MINUTE.format(at)}`);
}

// 24 Nov 2026, 23:16:05
export function exact(text) {
	return timeOf(text, (at) => `${DAY.format(at)}, ${SECOND.format(at)}`);
}

// 23:16:05, and the day where it is not today.
export function clock(text) {
	return timeOf(text, (at) => DAY.format(at) === DAY.format(Date.now()) ?
	    SECOND.format(at) : `${DAY.format(at)}, ${SECOND.format(at)}`);
}

function timeOf(text, write) {
	if (!text)
		return h("span", { class: "faint" }, "–");
	const at = new Date(text);
	if (Number.isNaN(at.getTime()))
		return h("span", {}, String(text));
	return h("time", { datetime: at.toISOString(), title: at.toISOString() },
	    write(at));
}

// What has passed, from times of whole seconds: "under 1 s", "12 s",
// "3 min 05 s", "2 h 05 min".
function span(ms) {
	const s = Math.round(ms / 1000);
	if (!(s >= 1))
		return "under 1 s";
	if (s < 60)
		return `${s} s`;
	if (s < 3600)
		return `${Math.floor(s / 60)} min ${pad(s % 60)} s`;
	return `${Math.floor(s / 3600)} h ${pad(Math.floor(s / 60) % 60)} min`;
}

// What was measured in milliseconds: "38 ms", "1.2 s", then as above.
export function brief(ms) {
	if (ms < 1000)
		return `${Math.max(ms, 0)} ms`;
	return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

// "240 B", "6.1 kB"
export function size(bytes) {
	if (bytes < 1000)
		return `${bytes} B`;
	return bytes < 999500 ? `${cutTo(bytes / 1000)} kB` :
	    `${cutTo(bytes / 1e6)} MB`;
}

function cutTo(n) {
	return n < 9.95 ? n.toFixed(1) : String(Math.round(n));
}

export function between(from, to) {
	return span((to ? new Date(to) : new Date()) - new Date(from));
}

// What is left until then: "59:41", "7:59:41", "89 d 23 h"; null when over.
export function left(text) {
	const s = Math.floor((new Date(text) - Date.now()) / 1000);
	if (s <= 0)
		return null;
	if (s >= 86400)
		return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
	const hours = Math.floor(s / 3600);
	const rest = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
	return hours ? `${hours}:${rest}` : rest;
}

function pad(n) {
	return String(n).padStart(2, "0");
}

// "needs_authorization" -> "needs authorization"
export function words(name) {
	return String(name).replaceAll("_", " ").toLowerCase();
}

// demo-shop.myshopify.com -> demo-shop
export function shortShop(domain) {
	return domain.replace(/\.myshopify\.com$/, "");
}

const TONES = {
	applied: "good", completed: "good", installed: "good", ok: "good", success: "good",
	active: "good", paid: "good", granted: "good",
	unreadable: "bad", failed: "bad", dead: "bad", failure: "bad", error: "bad",
	missing: "bad", uninstalled: "bad", none: "bad",
	expired: "warn", needs_authorization: "warn", paused: "warn",
	kept: "warn", blocked: "warn", pending: "warn", partially_refunded: "warn",
	refunded: "warn", revoked: "bad",
	ignored: "idle", duplicate: "idle",
	running: "moving", queued: "idle", available: "idle",
	scheduled: "idle", cancelled: "idle", draft: "idle", archived: "idle",
};

// A state as a dot and its word.
export function stateOf(name) {
	const el = h("span", { class: "state" });
	return paintState(el, name);
}

export function paintState(el, name) {
	const key = String(name ?? "").toLowerCase();
	const cls = `state ${TONES[key] ?? ""}`.trim();
	if (el.className !== cls)
		el.className = cls;
	if (el.textContent !== words(key))
		el.textContent = words(key);
	return el;
}
