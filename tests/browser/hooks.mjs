// What Shopify does at the door: a signed webhook.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";

// Gives the answer's status. `secret` is the app's where none is named.
export async function send(suite, { topic, body, id = randomUUID(),
	domain = suite.SANDBOX_SHOP, secret = suite.SHOPIFY_API_SECRET }) {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const reply = await fetch(`${suite.STOCKROOM_URL}/webhooks`, {
		method: "POST", body: text, headers: {
			"Content-Type": "application/json",
			"X-Shopify-Topic": topic,
			"X-Shopify-Hmac-Sha256": createHmac("sha256", secret)
			    .update(text).digest("base64"),
			"X-Shopify-Shop-Domain": domain,
			"X-Shopify-API-Version": "2026-10",
			"X-Shopify-Webhook-Id": id,
			"X-Shopify-Triggered-At": new Date().toISOString() } });
	return reply.status;
}

// A new installation has no inbox key until jobd has made the first.
export async function doorOpen(suite) {
	for (const until = Date.now() + 10000; Date.now() < until;) {
		const reply = await fetch(`${suite.STOCKROOM_URL}/webhooks`,
		    { method: "POST", body: "{}" });
		if (reply.status === 401)
			return;
		await new Promise((go) => setTimeout(go, 50));
	}
	assert.fail("the door stays shut");
}
