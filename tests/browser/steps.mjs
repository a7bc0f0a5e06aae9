// What people do on the pages, step by step.
import assert from "node:assert/strict";

export const main = (page) => page.locator("main");
export const heading = (page, name) =>
	page.getByRole("heading", { level: 1, name });
export const button = (page, name) => page.getByRole("button", { name });
export const link = (page, name) =>
	page.getByRole("link", { name, exact: true });

export async function openHome(page, suite) {
	await page.goto(`${suite.STOCKROOM_URL}/test-ui/`);
	await heading(page, "in tables of your own").waitFor();
}

// The sandbox's page asks; where it accepts by itself there is nothing to do.
async function acceptAtShopify(page) {
	const accept = button(page, /accept|install/i);
	const home = page.locator(".rail");
	await accept.or(home).first().waitFor();
	if (await accept.isVisible())
		await accept.click();
}

// One click on what is filled in already.
export async function connect(page, suite) {
	await openHome(page, suite);
	const name = suite.SANDBOX_SHOP.replace(/\.myshopify\.com$/, "");
	await button(page, `Connect ${name}`).click();
	await acceptAtShopify(page);
	await page.locator(".facts").waitFor();
	await page.locator(".rail .state", { hasText: "installed" }).waitFor();
}

export async function view(page, name) {
	await page.getByRole("navigation", { name: "Views" })
	    .getByRole("link", { name, exact: true }).click();
	await heading(page, name).waitFor();
}

/*
 * Every value that the whole pull's bar takes, from now on, as it is painted:
 * page.evaluate("bars") gives the list.
 */
export async function watchBar(page) {
	await page.evaluate(() => {
		window.bars = [];
		new MutationObserver(() => {
			const now = document.querySelector(".whole .bar")
			    ?.getAttribute("aria-valuenow");
			if (now && window.bars.at(-1) !== Number(now))
				window.bars.push(Number(now));
		}).observe(document.body, { subtree: true, childList: true,
			attributes: true, attributeFilter: ["aria-valuenow"] });
	});
}

export async function startPull(page) {
	await view(page, "Pulls");
	await watchBar(page);
	await button(page, "Start pull").click();
	await page.locator("[data-part]").first().waitFor();
}

export async function endOfPull(page) {
	const state = page.locator(".page-head .state");
	await page.waitForFunction(() => ["completed", "failed", "cancelled"]
	    .includes(document.querySelector(".page-head .state")
		?.textContent), null, { timeout: 60000 });
	assert.equal(await state.textContent(), "completed",
	    await main(page).innerText());
}

// "512 of 512" as [512, 512]
export async function countOf(page, part) {
	const text = await page.locator(`[data-part="${part}"] .count`)
	    .textContent();
	return text.replaceAll(",", "").split(" of ").map(Number);
}

export async function signOut(page) {
	await button(page, "Sign out").first().click();
	await heading(page, "in tables of your own").waitFor();
}

export async function signInWithKey(page, suite, key) {
	await openHome(page, suite);
	await page.getByLabel("API key", { exact: true }).fill(key);
	await button(page, "Sign in").click();
}
