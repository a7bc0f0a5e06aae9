/* Figures of the queue: how much there is now, what was done each minute. */
#include "store/figure.h"

/* Up to so many are counted at once; more, by the last count, if not older. */
enum { MANY = 50000, LEVEL_MOST_S = 600 };

static void
read_queues(struct cx *cx, const struct rows *rows, struct figure_queue **out,
    size_t *n)
{
	size_t i;

	*out = ARENA_ARRAY(cx->mem, struct figure_queue, rows->n + 1);
	*n = rows->n;
	for (i = 0; i < rows->n; i++) {
		const struct row row = rows_at(rows, i);

		(*out)[i] = (struct figure_queue){
			.id = row_int(row, 0),
			.name = row_text(row, 1),
			.scheduled = row_int(row, 2),
			.available = row_int(row, 3),
			.running = row_int(row, 4),
			.blocked = row_int(row, 5),
			.oldest_s = row_real(row, 6),
		};
	}
}

enum rc
figure_queues(struct cx *cx, struct figure_queue **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_FIGURE_QUEUES, NO_ARGS, &rows));
	read_queues(cx, &rows, out, n);
	return RC_OK;
}

/* Many there were, and not long ago. */
static bool
will_do(const struct rows *rows, const struct figure_queue *list)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		sum += list[i].scheduled + list[i].available + list[i].running +
		       list[i].blocked;
		if (row_real(rows_at(rows, i), 7) > LEVEL_MOST_S)
			return false;
	}
	return sum > MANY;
}

enum rc
figure_levels(struct cx *cx, struct figure_queue **out, size_t *n)
{
	struct rows rows;

	TRY(db_all(cx, Q_FIGURE_LEVEL_LIST, NO_ARGS, &rows));
	read_queues(cx, &rows, out, n);
	return will_do(&rows, *out) ? RC_OK : figure_queues(cx, out, n);
}

enum rc
figure_levels_save(struct cx *cx, const struct figure_queue *list, size_t n)
{
	int64_t *c = ARENA_ARRAY(cx->mem, int64_t, 6 * n + 1);
	size_t i;

	for (i = 0; i < n; i++) {
		c[i] = list[i].id;
		c[n + i] = list[i].scheduled;
		c[2 * n + i] = list[i].available;
		c[3 * n + i] = list[i].running;
		c[4 * n + i] = list[i].blocked;
		c[5 * n + i] = (int64_t)(list[i].oldest_s * 1000);
	}
	return db_run(cx, Q_FIGURE_LEVEL_SAVE,
	    ARGS(a_ints(c, n), a_ints(c + n, n), a_ints(c + 2 * n, n),
		a_ints(c + 3 * n, n), a_ints(c + 4 * n, n),
		a_ints(c + 5 * n, n)),
	    NULL);
}

enum rc
figure_rates(struct cx *cx, struct figure_rate **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_FIGURE_RATES, NO_ARGS, &rows));
	*out = ARENA_ARRAY(cx->mem, struct figure_rate, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct figure_rate){
			.key = row_text(row, 0),
			.tokens = row_real(row, 1),
			.hold_s = row_real(row, 2),
		};
	}
	return RC_OK;
}

enum rc
figure_database(struct cx *cx, struct figure_database *out)
{
	struct row row;

	TRY(db_one(cx, Q_FIGURE_DATABASE, NO_ARGS, &row));
	*out = (struct figure_database){
		.cron_lag_s = row_real(row, 0),
		.batches = row_int(row, 1),
		.dead_tuples = row_int(row, 2),
		.xmin_age_s = row_real(row, 3),
	};
	return RC_OK;
}

/* ---- minutes */

enum { NUMBERS = 8 };

/* The numbers of a share, in the order of the query's arrays. */
static void
numbers_of(const struct figure_share *s, int64_t out[NUMBERS])
{
	out[0] = s->claimed;
	out[1] = s->completed;
	out[2] = s->dead;
	out[3] = s->cancelled;
	out[4] = s->retried;
	out[5] = s->wait_ms;
	out[6] = s->ran;
	out[7] = s->run_ms;
}

enum rc
figure_minute_add(struct cx *cx, const struct figure_share *list, size_t n)
{
	const char **queues = ARENA_ARRAY(cx->mem, const char *, n + 1);
	const char **kinds = ARENA_ARRAY(cx->mem, const char *, n + 1);
	int64_t *columns = ARENA_ARRAY(cx->mem, int64_t, n * NUMBERS + 1);
	int64_t numbers[NUMBERS];
	size_t i, c;

	for (i = 0; i < n; i++) {
		queues[i] = list[i].queue;
		kinds[i] = list[i].kind;
		numbers_of(&list[i], numbers);
		for (c = 0; c < NUMBERS; c++)
			columns[c * n + i] = numbers[c];
	}
	return db_run(cx, Q_FIGURE_MINUTE_ADD,
	    ARGS(a_texts(queues, n), a_texts(kinds, n), a_ints(columns, n),
		a_ints(columns + n, n), a_ints(columns + 2 * n, n),
		a_ints(columns + 3 * n, n), a_ints(columns + 4 * n, n),
		a_ints(columns + 5 * n, n), a_ints(columns + 6 * n, n),
		a_ints(columns + 7 * n, n)),
	    NULL);
}

enum rc
figure_minute_list(struct cx *cx, int64_t minutes, const char *queue,
    const char *kind, struct figure_minute **out, size_t *n)
{
	struct rows rows;
	size_t i;

	TRY(db_all(cx, Q_FIGURE_MINUTE_LIST,
	    ARGS(a_int(minutes), a_text(queue), a_text(kind)), &rows));
	*out = ARENA_ARRAY(cx->mem, struct figure_minute, rows.n + 1);
	*n = rows.n;
	for (i = 0; i < rows.n; i++) {
		const struct row row = rows_at(&rows, i);

		(*out)[i] = (struct figure_minute){
			.at = row_int(row, 0),
			.claimed = row_int(row, 1),
			.completed = row_int(row, 2),
			.dead = row_int(row, 3),
			.cancelled = row_int(row, 4),
			.retried = row_int(row, 5),
			.wait_s = row_real(row, 6),
			.ran = row_int(row, 7),
			.run_s = row_real(row, 8),
		};
	}
	return RC_OK;
}
