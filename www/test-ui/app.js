// The test pages: finds out who is here, draws the shell, opens the view that
// the address names.
import { fill, h, say, toast } from "/shared/dom.js";
import { get, hush } from "/shared/api.js";
import { paintState, shortShop } from "/shared/format.js";
import { problemBox } from "/shared/problem.js";
import { go, here, href, watchPlace } from "./place.js";
import { endHere, loadSession, onNews, session, signOut, tell }
    from "./session.js";
import * as connect from "./connect.js";
import * as shops from "./shops.js";
import * as shop from "./shop.js";
import * as pulls from "./pulls.js";
import * as rows from "./rows.js";
import * as preview from "./preview.js";
import * as webhooks from "./webhooks.js";
import * as jobs from "./jobs.js";
import * as privacy from "./privacy.js";

const VIEWS = { connect, shops, shop, pulls, rows, preview, webhooks, jobs,
	privacy };
const NAMES = { shops: "Shops", shop: "Shop", pulls: "Pulls", rows: "Rows",
	preview: "Preview", webhooks: "Webhooks", jobs: "Jobs",
	privacy: "Privacy" };
const OF_A_SHOP = ["shop", "pulls", "rows", "preview"];
const OF_ALL = ["webhooks", "jobs", "privacy"]; // the operator may see all shops' at once

const root = document.getElementById("app");
let shell; // {el, main, nav, name, state} while there is a session
let open; // {name, key, view} of what is shown

// ---- which view

function wanted() {
	const { view } = here();
	const me = session();
	if (!me || view === "connect")
		return "connect";
	if (!VIEWS[view])
		return me.operator && !here().shop ? "shops" : "shop";
	if (me.operator && OF_A_SHOP.includes(view) && !here().shop)
		return "shops";
	return view === "shops" && !me.operator ? "shop" : view;
}

// What every view is given: the shop it is about, and how to speak to it.
function context() {
	const me = session();
	const domain = me?.operator ? here().shop ?? null : me?.shop ?? null;
	return {
		me, domain,
		query: me?.operator && domain ? { shop: domain } : {},
		link: (params) => href({ shop: me?.operator ? domain : null,
			...params }),
		failed, leave,
	};
}

/*
 * Shows what the address asks for. A view that is open already may take the
 * change itself (a record opened, a page turned) and keep what it has.
 */
function show({ focus = true } = {}) {
	const name = wanted();
	const ctx = context();
	const key = `${name} ${ctx.domain} ${session()?.id}`;
	if (open?.key === key && open.view.moved?.(here(), ctx))
		return;
	open?.view.close?.();
	const view = VIEWS[name].open(here(), ctx);
	open = { name, key, view };
	document.title = `${view.title} · Stockroom`;
	if (session() && name !== "connect") {
		paintShell(name, ctx);
		fill(shell.main, view.el);
	} else {
		shell = null;
		fill(root, view.el);
	}
	window.scrollTo(0, 0);
	if (focus)
		root.querySelector("h1")?.focus({ preventScroll: true });
}

// A view's call failed: a session that is over leads to the way in.
function failed(error) {
	if (error.code === "hushed")
		return true;
	if (error.status !== 401)
		return false;
	endHere();
	tell("session");
	go({ view: "connect", why: "ended" }, { replace: true });
	return true;
}

// ---- the shell

function mark() {
	return document.getElementById("mark").content.cloneNode(true);
}

function paintShell(name, ctx) {
	shell ??= makeShell();
	const list = Object.keys(NAMES).filter((n) => OF_ALL.includes(n) ||
	    (n === "shops" ? ctx.me.operator : Boolean(ctx.domain)));
	fill(shell.nav, list.map((n) => h("a", { href: n === "shops" ?
		href({ view: n }) : ctx.link({ view: n }),
		"aria-current": n === name ? "page" : null }, NAMES[n])));
	shell.nav.querySelector("[aria-current]")?.scrollIntoView({
		block: "nearest", inline: "nearest" });
	say(shell.who, ctx.me.operator ? "Signed in as operator" :
	    `Signed in for ${shortShop(ctx.me.shop)}`);
	paintShop(ctx);
}

function makeShell() {
	const made = {
		nav: h("nav", { class: "nav", "aria-label": "Views" }),
		name: h("b", { class: "cut" }),
		state: h("span", { class: "state small soft" }),
		who: h("span", { class: "who small faint" }),
		main: h("main", { class: "content", id: "main", tabindex: "-1" }),
	};
	const out = h("button", { class: "button tiny", type: "button",
		onclick: leave }, "Sign out");
	made.el = h("div", { class: "shell" },
	    h("header", { class: "rail" },
		h("a", { class: "brand", href: "?", "aria-label": "Stockroom" },
		    mark(), h("span", {}, "Stockroom")),
		h("div", { class: "shop" }, made.name, made.state),
		made.nav,
		h("div", { class: "foot" }, made.who,
		    h("a", { class: "small", href: "/docs/" }, "API reference"),
		    out)),
	    made.main);
	fill(root, made.el);
	return made;
}

async function paintShop(ctx) {
	const mine = shell;
	say(mine.name, ctx.domain ? shortShop(ctx.domain) : "All shops");
	mine.state.hidden = !ctx.domain;
	if (!ctx.domain || mine.shown === ctx.domain)
		return;
	mine.shown = ctx.domain;
	try {
		const found = await get(
		    `/api/auth/shops/${encodeURIComponent(ctx.domain)}`);
		paintState(mine.state, found.status);
		mine.state.classList.add("small", "soft");
	} catch (error) {
		mine.shown = null;
		failed(error);
	}
}

// Nothing is asked any more; the next show() opens a view anew.
function still() {
	open?.view.close?.();
	open = null;
	hush();
}

async function leave() {
	try {
		still();
		await signOut();
		go({ view: "connect" });
		toast("Signed out.");
	} catch (error) {
		show();
		shell.main.prepend(problemBox(error, leave));
	}
}

// ---- the other tabs

async function news(what, data) {
	if (what === "pull")
		return otherPull(data);
	if (what === "leaving")
		return still();
	const before = session()?.id;
	const now = await loadSession().catch(() => session());
	if (now?.id === before) {
		if (!open)
			show();
		return;
	}
	toast(now ? "Signed in from another tab." :
	    "Signed out from another tab.");
	go(now ? { view: now.operator ? "shops" : "shop" } :
	    { view: "connect" }, { replace: true });
}

function otherPull(data) {
	if (data.shop && data.shop !== context().domain)
		return;
	open?.view.heard?.();
	if (data.begun)
		toast("A pull was started in another tab.");
}

// ---- begin

async function begin() {
	const back = here().connected;
	try {
		await loadSession(Boolean(back));
	} catch (error) {
		fill(root, h("main", { class: "content" },
		    problemBox(error, () => location.reload())));
		return;
	}
	if (back && session()) {
		const shop = session().operator ? back : null;
		history.replaceState({}, "", href({ view: "shop", shop }));
		tell("session");
		toast(`${shortShop(back)} is connected.`);
	}
	watchPlace(show);
	onNews(news);
	show({ focus: false });
}

begin();
