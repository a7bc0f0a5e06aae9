// A sheet from the side: one record, one job. Where it is open is in the
// address, so that it can be linked to and "back" closes it.
import { fill, h, say, uid } from "/shared/dom.js";

/*
 * {title, sub, body, onclose} -> {el, close, title, body}. onclose runs when the reader
 * closes it, not when close() does.
 */
export function openSheet({ title, sub, body, onclose }) {
	const id = uid("sheet");
	const place = h("div", { class: "sheet-body" }, body);
	const head = h("h2", { id, class: "cut" }, title);
	const el = h("dialog", { class: "sheet", "aria-labelledby": id },
	    h("div", { class: "sheet-head" },
		h("div", {}, head,
		    sub ? h("p", { class: "small faint" }, sub) : null),
		h("button", { class: "button tiny", type: "button",
		    onclick: () => byReader() }, "Close")),
	    place);
	let closing = false;

	function byReader() {
		close();
		onclose();
	}

	function close() {
		closing = true;
		el.close();
		el.remove();
	}

	el.addEventListener("cancel", (event) => {
		event.preventDefault();
		byReader();
	});
	el.addEventListener("click", (event) => {
		if (event.target === el && !closing)
			byReader();
	});
	document.body.append(el);
	el.showModal();
	el.scrollTop = 0;
	return { el, close, title: (text) => say(head, text),
		body: (...nodes) => fill(place, ...nodes) };
}
