// A plot over time, by uPlot: lines or bars in the page's own colours, and the
// newest values in words for who does not see it.
import { fill, h, say } from "/shared/dom.js";

const HEIGHT = 180;
const HOUR = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit", minute: "2-digit",
});

let library;

function load() {
	library ??= new Promise((done, failed) => {
		document.head.append(h("link", { rel: "stylesheet",
			href: "/vendor/uPlot.min.css" }));
		document.head.append(h("script", { src:
			"/vendor/uPlot.iife.min.js", onload: () =>
			done(window.uPlot), onerror: () =>
			failed(new Error("the plots' library did not come"))
		}));
	});
	return library;
}

function ink(name) {
	return getComputedStyle(document.documentElement)
	    .getPropertyValue(name).trim();
}

// light-dark() is for the style sheet alone: a canvas wants the colour itself.
function colour(name) {
	const probe = h("i", { hidden: true });
	probe.style.color = `var(${name})`;
	document.body.append(probe);
	const out = getComputedStyle(probe).color;
	probe.remove();
	return out;
}

function hour(at) {
	return HOUR.format(at * 1000);
}

/*
 * {title, unit, series: [{label, ink, bars}]} -> {el, paint(times, lists),
 * close()}. `times` are epoch seconds; each list has a number or null for each.
 */
export function plot({ title, unit, series, words }) {
	const told = h("p", { class: "small soft" });
	const keys = h("ul", { class: "keys small soft" },
	    series.map((s) => h("li", {}, key(s), s.label)));
	const place = h("div", { class: "plot", role: "img" });
	const el = h("figure", { class: "block" },
	    h("figcaption", { class: "block-head" }, h("h2", {}, title), keys),
	    place, told);
	let drawn = null;
	let data = null;

	function key(s) {
		const dot = h("i", { "aria-hidden": "true" });
		dot.style.background = `var(${s.ink})`;
		return dot;
	}

	async function draw() {
		const Plot = await load();
		drawn?.destroy();
		drawn = new Plot(options(Plot), data, place);
	}

	function options(Plot) {
		const grid = { stroke: colour("--line"), width: 1 };
		const axis = { stroke: colour("--ink-3"), grid,
			ticks: { show: false }, font: `11px ${ink("--sans")}` };
		return {
			width: place.clientWidth || 320, height: HEIGHT,
			legend: { show: false }, cursor: { show: false },
			padding: [8, 8, 0, 0],
			scales: { y: { range: (u, low, high) =>
				[0, Math.max(high * 1.1, 1)] } },
			axes: [{ ...axis, space: 60, grid: { show: false },
				values: (u, list) => list.map(hour) },
				{ ...axis, size: 52, space: 40,
					values: (u, list) => list.map(unit) }],
			series: [{}, ...series.map((s) => line(Plot, s))],
		};
	}

	function line(Plot, s) {
		return { label: s.label, stroke: colour(s.ink),
			width: s.bars ? 0 : 1.5, points: { show: false },
			...(s.bars && { fill: colour(s.ink),
				paths: Plot.paths.bars({ size: [0.8, 12] }) }) };
	}

	const watch = new ResizeObserver(() => drawn?.setSize({
		width: place.clientWidth, height: HEIGHT }));
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const repaint = () => data && draw();
	watch.observe(place);
	dark.addEventListener("change", repaint);

	return {
		el,
		async paint(times, lists) {
			data = [times, ...lists];
			say(told, words(times, lists));
			place.setAttribute("aria-label",
			    `${title}: ${told.textContent}`);
			try {
				if (drawn)
					drawn.setData(data);
				else
					await draw();
			} catch (error) {
				fill(place, h("p", { class: "soft" },
				    error.message));
			}
		},
		close() {
			watch.disconnect();
			dark.removeEventListener("change", repaint);
			drawn?.destroy();
		},
	};
}
