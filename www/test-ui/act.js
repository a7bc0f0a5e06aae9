// A button that does something over the API: once at a time, and what goes wrong
// is shown in its place.
import { h } from "/shared/dom.js";
import { clearProblem, showProblem } from "/shared/problem.js";

// `place` is where a problem is shown; `go` is called and then `done`.
export function actButton(label, { place, go, done, kind = "tiny" }) {
	const el = h("button", { class: `button ${kind}`, type: "button" },
	    label);
	el.addEventListener("click", async () => {
		if (el.getAttribute("aria-busy") === "true")
			return;
		el.setAttribute("aria-busy", "true");
		clearProblem(place);
		try {
			await done?.(await go());
		} catch (error) {
			showProblem(place, error);
		} finally {
			el.removeAttribute("aria-busy");
		}
	});
	return el;
}
