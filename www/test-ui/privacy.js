// What the privacy law asked for, what was done, and who opened whose data.
import { h, toast } from "/shared/dom.js";
import { get, post, search } from "/shared/api.js";
import { field, form, select } from "/shared/form.js";
import { between, exact, num, size, stateOf, when } from "/shared/format.js";
import { clearProblem, showProblem } from "/shared/problem.js";
import { liveSheet } from "./live.js";
import { change, here } from "./place.js";
import { poll } from "./poll.js";
import { table } from "./table.js";

const KINDS = { data_request: "Tell what is kept", customer_redact:
	"Forget a customer", shop_redact: "Forget the shop" };

const REQUESTS = [
	{ label: "Request", cell: (r) => KINDS[r.kind] },
	{ label: "State", cell: (r) => stateOf(tone(r)) },
	{ label: "Shop", cell: (r) => r.shop ?? "forgotten" },
	{ label: "Customer", cell: (r) => r.customer ?? "–" },
	{ label: "By", cell: (r) => r.source },
	{ label: "Asked", cell: (r) => when(r.asked_at) },
	{ label: "Due", cell: (r) => when(r.due_at) },
	{ label: "Took", number: true, cell: (r) => r.done_at ?
		between(r.asked_at, r.done_at) : "–" },
];

const ACCESS = [
	{ label: "When", cell: (a) => exact(a.at) },
	{ label: "Who", cell: (a) => a.who },
	{ label: "Through", cell: (a) => h("code", {}, a.through) },
	{ label: "What", cell: (a) => a.what },
	{ label: "Persons", number: true, cell: (a) => num(a.subjects) },
	{ label: "Whose", cell: (a) => a.subject ?? "–" },
	{ label: "Shop", cell: (a) => a.shop ?? "–" },
];

// What waits is not a state of its own in the list of words.
function tone(r) {
	return r.state === "asked" ? "pending" : r.state === "void" ?
	    "ignored" : "completed";
}

export function open(params, ctx) {
	const wrong = h("div");
	const none = h("p", { class: "empty", hidden: true },
	    "Nobody has asked for anything yet.");
	const list = table({ label: "Requests", columns: REQUESTS,
		keyOf: (r) => r.id,
		open: (r) => ctx.link({ view: "privacy", request: r.id }),
		current: (r) => r.id === here().request });
	const seen = table({ label: "Who opened whose data", columns: ACCESS,
		keyOf: (a) => a.id });
	const el = h("div", { class: "page tight" },
	    h("div", { class: "page-head" }, h("div", {},
		h("h1", { tabindex: "-1" }, "Privacy"),
		h("p", { class: "lede" }, "What the law asks of those who " +
		    "keep other people’s data, by Shopify’s topics, and " +
		    "what was done."))),
	    h("div", { class: "block" }, wrong, list.el, none),
	    ctx.me.operator && ctx.domain ? drill(ctx, () => poller.now()) :
		null,
	    h("section", { class: "block" }, h("h2", {},
		"Who opened whose data"), seen.el));
	const sheet = requestSheet(ctx);

	const poller = poll(async () => {
		const [asked, access] = await Promise.all([
			get("/api/privacy", { ...ctx.query, limit: 50 }),
			get("/api/privacy/access", { ...ctx.query,
				limit: 20 })]);
		clearProblem(wrong);
		list.paint(asked.items);
		none.hidden = asked.items.length > 0;
		list.el.hidden = asked.items.length === 0;
		seen.paint(access.items);
		return asked.items.some((r) => r.state === "asked");
	}, (error) => ctx.failed(error) ||
	    showProblem(wrong, error, () => poller.now()));

	function move(now) {
		sheet.show(now.request);
		return true;
	}

	list.wait(1); // as high as the word that there is none
	seen.wait(1);
	move(params);
	return { title: "Privacy", el, moved: move, heard: poller.now,
		close() {
			poller.stop();
			sheet.show(null);
		} };
}

// ---- asking by hand: a merchant called, or it is a drill

function drill(ctx, done) {
	const kind = select({ label: "What", name: "kind" },
	    Object.entries(KINDS));
	const customer = field({ label: "Customer", name: "customer",
		inputmode: "numeric", hint: "Shopify’s number of the customer" });
	const el = form({ label: "Ask by hand", fields: [kind, customer],
		button: "Ask", quiet: true,
		send: (data) => post("/api/privacy", { kind: data.get("kind"),
			...(data.get("customer") && { customer:
				data.get("customer").trim() }), ...ctx.query }),
		done(r) {
			toast("It is being done.");
			change({ request: r.id });
			done();
		} });
	return h("section", { class: "block", "aria-label": "Ask by hand" },
	    h("h2", {}, "Ask by hand"),
	    h("p", { class: "soft" }, "As Shopify’s topics do. What is " +
		"forgotten does not come back, not from a backup either."),
	    h("div", { class: "narrow" }, el));
}

// ---- one request and its receipt

function requestSheet(ctx) {
	return liveSheet({ param: "request", path: (id) => `/api/privacy/${id}`,
		title: () => "Request", sub: (id) => id,
		titleOf: (r) => KINDS[r.kind], moves: (r) => r.state === "asked",
		body: (r) => body(r, ctx) }, ctx);
}

function body(r, ctx) {
	const facts = [["Asked", exact(r.asked_at)], ["By", r.source],
		["Due by", exact(r.due_at)],
		["Done", r.done_at ? exact(r.done_at) : "–"],
		["Shop", r.shop ?? "forgotten"],
		["Customer", r.customer ?? "–"],
		["Receipt of the shop", digest(r.shop_sha256)],
		["Receipt of the customer", digest(r.subject_sha256)]];
	return [
		h("p", { class: "buttons" }, stateOf(tone(r)),
		    r.reason ? h("b", {}, r.reason) : null),
		packages(r, ctx),
		h("dl", { class: "pairs" }, facts.map(([name, value]) => [
			h("dt", {}, name), h("dd", {}, value)])),
		counts(r.counts),
	];
}

function digest(text) {
	return text ? h("code", {}, text) : "–";
}

function packages(r, ctx) {
	if (r.package_bytes === null)
		return null;
	const to = (format) => `/api/privacy/${r.id}/package` +
	    search({ format, shop: ctx.query.shop ?? r.shop });
	return h("p", { class: "buttons" },
	    h("a", { class: "button", href: to("html"), download: "" },
		"Download as a page"),
	    h("a", { class: "button", href: to("json"), download: "" },
		`As JSON, ${size(r.package_bytes)}`));
}

function counts(all) {
	const list = Object.entries(all ?? {}).filter(([, n]) => n > 0);
	if (!list.length)
		return null;
	return h("section", { class: "block" }, h("h3", {}, "Rows emptied"),
	    h("dl", { class: "pairs" }, list.map(([name, n]) => [
		h("dt", {}, name), h("dd", {}, num(n))])));
}
