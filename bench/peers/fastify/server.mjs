// The door as a careful developer writes it with fastify and pg: the HMAC over
// the raw bytes, one statement a request that keeps the delivery once and puts
// its job, the answer behind its commit.
//
//	server.mjs PORT WORKERS		DATABASE_URL, SHOPIFY_API_SECRET
//
// Prints "ready" once all its processes listen; its table is made anew.
import cluster from "node:cluster";
import { createHmac, timingSafeEqual } from "node:crypto";
import Fastify from "fastify";
import pg from "pg";

const [port, workers] = process.argv.slice(2).map(Number);
const connections = { connectionString: process.env.DATABASE_URL };

const TABLES = `
DROP SCHEMA IF EXISTS peer CASCADE;
CREATE SCHEMA peer;
CREATE TABLE peer.webhook (
	id uuid PRIMARY KEY,
	received_at timestamptz NOT NULL DEFAULT now(),
	shop text NOT NULL,
	topic text NOT NULL,
	event_id text,
	api_version text,
	triggered_at timestamptz,
	body bytea NOT NULL
);
ALTER TABLE peer.webhook ALTER body SET STORAGE EXTERNAL;
CREATE INDEX ON peer.webhook (shop, received_at);
CREATE TABLE peer.job (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	state text NOT NULL DEFAULT 'available',
	run_at timestamptz NOT NULL DEFAULT now(),
	kind text NOT NULL,
	args jsonb NOT NULL
);
CREATE INDEX ON peer.job (run_at) WHERE state = 'available';
`;

const KEEP = {
	name: "keep",
	text: `
WITH w AS (
	INSERT INTO peer.webhook (id, shop, topic, event_id, api_version,
		triggered_at, body)
	VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id)
INSERT INTO peer.job (kind, args)
SELECT 'webhook_apply', jsonb_build_object('id', id) FROM w`,
};

function signed(request) {
	const said = Buffer.from(
		request.headers["x-shopify-hmac-sha256"] ?? "", "base64");
	const right = createHmac("sha256", process.env.SHOPIFY_API_SECRET)
		.update(request.body).digest();

	return said.length === right.length && timingSafeEqual(said, right);
}

function row({ headers, body }) {
	return [headers["x-shopify-webhook-id"], headers["x-shopify-shop-domain"],
		headers["x-shopify-topic"], headers["x-shopify-event-id"],
		headers["x-shopify-api-version"], headers["x-shopify-triggered-at"],
		body];
}

async function serve() {
	const pool = new pg.Pool({ ...connections, max: 16 });
	const app = Fastify();

	app.removeAllContentTypeParsers();
	app.addContentTypeParser("*", { parseAs: "buffer" },
		(request, body, done) => done(null, body));
	app.post("/webhooks", async (request, reply) => {
		if (!signed(request))
			return reply.code(401).send();
		await pool.query({ ...KEEP, values: row(request) });
		return reply.code(200).send();
	});
	await app.listen({ port, host: "127.0.0.1" });
}

async function lead() {
	const db = new pg.Client(connections);
	let listening = 0;

	await db.connect();
	await db.query(TABLES);
	await db.end();
	cluster.on("listening", () => {
		listening += 1;
		if (listening === workers)
			console.log("ready");
	});
	process.on("SIGTERM", () => process.exit(0));
	for (let i = 0; i < workers; i += 1)
		cluster.fork();
}

await (cluster.isPrimary ? lead() : serve());
