// New rows at the top of a list that somebody may be reading. They come in at
// once, unless that would move what is read: then they wait, and a button says
// how many there are.
import { fill, h } from "/shared/dom.js";
import { many } from "/shared/format.js";

const STEADY_MS = 2000; // a pointer that rests as long points at nothing

/*
 * {list: of table.js, one: what a row is called}. Items have an `id` that sorts
 * by time. take(items) is given the newest page again and again, says how many
 * are new; begin() forgets what was there; el holds the button.
 */
export function arrivals({ list, one }) {
	const el = h("div", { class: "arrived", role: "status" });
	const pointer = watchPointer(list.el);
	let shown = null;
	let newest = [];

	function take(items) {
		const fresh = shown ? unseen(items, shown) : [];
		newest = items;
		if (shown && held(list.el, pointer)) {
			shown = again(items, shown);
			list.paint(shown);
			offer(fresh.length);
		} else {
			show(items, fresh);
		}
		return fresh.length;
	}

	function show(items, fresh) {
		shown = items;
		list.paint(items);
		for (const { id } of fresh) {
			list.el.querySelector(`tr[data-key="${id}"]`)
			    ?.classList.add("fresh");
		}
		fill(el, fresh.length ? h("span", { class: "sr" },
		    many(fresh.length, `new ${one}`)) : null);
	}

	function offer(n) {
		const text = n && many(n, `new ${one}`);
		if (!n)
			fill(el);
		else if (el.querySelector("button")?.textContent !== text) {
			fill(el, h("button", { class: "button main",
				type: "button", onclick: bring }, text));
		}
	}

	function bring() {
		window.scrollTo(0, 0);
		show(newest, unseen(newest, shown));
		list.el.focus({ preventScroll: true });
	}

	return {
		el, take,
		last: () => shown?.at(-1),
		begin() {
			shown = null;
			fill(el);
		},
	};
}

function unseen(items, shown) {
	const known = new Set(shown.map((item) => item.id));
	const oldest = shown.at(-1)?.id ?? "";
	return items.filter(({ id }) => id > oldest && !known.has(id));
}

// The same rows, with what is known of them now.
function again(items, shown) {
	const now = new Map(items.map((item) => [item.id, item]));
	return shown.map((item) => now.get(item.id) ?? item);
}

// ---- whether somebody looks at certain rows

function held(el, pointer) {
	const marked = getSelection();
	return !topSeen(el) || pointer.moving() ||
	    Boolean(el.querySelector("tbody :focus-visible")) ||
	    (!marked.isCollapsed && el.contains(marked.anchorNode));
}

// Not scrolled away, and nothing lies over it: a bar, an open sheet.
function topSeen(el) {
	const box = el.getBoundingClientRect();
	const there = document.elementFromPoint(box.left + 4, box.top + 4);
	return !box.height || el.contains(there);
}

function watchPointer(el) {
	let at = -Infinity;
	el.addEventListener("pointermove", (event) => {
		if (event.target.closest("tbody"))
			at = performance.now();
	});
	el.addEventListener("pointerleave", () => {
		at = -Infinity;
	});
	return { moving: () => performance.now() - at < STEADY_MS };
}
