// The cases, each against a suite of its own; browser_test.sh names them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { appUrl, giveAppBridge } from "./admin.mjs";
import { doorOpen, send } from "./hooks.mjs";
import { expectSaid, inspect, jumped, watchJumps } from "./browser.mjs";
import { button, connect, countOf, endOfPull, heading, link, main, openHome,
	signInWithKey, signOut, startPull, view } from "./steps.mjs";

const TABLES = ["Products", "Variants", "Orders", "Lines", "Transactions",
	"Refunds", "Customers"];

async function truth(suite) {
	const name = suite.SANDBOX_SHOP;
	for (const shop of [name, name.replace(/\.myshopify\.com$/, "")]) {
		const reply = await fetch(
		    `${suite.SANDBOX_URL}/${shop}/api/truth`);
		if (reply.ok)
			return reply.json();
	}
	throw new Error("the sandbox does not say what it holds");
}

// ---- the main job

export async function one_click_connects_then_pulls_and_shows_rows(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	await startPull(page);
	await endOfPull(page);

	const between = (await page.evaluate("bars"))
	    .filter((v) => v > 0 && v < 100);
	assert.ok(new Set(between).size >= 2,
	    `the bar moved by ${between.join(", ")}`);

	const there = await truth(suite);
	for (const part of ["products", "orders", "customers"]) {
		assert.deepEqual(await countOf(page, part),
		    [there[part], there[part]], part);
	}

	await link(page, "See the rows").click();
	await heading(page, "Rows").waitFor();
	for (const name of TABLES) {
		await page.getByRole("navigation", { name: "Tables" })
		    .getByRole("link", { name, exact: true }).click();
		await page.locator(`[aria-label="Rows: ${name.toLowerCase()}"]` +
		    ":not([aria-busy]) tbody tr").first().waitFor();
	}
	await turnPages(page);
	await seeOneRecord(page);
}

async function turnPages(page) {
	const first = page.locator("tbody tr").first();
	await page.getByRole("navigation", { name: "Tables" })
	    .getByRole("link", { name: "Orders", exact: true }).click();
	await page.locator('[aria-label="Rows: orders"]:not([aria-busy])')
	    .waitFor();
	const before = await first.getAttribute("data-key");
	await button(page, "Next").click();
	await page.getByText("Page 2").waitFor();
	assert.notEqual(await first.getAttribute("data-key"), before);
	await page.goBack();
	await page.getByText("Page 1").waitFor();
	assert.equal(await first.getAttribute("data-key"), before);
}

async function seeOneRecord(page) {
	await page.getByRole("navigation", { name: "Tables" })
	    .getByRole("link", { name: "Customers", exact: true }).click();
	await page.locator('[aria-label="Rows: customers"]:not([aria-busy]) ' +
	    "tbody tr").first().click();
	const sheet = page.getByRole("dialog");
	await sheet.getByText("Personal data").waitFor();
	assert.match(await sheet.innerText(), /email\s+\S+@example\.com/i);
	assert.match(page.url(), /[?&]id=\d+/);
	await page.keyboard.press("Escape");
	await sheet.waitFor({ state: "hidden" });
	assert.doesNotMatch(page.url(), /[?&]id=/);
}

// ---- two tabs

export async function a_second_tab_follows(b, suite) {
	const one = await b.open();
	const two = await b.tab(one.context());
	await openHome(two, suite);

	await connect(one, suite);
	await two.locator(".facts").waitFor();
	await two.getByText("Signed in from another tab.").waitFor();

	await view(two, "Pulls");
	await startPull(one);
	await two.getByText("A pull was started in another tab.").waitFor();
	await two.locator("tbody tr.opens").waitFor();

	await signOut(one);
	await heading(two, "in tables of your own").waitFor();
	await two.getByText("Signed out from another tab.").waitFor();
}

// ---- the keyboard alone

// Tab until what has the focus is called so.
async function tabTo(page, name) {
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press("Tab");
		const now = await page.evaluate(() => {
			const el = document.activeElement;
			return el.getAttribute("aria-label") ??
			    (el.textContent || el.labels?.[0]?.textContent);
		});
		if (now?.trim() === name) {
			await assertSeen(page, name);
			return;
		}
	}
	assert.fail(`Tab does not lead to “${name}”`);
}

// What has the focus shows it.
async function assertSeen(page, name) {
	const seen = await page.evaluate(() => {
		const el = document.activeElement;
		const own = getComputedStyle(el);
		const up = getComputedStyle(el.parentElement);
		return [own, up].some((s) => s.outlineStyle !== "none" &&
		    parseFloat(s.outlineWidth) >= 1);
	});
	assert.ok(seen, `“${name}” has the focus and does not show it`);
}

export async function the_keyboard_alone_connects_and_pulls(b, suite) {
	const page = await b.open();
	const name = suite.SANDBOX_SHOP.replace(/\.myshopify\.com$/, "");
	await openHome(page, suite);
	await button(page, `Connect ${name}`).waitFor();
	await tabTo(page, `Connect ${name}`);
	await page.keyboard.press("Enter");
	await acceptByKeyboard(page);
	await page.locator(".facts").waitFor();

	await tabTo(page, "Pulls");
	await page.keyboard.press("Enter");
	await heading(page, "Pulls").waitFor();
	await tabTo(page, "Start pull");
	await page.keyboard.press("Enter");
	await endOfPull(page);

	await tabTo(page, "See the rows");
	await page.keyboard.press("Enter");
	const row = page.locator('[aria-label="Rows: products"]' +
	    ":not([aria-busy]) tbody tr a").first();
	await row.waitFor();
	await tabTo(page, (await row.textContent()).trim());
	await page.keyboard.press("Enter");
	await page.getByRole("dialog").locator(".pairs").waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "hidden" });
	assert.ok(await row.evaluate((el) => el === document.activeElement),
	    "the focus is back on the row");
}

async function acceptByKeyboard(page) {
	const accept = button(page, /accept|install/i);
	const home = page.locator(".rail");
	await accept.or(home).first().waitFor();
	if (await home.isVisible())
		return;
	await tabTo(page, (await accept.textContent()).trim());
	await page.keyboard.press("Enter");
}

// ---- failures

export async function every_failure_is_said_in_words(b, suite) {
	const page = await b.open();
	await openHome(page, suite);
	const field = page.getByLabel("Shop domain");
	await field.fill("not a shop");
	await button(page, "Connect").click();
	await page.locator('[aria-invalid="true"]').waitFor();
	assert.match(await page.locator(".hint.bad").innerText(),
	    /^Must be .*got “not a shop”/s);
	assert.match(await page.locator(".problem").innerText(),
	    /Request [0-9a-f-]{8,}/);
	assert.ok(await field.evaluate((el) => el === document.activeElement));
	expectSaid(page, /status of 400/);

	await page.getByLabel("API key", { exact: true }).fill("sk_nobody");
	await button(page, "Sign in").click();
	await page.locator(".problem").nth(1).waitFor();
	expectSaid(page, /status of 401/);

	await page.context().setOffline(true);
	await button(page, "Sign in").click();
	await page.getByText("This browser is offline.").waitFor();
	await page.context().setOffline(false);
	expectSaid(page, /ERR_INTERNET_DISCONNECTED/);

	await connect(page, suite);
	await view(page, "Pulls");
	for (const box of await page.getByRole("checkbox").all())
		await box.uncheck();
	await button(page, "Start pull").click();
	await page.locator("fieldset .hint.bad").waitFor();
	expectSaid(page, /status of 4\d\d/);

	await page.goto(`${suite.STOCKROOM_URL}/test-ui/?view=pulls&pull=` +
	    "01930000-0000-7000-8000-000000000000");
	await page.locator(".problem").waitFor();
	expectSaid(page, /status of 404/);

	await endElsewhere(page);
	await link(page, "Shop").click();
	await page.getByText("Your session has ended.").waitFor();
	expectSaid(page, /status of 401/);
	page.said = page.said.filter((text) => !/status of 401/.test(text));
}

// The session ends behind the page's back.
async function endElsewhere(page) {
	await page.evaluate(() => fetch("/api/auth/session",
	    { method: "DELETE", credentials: "same-origin" }));
}

// ---- keys, sessions, the operator

// Mints a key on the shop's page; gives its secret.
async function mint(page, label, everything) {
	const old = await page.locator(".secret code").allTextContents();
	await page.getByLabel("Label").fill(label);
	await page.getByLabel("Everything, and").setChecked(everything);
	await button(page, "Mint a key").click();
	await page.locator(".secret b", { hasText: label }).waitFor();
	const secret = await page.locator(".secret code").textContent();
	assert.match(secret, /^sk_\w{40,}$/);
	assert.ok(!old.includes(secret));
	return secret;
}

async function statusWith(suite, key) {
	const reply = await fetch(`${suite.STOCKROOM_URL}/api/pulls`,
	    { headers: { Authorization: `Bearer ${key}` } });
	return reply.status;
}

export async function a_key_is_shown_once_and_works_until_revoked(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	const small = await mint(page, "nightly report", false);
	const large = await mint(page, "second browser", true);
	await page.reload();
	await page.locator("tr", { hasText: "nightly report" }).waitFor();
	assert.doesNotMatch(await page.content(), new RegExp(`${small}|${large}`));
	assert.equal(await statusWith(suite, small), 200);

	const other = await b.open();
	await signInWithKey(other, suite, small);
	await other.locator(".problem").waitFor();
	expectSaid(other, /status of 403/);
	await signInWithKey(other, suite, large);
	await other.locator(".facts").waitFor();
	await signOut(other);

	for (const label of ["nightly report", "second browser"]) {
		await button(page, `Revoke ${label}`).click();
		await page.locator("tr", { hasText: label })
		    .getByText("revoked").waitFor();
	}
	assert.equal(await statusWith(suite, small), 401);
	await signInWithKey(other, suite, large);
	await other.locator(".problem").waitFor();
	expectSaid(other, /status of 401/);
}

export async function the_operator_picks_a_shop(b, suite) {
	const merchant = await b.open();
	await connect(merchant, suite);

	const page = await b.open();
	await signInWithKey(page, suite, suite.STOCKROOM_KEY);
	await heading(page, "Shops").waitFor();
	await page.locator("tbody tr.opens").first().click();
	await page.locator(".facts").waitFor();
	assert.equal(new URL(page.url()).searchParams.get("shop"),
	    suite.SANDBOX_SHOP);
	await startPull(page);
	await endOfPull(page);
	await page.goBack();
	await heading(page, "Pulls").waitFor();
	await page.locator("tbody tr.opens").waitFor();

	await view(page, "Preview");
	for (const kind of ["orders", "customers", "transactions", "products"]) {
		await page.getByLabel("Kind").selectOption(kind);
		await button(page, "Ask Shopify").click();
		await page.locator(`[aria-label="From Shopify: ${kind}"] ` +
		    "tbody tr.opens").first().waitFor();
	}
	assert.match(await main(page).innerText(), /Cost\s+\d+ points?/);
	await page.locator("tbody tr.opens").first().click();
	await page.getByRole("dialog").locator(".json").waitFor();
	await page.keyboard.press("Escape");

	await view(page, "Jobs");
	await page.locator("tbody tr.opens").first().click();
	await page.getByRole("dialog").locator(".pairs").waitFor();
	await page.goBack();
	await page.getByRole("dialog").waitFor({ state: "hidden" });
}

// ---- an install ends, and begins again

// In Shopify's admin.
async function uninstall(admin, suite) {
	await admin.goto(`${suite.SANDBOX_URL}/${suite.SANDBOX_SHOP}/admin`);
	await admin.getByText(/^Installed /).waitFor();
	await button(admin, "Uninstall").click();
	await admin.getByText("The app is not installed.").waitFor();
	assert.equal(await button(admin, "Uninstall").count(), 0);
}

// The key that was minted in this install, once the webhook has come.
async function untilDead(suite, key) {
	for (const end = Date.now() + 10000; Date.now() < end;) {
		if (await statusWith(suite, key) === 401)
			return;
		await new Promise((go) => setTimeout(go, 20));
	}
	assert.fail("a key outlives its install");
}

// What the operator sees of the shop.
async function shopIs(page, suite, status, token) {
	await page.goto(`${suite.STOCKROOM_URL}/test-ui/?view=shop&shop=` +
	    suite.SANDBOX_SHOP);
	const facts = page.locator(".facts");
	await facts.locator(".state", { hasText: new RegExp(`^${token}$`) })
	    .waitFor();
	assert.equal(await facts.locator(".state").first().textContent(),
	    status);
	assert.equal(await facts.locator(".state").nth(1).textContent(), token);
}

// Signed in, with a key; then taken off behind the page's back.
async function installAndUninstall(b, suite, operator) {
	const page = await b.open();
	await connect(page, suite);
	const key = await mint(page, "nightly report", false);
	assert.equal(await statusWith(suite, key), 200);
	await shopIs(operator, suite, "installed", "ok");

	const admin = await b.tab(page.context());
	await uninstall(admin, suite);
	await untilDead(suite, key);
	// Unless the page has asked by itself meanwhile.
	const ended = page.getByText("Your session has ended.");
	await link(page, "Pulls").or(ended).first().click();
	await ended.waitFor();
	expectSaid(page, /status of 401/);
	page.said = page.said.filter((text) => !/status of 401/.test(text));
	await shopIs(operator, suite, "uninstalled", "none");
	await page.reload();
	await heading(page, "in tables of your own").waitFor();
	return key;
}

export async function an_uninstall_acts_at_once_as_often_as_it_is_done(b,
    suite) {
	const operator = await b.open();
	await doorOpen(suite);
	await signInWithKey(operator, suite, suite.STOCKROOM_KEY);
	await heading(operator, "Shops").waitFor();

	const first = await installAndUninstall(b, suite, operator);
	const second = await installAndUninstall(b, suite, operator);
	assert.notEqual(first, second);
	for (const key of [first, second])
		assert.equal(await statusWith(suite, key), 401);
}

// ---- webhooks

const row = (page, text) => page.locator("tbody tr", { hasText: text });

// Sends one while the page is open and waits for it and its verdict.
async function sendAndSee(page, suite, hook, state, why) {
	const id = randomUUID();
	assert.equal(await send(suite, { id, ...hook }), 200);
	const there = row(page, id);
	await there.locator(".state", { hasText: new RegExp(`^${state}$`) })
	    .waitFor();
	const text = await there.innerText();
	for (const part of [hook.topic, why, suite.SANDBOX_SHOP])
		assert.ok(text.includes(part), `no “${part}” in ${text}`);
	return id;
}

export async function webhooks_appear_as_they_come(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	await view(page, "Webhooks");
	await page.getByText("No webhook has come yet.").waitFor();
	await page.locator(".toast").waitFor({ state: "detached" });
	assert.equal(await page.getByRole("link", { name: /^the admin of/ })
	    .getAttribute("href"), `/sandbox/${suite.SANDBOX_SHOP}/admin`);
	await inspect(page, "webhooks-empty");

	await doorOpen(suite);
	assert.equal(await send(suite, { topic: "orders/paid", body: { id: 1 },
		secret: "another" }), 401);
	const gone = { topic: "products/delete", body: { id: 99 } };
	await sendAndSee(page, suite, gone, "applied",
	    "its object is marked as gone");
	await sendAndSee(page, suite, gone, "duplicate",
	    "this body was applied before");
	await sendAndSee(page, suite, { topic: "orders/create", body: "{" },
	    "unreadable", "its body is no JSON");
	const last = await sendAndSee(page, suite, { topic: "themes/publish",
		body: { id: 1, note: "x".repeat(6000) } }, "ignored",
	    "no use for this topic");
	assert.match(await row(page, last).innerText(),
	    /\d\d:\d\d:\d\d\s.*\d m?s\s+6\.0 kB/s);
	assert.equal(await row(page, "orders/paid").count(), 0);
	assert.equal(await page.locator("tbody tr").first()
	    .getByText(last).count(), 1);
	await inspect(page, "webhooks");

	await filterWebhooks(page);
	await seeOneWebhook(page, suite, last);
	await whatIsReadStays(page, suite);
	await theOperatorSeesAll(b, suite);
}

// As many rows, and no more that are waited for.
async function rowsAre(page, n) {
	await page.waitForFunction((n) => document.querySelectorAll(
	    '[aria-label="Webhooks"]:not([aria-busy]) tbody tr').length === n,
	    n);
}

async function filterWebhooks(page) {
	const states = page.getByRole("navigation", { name: "States" });
	await link(states, "Duplicate").click();
	await rowsAre(page, 1);
	assert.match(page.url(), /[?&]state=duplicate/);
	await link(states, "All").click();
	await page.getByLabel("Topic").selectOption("products/delete");
	await rowsAre(page, 2);
	await link(states, "Applied").click();
	await rowsAre(page, 1);
	await page.reload();
	await rowsAre(page, 1);
	assert.equal(await row(page, "applied").count(), 1);
	assert.equal(await page.getByLabel("Topic").inputValue(),
	    "products/delete");
	await link(states, "Failed").click();
	await page.getByText("No such webhooks.").waitFor();
	await link(page, "Show all").click();
	await rowsAre(page, 4);
	const offered = await page.getByLabel("Topic").locator("option")
	    .allTextContents();
	for (const topic of topics())
		assert.ok(offered.includes(topic), topic);
}

// Every topic that we have a use for, from the table of them.
function topics() {
	const table = fs.readFileSync(new URL(
	    "../../lib/shopify/topics.def", import.meta.url), "utf8");
	return [...table.matchAll(/^TOPIC\("(.+?)"/gm)].map((m) => m[1]);
}

async function seeOneWebhook(page, suite, id) {
	await row(page, id).click();
	const sheet = page.getByRole("dialog");
	await sheet.locator(".pairs").waitFor();
	assert.match(page.url(), /[?&]webhook=[0-9a-f-]{36}/);
	const text = await sheet.innerText();
	for (const part of ["themes/publish", "ignored", id, "2026-10",
		"we have no use for this topic", suite.SANDBOX_SHOP])
		assert.ok(text.includes(part), `no “${part}” in ${text}`);
	await inspect(page, "webhook");
	await page.keyboard.press("Escape");
	await sheet.waitFor({ state: "hidden" });
	assert.doesNotMatch(page.url(), /[?&]webhook=/);
	await page.evaluate(() => document.activeElement.blur());
}

// More than fits is there: where the reader is, nothing moves.
async function whatIsReadStays(page, suite) {
	for (let i = 0; i < 40; i++) {
		assert.equal(await send(suite, { topic: "themes/update",
			body: { i } }), 200);
	}
	await rowsAre(page, 44);
	const read = page.locator("tbody tr").nth(30);
	const key = await read.getAttribute("data-key");
	await page.evaluate(() => window.scrollTo(0, 600));
	const before = await read.boundingBox();

	const offer = button(page, "1 new webhook");
	const id = randomUUID();
	assert.equal(await send(suite, { id, topic: "app/scopes_update",
		body: { id: 1 } }), 200);
	await offer.waitFor();
	assert.equal(await read.getAttribute("data-key"), key);
	assert.deepEqual(await read.boundingBox(), before);
	await inspect(page, "webhooks-new");
	await offer.click();
	await page.locator("tbody tr").first().getByText(id).waitFor();
	await offer.waitFor({ state: "detached" });
	assert.equal(await page.evaluate(() => window.scrollY), 0);

	// The keyboard is on a row: it stays there.
	await page.keyboard.press("Tab");
	const focused = row(page, id).locator("a:focus-visible");
	const there = await focused.boundingBox();
	assert.equal(await send(suite, { topic: "app/scopes_update",
		body: { id: 2 } }), 200);
	await offer.waitFor();
	assert.deepEqual(await focused.boundingBox(), there);
}

// Those of shops that we do not know, too; filtered, page by page.
async function theOperatorSeesAll(b, suite) {
	const page = await b.open();
	await signInWithKey(page, suite, suite.STOCKROOM_KEY);
	await view(page, "Webhooks");
	await row(page, "app/scopes_update").first().waitFor();
	for (let i = 0; i < 10; i++) {
		assert.equal(await send(suite, { topic: "themes/update",
			body: { more: i } }), 200);
	}
	assert.equal(await send(suite, { topic: "orders/create",
		body: { id: 1 }, domain: "stranger.myshopify.com" }), 200);
	await row(page, "stranger.myshopify.com")
	    .getByText("of a shop we do not know").waitFor();
	await row(page, "stranger.myshopify.com").click();
	await page.getByRole("dialog").getByText("no shop that we know")
	    .waitFor();
	await inspect(page, "webhook-stranger");
	await link(page, "All of orders/create").click();
	await page.getByRole("dialog").waitFor({ state: "hidden" });
	await row(page, "themes/update").first()
	    .waitFor({ state: "detached" });
	assert.equal(await page.getByLabel("Topic").inputValue(),
	    "orders/create");
	await page.getByLabel("Topic").selectOption("");
	await link(page, "Older").click();
	await page.locator("tbody tr", { hasText: "products/delete" }).first()
	    .waitFor();
	await link(page, "Newest").click();
	await row(page, "stranger.myshopify.com").waitFor();
	await inspect(page, "webhooks-operator");
}

// ---- how it looks, and whether all can use it

export async function every_view_fits_and_is_accessible(b, suite) {
	const page = await b.open();
	await openHome(page, suite);
	await button(page, /^Connect ./).waitFor();
	await inspect(page, "connect");

	await connect(page, suite);
	await page.locator(".toast").waitFor({ state: "hidden" });
	await page.getByLabel("Label").fill("nightly report");
	await button(page, "Mint a key").click();
	await page.locator(".secret").waitFor();
	await page.evaluate(() => window.scrollTo(0, 0));
	await inspect(page, "shop");
	await inspect(page, "shop-keys", button(page, "Mint a key"));

	await startPull(page);
	await inspect(page, "pull-running");
	await endOfPull(page);
	await inspect(page, "pull");
	await view(page, "Pulls");
	await page.locator("tbody tr.opens").waitFor();
	await inspect(page, "pulls");

	await view(page, "Rows");
	for (const name of TABLES) {
		await page.getByRole("navigation", { name: "Tables" })
		    .getByRole("link", { name, exact: true }).click();
		await page.locator(`[aria-label="Rows: ${name.toLowerCase()}"]` +
		    ":not([aria-busy]) tbody tr").first().waitFor();
		await inspect(page, `rows-${name.toLowerCase()}`);
	}
	await page.locator("tbody tr.opens").first().click();
	await page.getByRole("dialog").locator(".pairs").first().waitFor();
	await inspect(page, "record");
	await page.keyboard.press("Escape");

	await view(page, "Preview");
	await button(page, "Ask Shopify").click();
	await page.locator("tbody tr.opens").first().waitFor();
	await inspect(page, "preview");

	await view(page, "Jobs");
	await page.locator("tbody tr.opens").first().waitFor();
	await inspect(page, "jobs");
	await page.locator("tbody tr.opens").first().click();
	await page.getByRole("dialog").locator(".pairs").waitFor();
	await inspect(page, "job");
}

// Each view opened anew, with answers that take their time.
export async function nothing_jumps_while_a_page_fills(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	await startPull(page);
	await endOfPull(page);
	const pull = new URL(page.url()).searchParams.get("pull");
	await watchJumps(page);
	await page.route("**/api/**", async (route) => {
		await new Promise((go) => setTimeout(go, 250));
		await route.continue();
	});
	for (const [width, height] of [[1440, 900], [360, 740]]) {
		await page.setViewportSize({ width, height });
		for (const at of ["shop", "pulls", `pulls&pull=${pull}`,
			"rows&resource=orders", "preview", "webhooks",
			"jobs", "privacy"]) {
			await page.goto(`${suite.STOCKROOM_URL}/test-ui/` +
			    `?view=${at}`);
			await page.waitForLoadState("networkidle");
			const all = await jumped(page);
			const sum = all.reduce((n, [value]) => n + value, 0);
			assert.ok(sum < 0.02, `${at} at ${width}: ${sum} ` +
			    JSON.stringify(all));
		}
	}
}

// Every code that an answer may have, from the table that makes them.
function codes() {
	const table = fs.readFileSync(
	    new URL("../../lib/base/rc.c", import.meta.url), "utf8");
	return [...table.matchAll(/\[RC_\w+\] = \{ "(\w+)"/g)]
	    .map((m) => m[1]).filter((code) => code !== "ok");
}

export async function the_api_page_lists_every_call(b, suite) {
	const page = await b.open();
	await page.goto(`${suite.STOCKROOM_URL}/docs/`);
	await page.locator(".call").first().waitFor();
	const spec = await (await fetch(`${suite.STOCKROOM_URL}/openapi.json`))
	    .json();
	const calls = Object.values(spec.paths).flatMap((path) =>
		Object.keys(path));
	assert.equal(await page.locator(".call").count(), calls.length);
	await inspect(page, "api");

	await page.getByLabel("Find a call").fill("delete keys");
	assert.equal(await page.locator(".call:visible").count(), 1);
	await page.getByLabel("Find a call").fill("no such thing");
	await page.getByText("No call has that").waitFor();

	await page.goto(`${suite.STOCKROOM_URL}/docs/errors/#limited`);
	await page.locator("#limited").waitFor();
	for (const code of codes())
		assert.equal(await page.locator(`dt#${code}`).count(), 1, code);
	await inspect(page, "api-errors");
}

// ---- inside Shopify's admin

export async function the_embedded_page_installs_and_shows_the_shop(b, suite) {
	const page = await b.open();
	await giveAppBridge(page, suite);
	await page.goto(appUrl(suite));
	await page.locator('[data-fact="state"] .state').waitFor();
	assert.equal(await page.locator('[data-fact="state"]').textContent(),
	    "installed");
	assert.equal(await page.locator('[data-fact="shop"]').textContent(),
	    suite.SANDBOX_SHOP);
	await inspect(page, "embedded");

	const alone = await b.open();
	await alone.route("https://cdn.shopify.com/**", (route) =>
		route.abort());
	await alone.goto(appUrl(suite));
	await alone.getByText("Shopify’s App Bridge is not here.").waitFor();
	expectSaid(alone, /ERR_FAILED/);
}
