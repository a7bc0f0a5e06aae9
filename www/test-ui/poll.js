// Asking again: often while something moves, seldom when not, never while the
// page is not seen.

const FAST_MS = 200;
const FAST_FOR_MS = 5000;
const MOVING_MS = 1000;
const STILL_MS = 10000;

/*
 * Calls `ask` now and again until stopped. ask() gives true while something
 * moves; what it throws goes to `failed` and is tried again at the slow pace.
 * `still` is the pace while nothing moves, where it is not the slow one.
 * Gives {now, stop}: now() asks at once, and fast for a while.
 */
export function poll(ask, failed, still = STILL_MS) {
	let timer = 0;
	let stopped = false;
	let asking = false;
	let again = false;
	let fastUntil = performance.now() + FAST_FOR_MS;

	async function turn() {
		clearTimeout(timer);
		if (stopped || document.hidden)
			return;
		if (asking) {
			again = true;
			return;
		}
		asking = true;
		const pause = await once();
		asking = false;
		if (stopped)
			return;
		timer = setTimeout(turn, again ? 0 : pause);
		again = false;
	}

	async function once() {
		try {
			if (!await ask())
				return still;
			return performance.now() < fastUntil ?
			    FAST_MS : MOVING_MS;
		} catch (error) {
			if (!stopped)
				failed(error);
			return STILL_MS;
		}
	}

	function seen() {
		if (!document.hidden)
			turn();
	}

	document.addEventListener("visibilitychange", seen);
	window.addEventListener("online", seen);
	turn();
	return {
		now() {
			fastUntil = performance.now() + FAST_FOR_MS;
			turn();
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
			document.removeEventListener("visibilitychange", seen);
			window.removeEventListener("online", seen);
		},
	};
}
