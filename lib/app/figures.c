/* Figures for people, in JSON. */
#include <stdlib.h>

#include "app/figures.h"
#include "io/count.h"
#include "store/figure.h"

static int64_t
mean_ms(double sum_s, int64_t n)
{
	return n ? (int64_t)(sum_s * 1000 / (double)n) : 0;
}

static void
put_minute(struct jw *w, const struct figure_minute *m)
{
	jw_object(w, NULL);
	jw_time(w, "at", m->at);
	jw_int(w, "claimed", m->claimed);
	jw_int(w, "completed", m->completed);
	jw_int(w, "dead", m->dead);
	jw_int(w, "cancelled", m->cancelled);
	jw_int(w, "retried", m->retried);
	jw_int(w, "wait_ms", mean_ms(m->wait_s, m->claimed));
	jw_int(w, "run_ms", mean_ms(m->run_s, m->ran));
	jw_close(w);
}

enum rc
figures_write(struct cx *cx, int64_t minutes, const char *queue,
    const char *kind, struct jw *w)
{
	struct figure_minute *list;
	size_t n, i;

	TRY(figure_minute_list(cx, minutes, queue, kind, &list, &n));
	jw_list(w, "items");
	for (i = 0; i < n; i++)
		put_minute(w, &list[i]);
	jw_close(w);
	return RC_OK;
}

/* ---- queries */

const char *const figures_orders[] = { "slow", "frequent", "total", NULL };

static double
mean_s(const struct count_figure *f)
{
	return f->n ? f->sum_s / (double)f->n : 0;
}

static int
by_mean(const void *a, const void *b)
{
	const double x = mean_s(a), y = mean_s(b);

	return (x < y) - (x > y);
}

static int
by_count(const void *a, const void *b)
{
	const int64_t x = ((const struct count_figure *)a)->n;
	const int64_t y = ((const struct count_figure *)b)->n;

	return (x < y) - (x > y);
}

static int
by_total(const void *a, const void *b)
{
	const double x = ((const struct count_figure *)a)->sum_s;
	const double y = ((const struct count_figure *)b)->sum_s;

	return (x < y) - (x > y);
}

static void
put_query(struct cx *cx, struct jw *w, const struct count_figure *f)
{
	jw_object(w, NULL);
	jw_text(w, "query", count_label(cx->mem, f->labels, "query"));
	jw_int(w, "calls", f->n);
	jw_int(w, "mean_us", (int64_t)(mean_s(f) * 1e6));
	if (f->p95_s < 0)
		jw_null(w, "p95_us");
	else
		jw_int(w, "p95_us", (int64_t)(f->p95_s * 1e6));
	jw_int(w, "total_ms", (int64_t)(f->sum_s * 1000));
	jw_close(w);
}

enum rc
figures_queries(struct cx *cx, const char *order, size_t limit, struct jw *w)
{
	struct count_figure *list;
	size_t n, i;

	TRY(count_list(cx, M_db_query_seconds, &list, &n));
	qsort(list, n, sizeof(*list),
	    text_same(order, "slow")       ? by_mean
	    : text_same(order, "frequent") ? by_count
					   : by_total);
	jw_list(w, "items");
	for (i = 0; i < n && i < limit; i++)
		put_query(cx, w, &list[i]);
	jw_close(w);
	return RC_OK;
}
