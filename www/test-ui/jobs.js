// Work in the background: the jobs, and for the operator the queues they wait
// in, the schedules that put them, and the jobds that run them.
import { fill, h } from "/shared/dom.js";
import { jobList } from "./job_list.js";
import { queues } from "./queues.js";
import { schedules } from "./schedules.js";
import { workers } from "./workers.js";

const PARTS = { jobs: ["Jobs", jobList], queues: ["Queues", queues],
	schedules: ["Schedules", schedules], workers: ["Workers", workers] };

function partOf(params, ctx) {
	return ctx.me.operator && PARTS[params.part] ? params.part : "jobs";
}

export function open(params, ctx) {
	const nav = h("nav", { class: "tabs", "aria-label": "Parts" });
	const place = h("div", { class: "block" });
	const el = h("div", { class: "page tight" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Jobs"),
		h("p", { class: "lede" }, ctx.domain ?
		    "Work done for this shop in the background." :
		    "Work done in the background, for all shops."))),
	    ctx.me.operator ? nav : null, place);
	let name = null;
	let part = null;

	function move(now) {
		const wanted = partOf(now, ctx);
		fill(nav, Object.entries(PARTS).map(([key, [label]]) => h("a", {
			href: ctx.link({ view: "jobs",
				part: key === "jobs" ? null : key }),
			"aria-current": key === wanted ? "page" : null },
		    label)));
		if (wanted !== name) {
			part?.close();
			name = wanted;
			part = PARTS[name][1](now, ctx);
			fill(place, part.el);
		} else {
			part.moved?.(now);
		}
		return true;
	}

	move(params);
	return { title: "Jobs", el, moved: move, heard: () => part.heard?.(),
		close: () => part.close() };
}
