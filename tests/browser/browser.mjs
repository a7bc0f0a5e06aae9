// Debian's Chromium, driven by playwright-core, with what every case needs: the
// suite's addresses, console errors gathered, axe, widths, screenshots.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";

const BUILD = process.env.STOCKROOM_BUILD ?? "build";
const need = createRequire(
    `${fs.realpathSync(BUILD)}/npm/tests/browser/package.json`);
const { chromium } = need("playwright-core");
const AXE = fs.readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu",
	"--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];
const SHOTS = `${BUILD}/screenshots`;

export const WIDTHS = [[1440, 900], [360, 740]];
export const SCHEMES = ["light", "dark"];

// NAME=value lines of var/run.env
export function readSuite(path) {
	const pairs = fs.readFileSync(path, "utf8").split("\n")
	    .map((line) => /^([A-Z_]+)=(.*)$/.exec(line)).filter(Boolean)
	    .map((m) => [m[1], m[2].replace(/^'(.*)'$/, "$1")]);
	return Object.fromEntries(pairs);
}

/*
 * Runs fn with a browser of its own. `open(options)` gives a page in a new
 * context; what its console says in error is gathered in page.said, and a case
 * that expects such a line takes it out with expectSaid.
 */
export async function withBrowser(fn) {
	const browser = await chromium.launch({ args: FLAGS,
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
	const pages = [];

	async function tab(context) {
		const page = await context.newPage();
		page.setDefaultTimeout(30000);
		page.said = [];
		page.on("console", (m) => {
			if (m.type() === "error" || m.type() === "warning")
				page.said.push(m.text());
		});
		page.on("pageerror", (error) => page.said.push(error.stack));
		pages.push(page);
		return page;
	}

	async function open(options) {
		return tab(await browser.newContext({
			viewport: { width: 1440, height: 900 }, ...options }));
	}

	try {
		await fn({ open, tab });
		for (const page of pages)
			assert.deepEqual(page.said, [], "console errors");
	} catch (error) {
		await keep(pages);
		throw error;
	} finally {
		await browser.close();
	}
}

// What every page looked like when a case failed.
async function keep(pages) {
	for (const [i, page] of pages.entries()) {
		await shot(page, `failed-${process.argv[2]}-${i}`)
		    .catch(() => {});
		console.error(`${page.url()}\n${page.said.join("\n")}`);
	}
}

// One such line is there, and is thereby dealt with.
export function expectSaid(page, pattern) {
	const i = page.said.findIndex((text) => pattern.test(text));
	assert.notEqual(i, -1, `the console said no ${pattern}: ` +
	    page.said.join("; "));
	page.said.splice(i, 1);
}

export async function shot(page, name) {
	fs.mkdirSync(SHOTS, { recursive: true });
	await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

// What axe finds at fault, as lines.
async function axe(page) {
	const found = await page.evaluate(`${AXE}; axe.run().then((r) =>
	    r.violations.flatMap((v) => v.nodes.map((n) => v.id + " " +
		n.target + " " + n.failureSummary)))`);
	return found;
}

// By how many pixels the page is too wide.
async function overhang(page) {
	return page.evaluate(() => document.documentElement.scrollWidth -
	    document.documentElement.clientWidth);
}

/*
 * How far things jumped since the page began, by Chromium's own measure: the
 * part of the window that moved, times how far. What an input causes is free.
 */
export async function watchJumps(page) {
	await page.addInitScript(() => {
		window.jumps = [];
		new PerformanceObserver((list) => {
			for (const e of list.getEntries()) {
				if (!e.hadRecentInput)
					window.jumps.push([e.value,
						...e.sources.map((s) => s.node
						    ?.className)]);
			}
		}).observe({ type: "layout-shift", buffered: true });
	});
}

export async function jumped(page) {
	return page.evaluate(() => window.jumps);
}

// The new scheme and width are on the screen.
async function painted(page) {
	await page.evaluate(() => new Promise((done) =>
		requestAnimationFrame(() => requestAnimationFrame(done))));
}

/*
 * Looks at what is open in both widths and both schemes: axe finds nothing, the
 * page does not scroll sideways, and a screenshot is kept; of the part that holds
 * `focus`, where it is given.
 */
export async function inspect(page, name, focus) {
	const before = page.viewportSize();
	for (const [width, height] of WIDTHS) {
		await page.setViewportSize({ width, height });
		for (const colorScheme of SCHEMES) {
			await page.emulateMedia({ colorScheme,
				reducedMotion: "reduce" });
			await focus?.scrollIntoViewIfNeeded();
			await painted(page);
			const at = `${name}-${width}-${colorScheme}`;
			await shot(page, at);
			assert.deepEqual(await axe(page), [], at);
			assert.ok(await overhang(page) <= 0,
			    `${at} scrolls sideways`);
		}
	}
	await page.setViewportSize(before);
	await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
