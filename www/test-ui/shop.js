// One shop: what was granted, how its token stands, who is signed in, and keys.
import { everySecond, fill, h, say } from "/shared/dom.js";
import { get } from "/shared/api.js";
import { day, left, shortShop, stateOf, when }
    from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { keysBlock } from "./keys.js";
import { poll } from "./poll.js";
import { sessionsBlock } from "./sessions.js";

const KINDS = {
	expiring: "expiring",
	non_expiring: "does not expire",
	client_credentials: "client credentials",
};

export function open(params, ctx) {
	const head = heading(ctx);
	const wrong = h("div");
	const facts = factsBlock();
	const scopes = scopesBlock();
	const el = h("div", { class: "page" }, head.el, wrong, facts.el,
	    scopes.el, sessionsBlock(ctx), keysBlock(ctx));
	const path = `/api/auth/shops/${encodeURIComponent(ctx.domain)}`;
	const poller = poll(async () => {
		const shop = await get(path);
		clearProblem(wrong);
		head.paint(shop);
		facts.paint(shop);
		scopes.paint(shop, ctx.me);
		return false;
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));
	return { title: shortShop(ctx.domain), el, close: poller.stop };
}

function heading(ctx) {
	const name = h("h1", { tabindex: "-1" }, shortShop(ctx.domain));
	const number = h("span", { class: "faint" });
	const el = h("div", { class: "page-head" },
	    h("div", {}, name, h("p", { class: "soft mono" }, ctx.domain,
		number)),
	    h("a", { class: "button main", href: ctx.link({ view: "pulls" }) },
		"Pull its data"));
	return { el, paint(shop) {
		if (shop.name)
			say(name, shop.name);
		say(number, ` · ${shop.shop_id}`);
	} };
}

// ---- facts: their places are there before their values

function factsBlock() {
	const values = {};
	const el = h("dl", { class: "facts four" }, Object.entries({
		status: "Status", installed: "Installed", plan: "Plan",
		money: "Currency, country", token: "Access token",
		kind: "Its kind", life: "It ends in",
		refresh: "Refreshable until",
	}).map(([key, label]) => {
		values[key] = h("dd", {}, "…");
		return h("div", {}, h("dt", {}, label), values[key]);
	}));
	let expires = null;
	everySecond(values.life, () => expires && countdown(values.life,
	    expires));
	return { el, paint(shop) {
		const token = shop.token ?? {};
		expires = token.expires_at;
		fill(values.status, stateOf(shop.status), shop.status_reason ?
		    h("p", { class: "small soft" }, shop.status_reason) : null);
		fill(values.token, stateOf(token.state ?? "none"));
		say(values.kind, KINDS[token.kind] ?? "–");
		if (expires)
			countdown(values.life, expires);
		else
			say(values.life, token.kind ? "never" : "–");
		say(values.refresh, token.refresh_expires_at ?
		    day(token.refresh_expires_at) : "–");
		say(values.plan, shop.plan || "–");
		say(values.money, [shop.currency, shop.country].filter(Boolean)
		    .join(", ") || "–");
		fill(values.installed, when(shop.installed_at));
	} };
}

function countdown(el, expires) {
	say(el, left(expires) ?? "ended; refreshed at the next call");
}

// ---- scopes

function scopesBlock() {
	const list = h("ul", { class: "scopes" },
	    Array.from({ length: 3 }, () => h("li", {}, "…")));
	const note = h("p", { class: "small faint" });
	const el = h("section", { class: "block", "aria-label": "Scopes" },
	    h("div", { class: "block-head" }, h("h2", {}, "What was granted"),
		note), list);
	return { el, paint(shop, me) {
		const missing = shop.missing ?? me.missing ?? [];
		const granted = shop.scopes ?? [];
		const all = [...new Set([...missing, ...granted])].sort();
		fill(list, all.map((scope) => h("li", {},
		    h("code", {}, scope),
		    stateOf(missing.includes(scope) ? "missing" : "granted"))));
		say(note, missing.length ?
		    "Not all that is needed was granted. Connect again to ask." :
		    "Everything that is needed was granted.");
	} };
}
