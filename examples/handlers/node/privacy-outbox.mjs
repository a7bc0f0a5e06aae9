#! /usr/bin/env node
// Keeps a list of whom another system of yours must forget, or whose data it
// must hand out, for a person or a job of that system to work off:
//
//	webhook customers/data_request,customers/redact,shop/redact exec /usr/local/lib/handlers/privacy-outbox.mjs
//
// A file a request, named by what happened, so that a second run changes
// nothing. It holds numbers alone: no name, no address.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = '/var/tmp/stockroom-privacy'; // yours
const event = JSON.parse(readFileSync(0, 'utf8'));
const body = event.data.body ?? {};

const request = {
	what: event.data.topic,
	shop: event.shop.domain,
	at: event.data.triggered_at ?? event.timestamp,
	customer: body.customer?.id,
	orders: body.orders_to_redact ?? body.orders_requested ?? [],
};

try {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	writeFileSync(join(folder, `${event.id}.json`), JSON.stringify(request),
	    { flag: 'wx', mode: 0o600 });
	console.error(`noted as ${event.id}.json`);
} catch (error) {
	if (error.code !== 'EEXIST') {
		console.error(error.message);
		process.exit(75); // EX_TEMPFAIL: come back later
	}
	console.error('was there already');
}
