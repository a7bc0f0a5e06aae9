// The way in: connect a shop through Shopify, or sign in with an API key.
import { fill, h, say } from "/shared/dom.js";
import { get, post } from "/shared/api.js";
import { field, form } from "/shared/form.js";
import { shortShop } from "/shared/format.js";
import { go, here, href } from "./place.js";
import { lastShop, session, signIn } from "./session.js";

const KEPT = [
	["Products", "with their variants"],
	["Orders", "with lines, transactions and refunds"],
	["Transactions", "by the day they were processed"],
	["Customers", "names and addresses sealed, one key each"],
];
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i;
const WHY = {
	ended: "Your session has ended. Connect the shop again or sign in " +
	    "with a key.",
};

export function open(params) {
	const main = h("main", { class: "entry-main", id: "main" });
	const forms = h("div", { class: "entry-forms" });
	const text = WHY[params.why];
	if (text)
		forms.append(h("p", { class: "notice", role: "status" }, text));
	forms.append(shopForm(), h("p", { class: "rule" }, "or"), keyForm());
	if (session()) {
		forms.append(h("p", {}, h("a", { href: href({}) },
		    "Back to where you were")));
	}
	main.append(forms);
	return { title: "Connect a shop", el: h("div", { class: "entry" },
	    side(), main) };
}

function side() {
	const mark = document.getElementById("mark").content.cloneNode(true);
	return h("header", { class: "entry-side" },
	    h("span", { class: "brand" }, mark, "Stockroom"),
	    h("div", { class: "say" },
		h("h1", { tabindex: "-1" },
		    "Your shop’s data, in tables of your own."),
		h("ul", { class: "shelves" }, KEPT.map(([what, how]) =>
		    h("li", {}, h("b", {}, what),
			h("span", { class: "soft" }, how))))),
	    h("p", { class: "small soft aside" },
		"Connecting asks Shopify for read access. Nothing in the " +
		"shop is changed. ", h("a", { href: "/docs/" },
		"API reference")));
}

// ---- through Shopify

function shopForm() {
	const shop = field({ label: "Shop domain", name: "shop",
		placeholder: "your-shop.myshopify.com", spellcheck: "false",
		autocapitalize: "none", inputmode: "url",
		hint: "The name that ends in .myshopify.com" });
	const others = h("datalist", { id: "sandbox-shops" });
	shop.input.setAttribute("list", others.id);
	const el = form({ label: "Connect a shop", button: "Connect",
		fields: [shop],
		parts: (go, place) => [h("h2", {}, "Connect a shop"), shop,
			others, place, go],
		send: () => post("/api/auth/shopify/connect",
		    { shop: shop.input.value.trim() }),
		done: leave });
	const name = () => say(el.button, SHOP.test(shop.input.value.trim()) ?
	    `Connect ${shortShop(shop.input.value.trim())}` : "Connect");
	shop.input.addEventListener("input", name);
	suggest(shop, others).then(name);
	return el;
}

// Shopify's own page takes over here; it sends the browser back to us.
async function leave({ authorize_url: url }) {
	location.assign(url);
	await new Promise(() => {});
}

// Where a sandbox runs, its shop is filled in: connecting takes one click.
async function suggest(shop, others) {
	const known = here().shop ?? lastShop();
	if (known)
		shop.input.value = known;
	try {
		const { items } = await get("/sandbox/shops");
		fill(others, items.map((s) => h("option", { value: s.domain },
		    s.name)));
		if (!shop.input.value && items.length) {
			shop.input.value = items[0].domain;
			shop.wrong("");
			say(shop.querySelector(".hint"),
			    `Filled in: the sandbox’s ${items[0].name}`);
		}
	} catch {
		// No sandbox here: the field stays as it is.
	}
}

// ---- with a key

function keyForm() {
	const key = field({ label: "API key", name: "key", type: "password",
		placeholder: "sk_…", spellcheck: "false",
		autocomplete: "current-password",
		hint: "One that may do everything; the operator’s, or a shop’s" });
	key.input.classList.add("mono");
	return form({ label: "Sign in with an API key", button: "Sign in",
		fields: [key],
		quiet: true,
		parts: (go, place) => [h("h2", {}, "Sign in with an API key"),
			key, place, go],
		send: () => signIn(key.input.value.trim()),
		done() {
			const { operator } = session();
			go({ view: operator ? "shops" : "shop" });
		} });
}
