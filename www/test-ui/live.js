// The sheet of one thing over the API, painted again while it moves. Which one
// is open lies in the address.
import { get } from "/shared/api.js";
import { problemBox } from "/shared/problem.js";
import { change } from "./place.js";
import { poll } from "./poll.js";
import { openSheet } from "./sheet.js";

/*
 * {param: its name in the address, path(id), title(id), sub(id), body(thing,
 * again) -> nodes, titleOf(thing): a better title once it is known, moves(thing)}
 * -> {show(id or nothing), again()}.
 */
export function liveSheet(spec, ctx) {
	let sheet = null;
	let poller = null;
	let shown = null;

	function show(id) {
		if ((id ?? null) === shown)
			return;
		shown = id ?? null;
		poller?.stop();
		sheet?.close();
		sheet = null;
		if (!shown)
			return;
		sheet = openSheet({ title: spec.title(id), sub: spec.sub?.(id),
			onclose: () => change({ [spec.param]: null }) });
		follow(id, sheet);
	}

	function follow(id, mine) {
		let last = "";
		poller = poll(async () => {
			const thing = await get(
			    spec.path(encodeURIComponent(id)), ctx.query);
			const text = JSON.stringify(thing);
			if (text !== last) {
				if (spec.titleOf)
					mine.title(spec.titleOf(thing));
				mine.body(...spec.body(thing, again));
			}
			last = text;
			return spec.moves(thing);
		}, (error) => ctx.failed(error) || mine.body(problemBox(error)));
	}

	function again() {
		poller?.now();
	}

	return { show, again };
}
