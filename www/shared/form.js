// Forms: a field with its line of help, and sending that tells what is wrong
// beside the field it is wrong with.
import { fill, h, say, uid } from "./dom.js";
import { fieldSays } from "./api.js";
import { asProblem, showProblem } from "./problem.js";

// {label, name, hint, type, value, ...attributes} -> element; .input is in it.
export function field(spec) {
	const { label, name, hint = "", kind = "input", ...rest } = spec;
	const id = uid(name);
	const input = h(kind, { id, name, class: "input", autocomplete: "off",
		"aria-describedby": `${id}-hint`, ...rest });
	const line = h("p", { class: "hint", id: `${id}-hint` }, hint);
	const el = h("div", { class: "field" },
	    h("label", { for: id }, label), input, line);
	el.input = input;
	el.wrong = (text) => wrong(input, line, text || "", hint);
	input.addEventListener("input", () => el.wrong(""));
	return el;
}

function wrong(input, line, text, hint) {
	say(line, text || hint);
	line.classList.toggle("bad", Boolean(text));
	if (text)
		input.setAttribute("aria-invalid", "true");
	else
		input.removeAttribute("aria-invalid");
}

export function select(spec, options) {
	const el = field({ ...spec, kind: "select" });
	for (const [value, text] of options)
		el.input.append(h("option", { value }, text));
	el.input.value = spec.value ?? options[0]?.[0] ?? "";
	return el;
}

/*
 * A form that sends once at a time. `parts(button, place)` lays it out, without
 * it the fields stand one below the other; `place` is where a problem is shown.
 * `fields` are asked for what a Problem says of their names.
 */
export function form(spec) {
	const { fields = [], parts, button, quiet, send, done } = spec;
	const place = h("div", { class: "place" });
	const go = h("button", { class: quiet ? "button" : "button main",
		type: "submit" }, button);
	const el = h("form", { class: "form", novalidate: true,
		"aria-label": spec.label },
	    parts ? parts(go, place) : [fields, place, go]);
	el.button = go;
	el.addEventListener("submit", async (event) => {
		event.preventDefault();
		if (go.getAttribute("aria-busy") === "true")
			return;
		go.setAttribute("aria-busy", "true");
		fill(place);
		fields.forEach((f) => f.wrong(""));
		try {
			await done(await send(new FormData(el)));
		} catch (error) {
			point(asProblem(error), fields, place);
		} finally {
			go.removeAttribute("aria-busy");
		}
	});
	return el;
}

function point(problem, fields, place) {
	const told = [];
	let first;
	for (const f of fields) {
		const hit = problem.of(f.input.name);
		if (!hit)
			continue;
		const text = fieldSays(hit);
		f.wrong(text[0].toUpperCase() + text.slice(1));
		told.push(hit);
		first ??= f.input;
	}
	showProblem(place, problem, undefined, told);
	first?.focus();
}
