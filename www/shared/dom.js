// Elements from plain calls. Text enters by textContent only: no string here is
// ever read as HTML.

// h("a", { href, class, onclick, "aria-label", hidden }, "text", node, ...)
export function h(name, props, ...children) {
	const el = document.createElement(name);
	for (const [key, value] of Object.entries(props ?? {}))
		set(el, key, value);
	el.append(...kept(children));
	return el;
}

function set(el, key, value) {
	if (key.startsWith("on"))
		el.addEventListener(key.slice(2), value);
	else if (value === true)
		el.setAttribute(key, "");
	else if (value !== false && value !== null && value !== undefined)
		el.setAttribute(key, value);
}

function kept(children) {
	return children.flat(9).filter((c) => c !== null && c !== undefined &&
	    c !== false && c !== "");
}

// Changes text only where it differs, so that nothing is laid out for nothing.
export function say(el, text) {
	if (el.textContent !== text)
		el.textContent = text;
	return el;
}

export function fill(el, ...children) {
	el.replaceChildren(...kept(children));
	return el;
}

/*
 * Brings the children of `parent` in line with `items`. An item whose key was
 * there keeps its element, and with it the focus. make(item) gives an element,
 * paint(el, item) puts the item's values in.
 */
export function sync(parent, items, keyOf, make, paint) {
	const old = new Map();
	for (const el of [...parent.children])
		old.set(el.dataset.key, el);
	items.forEach((item, i) => {
		const key = String(keyOf(item));
		let el = old.get(key);
		if (!el) {
			el = make(item);
			el.dataset.key = key;
		}
		old.delete(key);
		paint(el, item);
		if (parent.children[i] !== el)
			parent.insertBefore(el, parent.children[i] ?? null);
	});
	for (const el of old.values())
		el.remove();
}

let count = 0;
export function uid(prefix) {
	count += 1;
	return `${prefix}-${count}`;
}

// Calls fn every second while `el` is in the page; once now.
export function everySecond(el, fn) {
	let seen = false;
	const timer = setInterval(() => {
		if (el.isConnected)
			fn();
		else if (seen)
			clearInterval(timer);
		seen ||= el.isConnected;
	}, 1000);
	fn();
	return el;
}

let toasts;
// A word that passes, read out politely.
export function toast(text) {
	toasts ??= document.querySelector(".toasts");
	const el = h("div", { class: "toast" }, text);
	toasts.append(el);
	setTimeout(() => el.remove(), 4000);
}
