// How a failure looks: what happened, which field, and the request's id.
import { fill, h } from "./dom.js";
import { Problem, fieldSays } from "./api.js";

export function asProblem(error) {
	if (error instanceof Problem)
		return error;
	console.error(error);
	return new Problem(0, { title: "This page failed.",
		detail: `This page itself failed: ${error.message}. ` +
		    "Reloading it may help." });
}

// `retry` adds a button that tries again.
export function problemBox(error, retry) {
	const p = asProblem(error);
	const twice = p.title && p.title !== p.message;
	return h("div", { class: "problem", role: "alert" },
	    twice ? h("b", {}, p.title) : null,
	    h("p", {}, p.message, wait(p)),
	    fields(p),
	    p.requestId ? h("p", { class: "small" }, "Request ",
		h("code", {}, p.requestId)) : null,
	    retry ? h("div", {}, h("button", { class: "button tiny",
		type: "button", onclick: retry }, "Try again")) : null);
}

function wait(p) {
	return p.retryAfter ? ` Try again in ${p.retryAfter} s.` : "";
}

function fields(p) {
	if (!p.fields.length)
		return null;
	return h("ul", {}, p.fields.map((f) => h("li", {},
	    h("code", {}, f.field), " ", lower(fieldSays(f)))));
}

function lower(text) {
	return text[0].toLowerCase() + text.slice(1);
}

export function showProblem(place, error, retry) {
	fill(place, problemBox(error, retry));
}

export function clearProblem(place) {
	if (place.firstChild)
		fill(place);
}
