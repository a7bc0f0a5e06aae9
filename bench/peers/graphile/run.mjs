// Graphile Worker with handlers that do nothing, in its own process: fetched and
// completed in batches. COUNT jobs are put first; prints jobs a second from the
// first one's start to the last one's completion in the database.
//
// run.mjs COUNT, with DATABASE_URL in the environment
import { Logger, run, runMigrations } from "graphile-worker";
import { EventEmitter } from "node:events";
import pg from "pg";

const count = Number(process.argv[2]);
const preset = {
	worker: {
		connectionString: process.env.DATABASE_URL,
		concurrentJobs: 24,
		maxPoolSize: 26,
		localQueue: { size: 500 },
		completeJobBatchDelay: 0,
		failJobBatchDelay: 0,
		logger: new Logger(() => () => {}),
	},
};
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

await runMigrations({ preset });
await pool.query("TRUNCATE graphile_worker._private_jobs");
await pool.query(
	`SELECT count(graphile_worker.add_job('noop',
	    json_build_object('n', n))) FROM generate_series(1, $1) n`,
	[count],
);
await pool.query("VACUUM ANALYZE graphile_worker._private_jobs");

const events = new EventEmitter();
let began = 0n;
let done = 0;
const all = new Promise((resolve) => {
	events.on("job:start", () => {
		if (began === 0n)
			began = process.hrtime.bigint();
	});
	events.on("job:complete", () => {
		if (++done === count)
			resolve();
	});
});
const runner = await run({
	preset,
	events,
	noHandleSignals: true,
	taskList: { noop: async () => {} },
});

await all;
await runner.stop();
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const left = await pool.query(
	"SELECT count(*)::int AS n FROM graphile_worker._private_jobs",
);

await pool.end();
if (left.rows[0].n !== 0)
	throw new Error(`${left.rows[0].n} jobs are left`);
console.log(Math.round(count / seconds));
