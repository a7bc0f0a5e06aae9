// What only an operator does: steering the queue, answering the privacy law.
import assert from "node:assert/strict";
import { expectSaid, inspect } from "./browser.mjs";
import { button, connect, endOfPull, heading, link, signInWithKey, signOut,
	startPull, view } from "./steps.mjs";

const row = (page, text) => page.locator("tbody tr", { hasText: text });
const part = (page, name) => page.getByRole("navigation", { name: "Parts" })
    .getByRole("link", { name, exact: true });

export async function the_operator_steers_the_queue(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	await startPull(page);
	await endOfPull(page);
	await signOut(page);
	await signInWithKey(page, suite, suite.STOCKROOM_KEY);
	await view(page, "Jobs");
	await row(page, "pull_page").first().waitFor();
	await page.getByLabel("Kind").selectOption("pull_page");
	await row(page, "housekeeping").first()
	    .waitFor({ state: "detached" });
	assert.equal(new URL(page.url()).searchParams.get("kind"),
	    "pull_page");
	await row(page, "pull_page").first().click();
	await page.getByRole("dialog").getByText("started: attempt 1")
	    .waitFor();
	await page.keyboard.press("Escape");
	await link(page, "Dead").click();
	await button(page, "Count them").click();
	await page.getByText("There is none to put once more.").waitFor();
	await inspect(page, "jobs-dead");

	await part(page, "Queues").click();
	await row(page, "pulls").getByRole("button", { name: "Pause" }).click();
	await row(page, "pulls").getByText("paused").waitFor();
	await page.getByLabel("max running of pulls").fill("70000");
	await page.keyboard.press("Tab");
	await page.locator(".problem", { hasText: "max_running" }).waitFor();
	expectSaid(page, /status of 400/);
	await page.getByLabel("max running of pulls").fill("7");
	await page.keyboard.press("Tab");
	await page.locator(".toast", { hasText: "saved" }).first().waitFor();
	await page.locator(".plot canvas").first().waitFor();
	await inspect(page, "jobs-queues");
	await row(page, "pulls").getByRole("button", { name: "Resume" })
	    .click();
	await row(page, "pulls").getByText("idle").waitFor();

	await part(page, "Schedules").click();
	const spec = page.getByLabel("when subscriptions is due");
	await spec.fill("61 * * * *");
	await page.keyboard.press("Tab");
	await page.locator(".problem", { hasText: "spec" }).waitFor();
	expectSaid(page, /status of 400/);
	await row(page, "subscriptions").getByRole("button",
	    { name: "Run now" }).click();
	await row(page, "subscriptions").getByRole("link").waitFor();
	await inspect(page, "jobs-schedules");

	await part(page, "Workers").click();
	await row(page, "sync:").waitFor();
	await page.locator('[aria-label="Slow and frequent queries"] tbody code')
	    .first().waitFor();
	await inspect(page, "jobs-workers");
}

export async function a_customer_is_told_of_and_forgotten(b, suite) {
	const page = await b.open();
	await connect(page, suite);
	await startPull(page);
	await endOfPull(page);
	await view(page, "Rows");
	await page.getByRole("navigation", { name: "Tables" })
	    .getByRole("link", { name: "Customers", exact: true }).click();
	await page.locator("tbody tr.opens").first().click();
	await page.getByRole("dialog").locator(".pairs").first().waitFor();
	const id = new URL(page.url()).searchParams.get("id");
	await page.keyboard.press("Escape");
	await signOut(page);
	await signInWithKey(page, suite, suite.STOCKROOM_KEY);
	await heading(page, "Shops").waitFor();
	await page.goto(`${suite.STOCKROOM_URL}/test-ui/?view=privacy&shop=` +
	    suite.SANDBOX_SHOP);
	await row(page, "GET /api/pulls/:id/results").first().waitFor();
	await inspect(page, "privacy-none");

	await page.getByLabel("Customer", { exact: true }).fill(id);
	await button(page, "Ask").click();
	const sheet = page.getByRole("dialog");
	const [file] = await Promise.all([page.waitForEvent("download"),
		link(page, "Download as a page").click()]);
	assert.match(file.suggestedFilename(), /^customer-data-.*\.html$/);
	await inspect(page, "privacy-request");
	await page.keyboard.press("Escape");
	await row(page, "package").waitFor();

	await page.getByLabel("What", { exact: true })
	    .selectOption("customer_redact");
	await page.getByLabel("Customer", { exact: true }).fill(id);
	await button(page, "Ask").click();
	await sheet.getByText("Rows emptied").waitFor();
	await inspect(page, "privacy-receipt");
	assert.equal((await sheet.innerText()).includes(id), false);
}
