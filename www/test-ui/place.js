// Where we are, in the address: ?view=rows&shop=...&resource=orders. What can be
// linked to, reloaded or gone back to lies there and nowhere else.

let onMove = () => {};

export function here() {
	return Object.fromEntries(new URLSearchParams(location.search));
}

export function href(params) {
	const q = new URLSearchParams();
	for (const [key, value] of Object.entries(params)) {
		if (value !== undefined && value !== null && value !== "")
			q.set(key, value);
	}
	return `?${q}`;
}

// Goes there. `state` is kept with the entry: what only "back" needs to know.
export function go(params, { replace = false, state = {} } = {}) {
	const method = replace ? "replaceState" : "pushState";
	history[method](state, "", href(params));
	onMove();
}

// The same place with some things changed.
export function change(changes, options) {
	go({ ...here(), ...changes }, options);
}

// Calls fn on every move: back, forward, go(), or a click on one of our links.
export function watchPlace(fn) {
	onMove = fn;
	window.addEventListener("popstate", fn);
	document.addEventListener("click", follow);
}

function follow(event) {
	const link = event.target.closest("a[href^='?']");
	if (!link || event.defaultPrevented || event.button !== 0 ||
	    event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
		return;
	event.preventDefault();
	history.pushState(link.state ?? {}, "", link.getAttribute("href"));
	onMove();
}
