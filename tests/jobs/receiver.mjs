// Somebody else's end of a forward, by Node's own TLS and crypto: says in a line
// each what came and whether its signature is good by the standard.
//	node receiver.mjs PORT-FILE HEARD-FILE ANSWER-FILE SECRET...
// ANSWER-FILE holds a status and, perhaps, header lines.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [portFile, heardFile, answerFile, ...secrets] = process.argv.slice(2);

function signed(headers, body) {
	const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
	const given = (headers['webhook-signature'] ?? '').split(' ');
	return secrets.map((secret) => {
		const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
		const want = createHmac('sha256', key).update(text).digest();
		return given.some((one) => {
			const got = Buffer.from(one.replace(/^v1,/, ''), 'base64');
			return one.startsWith('v1,') && got.length === want.length &&
			    timingSafeEqual(got, want);
		});
	});
}

const server = createServer({
	key: readFileSync('key.pem'),
	cert: readFileSync('cert.pem'),
}, (request, response) => {
	const parts = [];
	request.on('data', (part) => parts.push(part));
	request.on('end', () => {
		const body = Buffer.concat(parts).toString();
		const [status, ...lines] = readFileSync(answerFile, 'utf8').trim().split('\n');
		const age = Date.now() / 1000 - Number(request.headers['webhook-timestamp']);
		appendFileSync(heardFile, JSON.stringify({
			path: request.url,
			type: request.headers['content-type'],
			id: request.headers['webhook-id'],
			fresh: Math.abs(age) < 300,
			signed: signed(request.headers, body),
			body: JSON.parse(body),
		}) + '\n');
		for (const line of lines)
			response.appendHeader(...line.split(': '));
		response.statusCode = Number(status);
		response.end('ok');
	});
});
server.listen(0, '127.0.0.1', () => {
	writeFileSync(`${portFile}.new`, String(server.address().port));
	renameSync(`${portFile}.new`, portFile);
});
