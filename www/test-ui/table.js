// Tables that are painted again and again without losing place or focus.
import { h, sync } from "/shared/dom.js";

/*
 * columns: [{label, number, cell(row) -> node or text}]; the first cell of a
 * row that opens holds the link. Gives {el, wait(rows), paint(rows)}.
 */
export function table({ label, columns, keyOf, open, current }) {
	const head = h("tr", {}, columns.map((c) => h("th", { scope: "col",
		class: c.number ? "number" : null }, c.sr ?
		h("span", { class: "sr" }, c.label) : c.label)));
	const body = h("tbody");
	const el = h("div", { class: "scroll", role: "region", tabindex: "0",
		"aria-label": label },
	    h("table", {}, h("caption", { class: "sr" }, label),
		h("thead", {}, head), body));
	body.addEventListener("click", openRow);

	function cells(row) {
		return columns.map((c, i) => {
			const inner = c.cell(row) ?? "–";
			const link = i === 0 && open;
			return h("td", { class: c.number ? "number" : null },
			    link ? h("a", { href: open(row) }, inner) : inner);
		});
	}

	function paint(tr, row) {
		cells(row).forEach((fresh, i) => {
			const old = tr.children[i];
			if (!old)
				tr.append(fresh);
			else if (!old.isEqualNode(fresh))
				old.replaceWith(fresh);
		});
		if (current?.(row))
			tr.setAttribute("aria-current", "true");
		else
			tr.removeAttribute("aria-current");
	}

	return {
		el,
		wait(rows) {
			el.setAttribute("aria-busy", "true");
			sync(body, Array.from({ length: rows }, (_, i) => i),
			    (i) => `waiting ${i}`, () => h("tr",
				{ class: "waiting", "aria-hidden": "true" },
				columns.map(() => h("td"))), () => {});
		},
		paint(rows) {
			el.removeAttribute("aria-busy");
			sync(body, rows, keyOf,
			    () => h("tr", { class: open ? "opens" : null }),
			    paint);
		},
	};
}

// A click anywhere in a row follows its link; marking text does not.
function openRow(event) {
	const row = event.target.closest("tr.opens");
	if (!row || event.target.closest("a, button, input") ||
	    !getSelection().isCollapsed)
		return;
	row.querySelector("a")?.click();
}
