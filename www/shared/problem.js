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

/*
 * `retry` adds a button that tries again; `told` are the fields' errors that are
 * shown elsewhere already, beside their fields.
 */
export function problemBox(error, retry, told = []) {
	const p = asProblem(error);
	const more = p.fields.filter((f) => !told.includes(f));
	const text = p.fields.length ? "" : sentence(p.message);
	return h("div", { class: "problem", role: "alert" },
	    p.title && p.title !== text ? h("b", {}, p.title) : null,
	    text || p.retryAfter ? h("p", {}, text, wait(p)) : null,
	    more.length ? h("ul", {}, more.map((f) => h("li", {},
		h("code", {}, f.field), ` ${fieldSays(f)}`))) : null,
	    p.requestId ? h("p", { class: "small" }, "Request ",
		h("code", {}, p.requestId)) : null,
	    retry ? h("div", {}, h("button", { class: "button tiny",
		type: "button", onclick: retry }, "Try again")) : null);
}

// A sentence of the log begins small; on a page it does not, names excepted.
function sentence(text) {
	return /^[a-z]+[ ,]/.test(text) ?
	    text[0].toUpperCase() + text.slice(1) : text;
}

function wait(p) {
	return p.retryAfter ? ` Try again in ${p.retryAfter} s.` : "";
}

export function showProblem(place, error, retry, told) {
	fill(place, problemBox(error, retry, told));
}

export function clearProblem(place) {
	if (place.firstChild)
		fill(place);
}
