// Stockroom's web pixel: standard events, batched, to the app's own /events.
// What tells who the visitor is stays in the browser.
/* global shopify */
const VERSION = "1.0.0";
const WAIT_MS = 1500;
const BATCH = 20; // events in one call
const BYTES = 48000; // browsers hold back keepalive bodies of more than 64 KiB
const KEEP = 100; // events that wait while the network is away

const EVENTS = ["page_viewed", "product_viewed", "collection_viewed",
	"search_submitted", "product_added_to_cart",
	"product_removed_from_cart", "cart_viewed", "checkout_started",
	"checkout_contact_info_submitted", "checkout_address_info_submitted",
	"checkout_shipping_info_submitted", "payment_info_submitted",
	"checkout_completed", "alert_displayed", "ui_extension_errored"];

const PERSONAL = new Set(["email", "phone", "smsMarketingPhone",
	"billingAddress", "shippingAddress", "attributes", "delivery"]);

function withoutPerson(key, value) {
	return PERSONAL.has(key) ? undefined : value;
}

shopify.extend("WebPixel::Render", (api) => {
	const { analytics, customerPrivacy, init, settings } = api;
	const shop = init.data?.shop?.myshopifyDomain ??
	    init.context?.document?.location?.host;
	let consent = init.customerPrivacy ?? {};
	let waiting = []; // events as JSON
	let timer = 0;

	function take() {
		const batch = [];
		let bytes = 0;
		while (waiting.length && batch.length < BATCH) {
			bytes += new TextEncoder().encode(waiting[0]).length;
			if (batch.length && bytes > BYTES)
				break;
			batch.push(waiting.shift());
		}
		return batch;
	}

	async function send(batch) {
		const head = JSON.stringify({ account: settings.accountID, shop,
			consent, version: VERSION });
		try {
			await fetch(settings.endpoint, { method: "POST",
				keepalive: true, body: `${head.slice(0, -1)},` +
				    `"events":[${batch}]}` });
		} catch {
			waiting = [...batch, ...waiting].slice(-KEEP);
		}
	}

	function flush() {
		clearTimeout(timer);
		timer = 0;
		while (waiting.length)
			send(take());
	}

	function keep(event) {
		if (!consent.analyticsProcessingAllowed)
			return;
		waiting.push(JSON.stringify(event, withoutPerson));
		if (waiting.length >= BATCH ||
		    event.name === "checkout_completed")
			flush();
		else
			timer ||= setTimeout(flush, WAIT_MS);
	}

	customerPrivacy?.subscribe("visitorConsentCollected", (event) => {
		consent = event.customerPrivacy;
		if (!consent.analyticsProcessingAllowed)
			waiting = [];
	});
	for (const name of EVENTS)
		analytics.subscribe(name, keep);
});
