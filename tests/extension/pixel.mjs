// node pixel.mjs CASE SOURCE: the pixel's own source, in a context that has what
// Shopify's worker gives it and nothing else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import vm from "node:vm";

const [name, source] = process.argv.slice(2);
const code = await readFile(source, "utf8");

// A visit: what the pixel subscribed to, what it sent, the time by hand.
function visit({ allowed = true, fails = 0 } = {}) {
	const subscribers = new Map();
	const v = { sent: [], fails, timers: [] };
	let consentChanged;
	const privacy = { analyticsProcessingAllowed: allowed,
		marketingAllowed: false, preferencesProcessingAllowed: false,
		saleOfDataAllowed: false };
	vm.runInNewContext(code, {
		TextEncoder, clearTimeout: (id) => { delete v.timers[id - 1]; },
		setTimeout: (fn) => v.timers.push(fn),
		fetch: async (url, options) => {
			if (v.fails > 0) {
				v.fails -= 1;
				throw new TypeError("no network");
			}
			v.sent.push({ url, ...options,
				said: JSON.parse(options.body) });
		},
		shopify: { extend(point, run) {
			assert.equal(point, "WebPixel::Render");
			run({
				settings: { accountID: "acc",
					endpoint: "https://app.test/events" },
				init: { customerPrivacy: privacy, data: { shop: {
					myshopifyDomain: "a.myshopify.com" } } },
				analytics: { subscribe: (n, fn) =>
					subscribers.set(n, fn) },
				customerPrivacy: { subscribe: (n, fn) => {
					assert.equal(n,
					    "visitorConsentCollected");
					consentChanged = fn;
				} },
			});
		} },
	});
	v.subscribers = subscribers;
	v.happens = (event, data = {}) => subscribers.get(event)({
		id: `e${Math.random()}`, name: event, clientId: "c", seq: 1,
		timestamp: "2026-11-24T10:00:00.000Z", type: "standard",
		context: {}, data });
	v.later = async () => {
		const due = v.timers;
		v.timers = [];
		due.forEach((fn) => fn?.());
		await new Promise(setImmediate);
	};
	v.consent = (now) => consentChanged({ customerPrivacy:
		{ ...privacy, analyticsProcessingAllowed: now } });
	v.events = () => v.sent.flatMap(({ said }) => said.events);
	return v;
}

const cases = {
	async small_ones_go_together() {
		const v = visit();
		v.happens("page_viewed");
		v.happens("product_viewed", { productVariant: { id: "1" } });
		assert.equal(v.sent.length, 0);
		await v.later();
		assert.equal(v.sent.length, 1);
		const [{ url, method, keepalive, headers, said }] = v.sent;
		assert.equal(url, "https://app.test/events");
		assert.equal(method, "POST");
		assert.equal(keepalive, true);
		assert.equal(headers, undefined); // a simple request: no preflight
		assert.equal(said.account, "acc");
		assert.equal(said.shop, "a.myshopify.com");
		assert.match(said.version, /^\d+\.\d+\.\d+$/);
		assert.equal(said.consent.analyticsProcessingAllowed, true);
		assert.deepEqual(said.events.map((e) => e.name),
		    ["page_viewed", "product_viewed"]);
	},
	async a_purchase_waits_for_nothing() {
		const v = visit();
		v.happens("checkout_completed", { checkout: { token: "t" } });
		assert.equal(v.events()[0].data.checkout.token, "t");
	},
	async what_tells_who_it_is_stays_in_the_browser() {
		const v = visit();
		v.happens("checkout_completed", { checkout: {
			email: "canary@example.com", phone: "+4915112345678",
			smsMarketingPhone: "+4915112345679",
			billingAddress: { firstName: "Canary" },
			shippingAddress: { address1: "Canary St" },
			delivery: { selectedDeliveryOptions: ["Canary"] },
			attributes: [{ key: "name", value: "Canary" }],
			totalPrice: { amount: 5, currencyCode: "EUR" } } });
		assert.doesNotMatch(v.sent[0].body, /canary|\+49151/i);
		assert.equal(v.events()[0].data.checkout.totalPrice.amount, 5);
	},
	async without_consent_nothing_leaves() {
		const v = visit({ allowed: false });
		v.happens("page_viewed");
		v.happens("checkout_completed");
		await v.later();
		assert.equal(v.sent.length, 0);
		v.consent(true);
		v.happens("cart_viewed");
		await v.later();
		assert.deepEqual(v.events().map((e) => e.name), ["cart_viewed"]);
	},
	async a_consent_taken_back_takes_what_waits() {
		const v = visit();
		v.happens("page_viewed");
		v.consent(false);
		await v.later();
		assert.equal(v.sent.length, 0);
	},
	async many_and_large_ones_are_cut_into_calls() {
		const v = visit();
		const text = "ü".repeat(10000);
		for (let i = 0; i < 45; i += 1)
			v.happens("search_submitted", { searchResult: { text } });
		await v.later();
		assert.equal(v.events().length, 45);
		for (const { body, said } of v.sent) {
			assert.ok(Buffer.byteLength(body) < 65536);
			assert.ok(said.events.length <= 20);
		}
	},
	async what_did_not_get_through_goes_with_the_next() {
		const v = visit({ fails: 1 });
		v.happens("page_viewed");
		await v.later();
		assert.equal(v.sent.length, 0);
		v.happens("cart_viewed");
		await v.later();
		assert.deepEqual(v.events().map((e) => e.name),
		    ["page_viewed", "cart_viewed"]);
	},
	async without_a_network_it_does_not_grow() {
		const v = visit({ fails: Infinity });
		for (let i = 0; i < 500; i += 1) {
			v.happens("page_viewed");
			await v.later();
		}
		v.fails = 0;
		v.happens("page_viewed");
		await v.later();
		assert.ok(v.events().length <= 101);
	},
	async it_listens_to_every_standard_event() {
		const v = visit();
		assert.deepEqual([...v.subscribers.keys()].sort(), [
			"alert_displayed", "cart_viewed",
			"checkout_address_info_submitted", "checkout_completed",
			"checkout_contact_info_submitted",
			"checkout_shipping_info_submitted", "checkout_started",
			"collection_viewed", "page_viewed",
			"payment_info_submitted", "product_added_to_cart",
			"product_removed_from_cart", "product_viewed",
			"search_submitted", "ui_extension_errored"]);
	},
	async it_is_small_and_alone() {
		assert.ok(Buffer.byteLength(code) <= 3072);
		assert.doesNotMatch(code, /\b(import|require|eval)\b/);
	},
};

await cases[name]();
