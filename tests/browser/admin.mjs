// What Shopify's admin does for an embedded app: the signed address it opens,
// and the session token that App Bridge hands out (HS256, the app's secret).
import { createHmac, randomUUID } from "node:crypto";

const b64 = (value) => Buffer.from(JSON.stringify(value))
    .toString("base64url");

// GET /app as the admin asks for it.
export function appUrl(suite) {
	const query = { embedded: "1", shop: suite.SANDBOX_SHOP,
		host: Buffer.from(`${suite.SANDBOX_SHOP}/admin`)
		    .toString("base64").replace(/=+$/, ""),
		timestamp: String(Math.floor(Date.now() / 1000)) };
	const text = Object.keys(query).sort()
	    .map((name) => `${name}=${query[name]}`).join("&");
	const hmac = createHmac("sha256", suite.SHOPIFY_API_SECRET)
	    .update(text).digest("hex");
	return `${suite.STOCKROOM_URL}/app?` +
	    new URLSearchParams({ ...query, hmac });
}

export function idToken(suite) {
	const now = Math.floor(Date.now() / 1000);
	const text = `${b64({ alg: "HS256", typ: "JWT" })}.${b64({
		iss: `https://${suite.SANDBOX_SHOP}/admin`,
		dest: `https://${suite.SANDBOX_SHOP}`,
		aud: suite.SHOPIFY_API_KEY, sub: "1", exp: now + 60, nbf: now,
		iat: now, jti: randomUUID(), sid: randomUUID() })}`;
	return `${text}.${createHmac("sha256", suite.SHOPIFY_API_SECRET)
	    .update(text).digest("base64url")}`;
}

// Stands in for Shopify's script; a page gets a fresh token at every call.
export async function giveAppBridge(page, suite) {
	await page.exposeFunction("freshIdToken", () => idToken(suite));
	await page.route("https://cdn.shopify.com/**", (route) =>
		route.fulfill({ contentType: "text/javascript",
			body: "window.shopify = { idToken: () => " +
			    "window.freshIdToken() };" }));
}
