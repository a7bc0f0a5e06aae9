// JSON laid out for reading: indented, keys and values told apart.
import { h } from "/shared/dom.js";

const PIECE = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;
const PLAIN_OVER = 60000; // past it colours cost more than they help

export function jsonBlock(value, label) {
	const text = JSON.stringify(value, null, 2) ?? "null";
	const el = h("pre", { class: "json", tabindex: "0", role: "region",
		"aria-label": label });
	if (text.length > PLAIN_OVER)
		el.textContent = text;
	else
		el.append(...pieces(text));
	return el;
}

function pieces(text) {
	const out = [];
	let from = 0;
	for (const m of text.matchAll(PIECE)) {
		out.push(text.slice(from, m.index));
		const kind = m[2] ? "key" : m[1] ? "text" : "other";
		out.push(h("span", { class: kind }, m[1] ?? m[0]), m[2] ?? "");
		from = m.index + m[0].length;
	}
	out.push(text.slice(from));
	return out;
}
