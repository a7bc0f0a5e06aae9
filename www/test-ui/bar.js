// A progress bar: how much is done of how much, or that it is not known.
import { h } from "/shared/dom.js";

const TONES = { completed: "good", failed: "bad", cancelled: "idle" };

export function bar(label) {
	return h("div", { class: "bar", role: "progressbar",
		"aria-label": label, "aria-valuemin": "0",
		"aria-valuemax": "100" }, h("i"));
}

// {state, done, total}
export function paintBar(el, { state, done, total }) {
	const running = state === "running" || state === "queued";
	const unknown = state === "running" && (total === null ||
	    total === undefined);
	const part = state === "completed" ? 1 :
	    total ? Math.min(done / total, 1) : 0;
	el.className = `bar ${unknown ? "unknown" : TONES[state] ?? ""}` +
	    (el.classList.contains("in-table") ? " in-table" : "");
	el.firstChild.style.transform = unknown ? "" : `scaleX(${part})`;
	if (unknown && running)
		el.removeAttribute("aria-valuenow");
	else
		el.setAttribute("aria-valuenow", Math.round(part * 100));
	return el;
}
