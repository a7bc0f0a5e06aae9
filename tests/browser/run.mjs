// node run.mjs CASE RUN_ENV: one case against the suite that RUN_ENV describes.
import { readSuite, withBrowser } from "./browser.mjs";
import * as usual from "./cases.mjs";
import * as operator from "./operator_cases.mjs";

const [name, file] = process.argv.slice(2);
const run = usual[name] ?? operator[name];
if (!run)
	throw new Error(`no case is called ${name}`);
const suite = readSuite(file);
await withBrowser((browser) => run(browser, suite));
