// Calls to our API. An answer is data; whatever else happens becomes a Problem
// that says it in words.

const PATIENCE_MS = 30000;

// What failed: RFC 9457's members, plus what the network itself did.
export class Problem extends Error {
	constructor(status, body, requestId) {
		super(body.detail || body.title || "Something went wrong.");
		this.status = status;
		this.code = body.code ?? "";
		this.title = body.title ?? "";
		this.fields = Array.isArray(body.errors) ? body.errors : [];
		this.requestId = body.request_id ?? requestId ?? "";
		this.retryAfter = 0;
	}

	// What was wrong with one field, or undefined: "resources[0]" is of
	// "resources".
	of(name) {
		return this.fields.find((f) => f.field === name ||
		    f.field.startsWith(`${name}[`) ||
		    f.field.startsWith(`${name}.`));
	}
}

// "must be a whole number from 1 to 50; got 99"
export function fieldSays(f) {
	const got = f.got === undefined || f.got === null || f.got === "" ?
	    "" : `; got “${f.got}”`;
	return `must be ${f.rule}${got}`;
}

const TURN = "stockroom.calls"; // every tab's calls, and the one that ends them

let alive = new AbortController();
let mayAsk = () => true;
const known = new Map(); // path -> {tag, data}: what a 304 stands for

// GET. With an ETag given before, an unchanged answer is the same object.
export function get(path, query) {
	return call("GET", path + search(query));
}

// `once` is an Idempotency-Key: the same key never does the work twice.
export function post(path, body, once) {
	return call("POST", path, body, once);
}

// Changes what is named in `body` and nothing else.
export function patch(path, body) {
	return call("PATCH", path, body);
}

export function drop(path, query) {
	return call("DELETE", path + search(query));
}

/*
 * DELETE while no tab of ours has a call under way and none begins one: those
 * that wait ask `mayAsk` when it is over. `then` sees the answer before they do.
 */
export function dropAlone(path, then) {
	return call("DELETE", path, undefined, undefined,
	    { mode: "exclusive", then });
}

// Says whether there still is anybody to ask for.
export function askWhile(fn) {
	mayAsk = fn;
}

export function search(query) {
	const q = new URLSearchParams();
	for (const [key, value] of Object.entries(query ?? {})) {
		if (value !== undefined && value !== null && value !== "")
			q.set(key, value);
	}
	const text = q.toString();
	return text && `?${text}`;
}

async function call(method, path, body, once, how = { mode: "shared" }) {
	const kept = method === "GET" ? known.get(path) : undefined;
	const reply = await send(method, path, body, {
		...(kept && { "If-None-Match": kept.tag }),
		...(once && { "Idempotency-Key": once }),
	}, how);
	if (reply.status === 304 && kept)
		return kept.data;
	if (reply.status === 204)
		return null;
	const data = await read(reply);
	if (!reply.ok)
		throw problemOf(reply, data);
	if (method === "GET")
		remember(path, reply.headers.get("ETag"), data);
	return data;
}

// A page that is not secure has no locks; it has but itself to wait for.
function turn(how, signal, fn) {
	if (!navigator.locks)
		return fn();
	return navigator.locks.request(TURN, { mode: how.mode, signal }, fn);
}

async function send(method, path, body, more, how) {
	const headers = { ...more,
		Accept: "application/json, application/problem+json" };
	const signal = AbortSignal.any([alive.signal,
		AbortSignal.timeout(PATIENCE_MS)]);
	if (body !== undefined)
		headers["Content-Type"] = "application/json";
	try {
		return await turn(how, signal, async () => {
			if (!mayAsk())
				throw new DOMException("gone", "AbortError");
			const reply = await fetch(path, {
				method, headers, signal,
				body: body === undefined ? undefined :
				    JSON.stringify(body),
				credentials: "same-origin",
				cache: "no-store",
			});
			how.then?.(reply);
			return reply;
		});
	} catch (error) {
		throw unreachable(error);
	}
}

function unreachable(error) {
	if (error.name === "AbortError") {
		return new Problem(0, { title: "Given up.", code: "hushed",
			detail: "The call was given up before its answer." });
	}
	if (error.name === "TimeoutError") {
		return new Problem(0, { title: "No answer.", code: "timeout",
			detail: "The server did not answer within " +
			    `${PATIENCE_MS / 1000} seconds. What was asked ` +
			    "may still happen." });
	}
	if (!navigator.onLine) {
		return new Problem(0, { title: "Offline.", code: "offline",
			detail: "This browser is offline. Nothing was sent; " +
			    "try again when the connection is back." });
	}
	return new Problem(0, { title: "Not reachable.", code: "offline",
		detail: "The server cannot be reached. It may be stopped, or " +
		    "the network between may be down." });
}

async function read(reply) {
	const text = await reply.text();
	try {
		return JSON.parse(text);
	} catch {
		if (reply.ok) {
			throw new Problem(reply.status, {
				title: "Not an answer we can read.",
				detail: "The server's answer is not JSON. " +
				    "Something else may stand at this address.",
			}, reply.headers.get("X-Request-Id"));
		}
		return {};
	}
}

function problemOf(reply, data) {
	const body = data.detail || data.title ? data : {
		title: `The server answered ${reply.status}.`,
		detail: `The server answered ${reply.status} ` +
		    `${reply.statusText} and gave no reason.`,
	};
	const problem = new Problem(reply.status, body,
	    reply.headers.get("X-Request-Id"));
	problem.retryAfter = Number(reply.headers.get("Retry-After")) || 0;
	return problem;
}

function remember(path, tag, data) {
	known.delete(path);
	if (!tag)
		return;
	known.set(path, { tag, data });
	if (known.size > 40)
		known.delete(known.keys().next().value);
}

// Nothing of one session may be shown to the next.
export function forget() {
	known.clear();
}

// Gives up every call that is under way: what it asks for is over.
export function hush() {
	alive.abort();
	alive = new AbortController();
}
