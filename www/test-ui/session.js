// Who is signed in, and the same answer in every tab. The cookie cannot be read
// from here, so a mark in localStorage says whether it is worth asking: a visitor
// without a session causes no refused call.
import { Problem, askWhile, dropAlone, forget, get, hush, post }
    from "/shared/api.js";

const MARK = "stockroom.signed-in";
const SHOP = "stockroom.shop"; // the last one, filled in next time
const NEWS = "stockroom.news";
const TAB = crypto.randomUUID();

let current = null;
const heard = new Set();
const listeners = new Set();
const channel = "BroadcastChannel" in window ?
    new BroadcastChannel("stockroom") : null;

export function session() {
	return current;
}

export function lastShop() {
	return localStorage.getItem(SHOP);
}

// Asks the server who we are. `sure` asks even without the mark.
export async function loadSession(sure) {
	if (!sure && !localStorage.getItem(MARK))
		return lose();
	try {
		return keep(await get("/api/auth/session"));
	} catch (error) {
		if (error instanceof Problem && error.status === 401)
			return lose();
		throw error;
	}
}

function keep(found) {
	current = found;
	localStorage.setItem(MARK, found.id ?? "yes");
	if (found.shop)
		localStorage.setItem(SHOP, found.shop);
	return current;
}

function lose() {
	current = null;
	localStorage.removeItem(MARK);
	forget();
	return null;
}

export async function signIn(key) {
	forget();
	keep(await post("/api/auth/session", { key }));
	tell("session");
}

/*
 * A session that is gone already is as good as one we ended. Nobody's call is
 * under way meanwhile: it would be refused.
 */
export async function signOut() {
	tell("leaving");
	hush();
	try {
		await dropAlone("/api/auth/session", (reply) => {
			if (reply.ok || reply.status === 401)
				lose();
		});
	} catch (error) {
		if (error.status !== 401) {
			tell("session");
			throw error;
		}
	}
	tell("session");
}

// The server said 401: this session is over.
export function endHere() {
	lose();
}

/*
 * Tells the other tabs: "leaving" (ask nothing more), "session" (look again who
 * you are), "pull" (one was begun or ended). Both ways carry the same news; a tab hears it once.
 */
export function tell(what, data = {}) {
	const news = { what, data, from: TAB, id: crypto.randomUUID() };
	channel?.postMessage(news);
	localStorage.setItem(NEWS, JSON.stringify(news));
}

export function onNews(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

function hear(news) {
	if (!news || news.from === TAB || heard.has(news.id))
		return;
	heard.add(news.id);
	for (const fn of [...listeners])
		fn(news.what, news.data);
}

// A tab that takes itself for signed in looks at the mark before each call.
askWhile(() => current === null || localStorage.getItem(MARK) !== null);

channel?.addEventListener("message", (event) => hear(event.data));
window.addEventListener("storage", (event) => {
	if (event.key === NEWS && event.newValue)
		hear(JSON.parse(event.newValue));
});
