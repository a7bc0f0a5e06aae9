// The page inside Shopify's admin: shows how the shop stands. Every call carries
// a fresh session token of App Bridge's; there is no cookie here.
import { Problem } from "/shared/api.js";
import { fill, say } from "/shared/dom.js";
import { stateOf } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";

const PATIENCE_MS = 10000;
const problem = document.getElementById("problem");

// Shopify's script puts it there; nothing works without it, so that is said.
function bridge() {
	const found = window.shopify;
	if (typeof found?.idToken === "function")
		return found;
	throw new Problem(0, { title: "Shopify’s App Bridge is not here.",
		detail: "Its script did not load from cdn.shopify.com, or " +
		    "this page was opened outside Shopify’s admin. Open the " +
		    "app from the admin’s Apps." });
}

function inTime(promise, what) {
	return Promise.race([promise, new Promise((_, refuse) =>
		setTimeout(() => refuse(new Problem(0, { title: "No answer.",
			detail: `${what} did not answer within ` +
			    `${PATIENCE_MS / 1000} seconds.` })), PATIENCE_MS))]);
}

async function ask(method, path) {
	const token = await inTime(bridge().idToken(), "App Bridge");
	const reply = await inTime(fetch(path, { method, headers: {
		Authorization: `Bearer ${token}`,
		Accept: "application/json, application/problem+json" },
	credentials: "omit", cache: "no-store" }), "Stockroom");
	const data = await reply.json().catch(() => ({}));
	if (!reply.ok) {
		throw new Problem(reply.status, data.title ? data : {
			title: `Stockroom answered ${reply.status}.` },
		reply.headers.get("X-Request-Id"));
	}
	return data;
}

function place(name) {
	return document.querySelector(`[data-fact="${name}"]`);
}

function paint(session) {
	say(place("shop"), session.shop);
	fill(place("state"), stateOf(session.missing.length ?
	    "needs_authorization" : "installed"));
	say(place("granted"), session.scopes.join(", ") || "nothing");
	say(place("missing"), session.missing.join(", ") || "nothing");
}

/*
 * The token exchange first: after an install that Shopify managed it is what
 * gives us an access token; later it changes nothing.
 */
async function begin() {
	try {
		await ask("POST", "/api/auth/shopify/token");
		paint(await ask("GET", "/api/auth/session"));
		clearProblem(problem);
	} catch (error) {
		for (const el of document.querySelectorAll("[data-fact]"))
			say(el, "–");
		showProblem(problem, error, begin);
	}
}

begin();
