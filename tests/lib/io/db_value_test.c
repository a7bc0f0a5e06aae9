/* Values, there and back: each kind of argument, each kind of column. */
#include <atf-c.h>
#include <math.h>
#include <string.h>

#include "io/db.h"
#include "lib/io/db_slots.h"
#include "server.h"

/* Queries of the test's own, where the program's would stand. */
#define T_VALUES SLOT(1)
#define T_TEXTS SLOT(2)
#define T_INTS SLOT(3)
#define T_BYTESES SLOT(4)
#define T_TIME SLOT(5)
#define T_TEXTS_BACK SLOT(6)
#define T_ROWS SLOT(7)

const struct query_text query_texts[Q_COUNT + 1] = {
	[Q_SCOPE_SET] = SCOPE_QUERY,
	[T_VALUES] = QUERY("t_values",
	    "SELECT $1::text, $2::bigint, $3::float8, $4::boolean, $5::bytea"),
	[T_TEXTS] = QUERY("t_texts",
	    "SELECT x, x IS NULL FROM unnest($1::text[]) WITH ORDINALITY "
	    "u(x, i) ORDER BY i"),
	[T_INTS] = QUERY("t_ints", "SELECT unnest($1::bigint[])"),
	[T_BYTESES] = QUERY("t_byteses",
	    "SELECT x, x IS NULL FROM unnest($1::bytea[]) WITH ORDINALITY "
	    "u(x, i) ORDER BY i"),
	[T_TIME] = QUERY(
	    "t_time", "SELECT extract(epoch FROM $1::timestamptz)::bigint"),
	[T_TEXTS_BACK] =
	    QUERY("t_texts_back", "SELECT $1::text[], 'x' AS named"),
	[T_ROWS] = QUERY("t_rows", "SELECT generate_series(1, $1::int)"),
};

static struct cx *
start(void)
{
	struct cx *cx = test_cx();

	test_server("pg_start");
	cx->db = db_open("test", test_url("postgres", NULL), NULL, 1);
	return cx;
}

static struct row
one(enum query q, struct args args)
{
	struct row row;

	OK(db_one(test_cx(), q, args, &row));
	return row;
}

static void
stop(void)
{
	arena_empty(test_cx()->mem);
	db_close(test_cx()->db);
	test_cx()->db = NULL;
}

static const char awkward[] = "\"q\" \\ 'x' {a,b} $1 %s \xc3\xa9 \t\n;--";

SERVER_CASE(each_kind_of_value_comes_back_as_it_went)
{
	static const char bytes[] = { 0, 1, '\\', '\'', (char)0xff, 0 };
	struct row row;
	struct slice b;

	(void)start();
	row = one(T_VALUES,
	    ARGS(a_text(awkward), a_int(INT64_MIN), a_real(0.1), a_bool(true),
		a_bytes((struct slice){ bytes, sizeof(bytes) })));
	ATF_CHECK_EQ(5, row_cols(row));
	ATF_CHECK_STREQ(awkward, row_text(row, 0));
	ATF_CHECK_EQ(INT64_MIN, row_int(row, 1));
	ATF_CHECK_EQ(0.1, row_real(row, 2));
	ATF_CHECK(row_bool(row, 3));
	b = row_bytes(row, 4);
	ATF_REQUIRE_EQ(sizeof(bytes), b.n);
	ATF_CHECK_EQ(0, memcmp(bytes, b.p, b.n));
	stop();
}

SERVER_CASE(what_is_null_comes_back_null)
{
	struct row row;

	(void)start();
	row = one(T_VALUES, ARGS(a_text(NULL), a_null(), a_null(), a_null(),
				a_bytes((struct slice){ NULL, 0 })));
	for (int i = 0; i < 5; i++)
		ATF_CHECK(row_null(row, i));
	ATF_CHECK_EQ(NULL, row_text(row, 0));
	ATF_CHECK_EQ(0, row_int(row, 1));
	ATF_CHECK_EQ(0, row_real(row, 2));
	ATF_CHECK(!row_bool(row, 3));
	ATF_CHECK_EQ(NULL, row_bytes(row, 4).p);
	stop();
}

SERVER_CASE(empty_is_not_null)
{
	struct row row;

	(void)start();
	row =
	    one(T_VALUES, ARGS(a_text(""), a_int(0), a_real(-INFINITY),
			      a_bool(false), a_bytes((struct slice){ "", 0 })));
	for (int i = 0; i < 5; i++)
		ATF_CHECK(!row_null(row, i));
	ATF_CHECK_STREQ("", row_text(row, 0));
	ATF_CHECK(row_bytes(row, 4).p != NULL);
	ATF_CHECK_EQ(0, row_bytes(row, 4).n);
	ATF_CHECK_EQ(-INFINITY, row_real(row, 2));
	stop();
}

SERVER_CASE(a_list_of_texts_keeps_quotes_backslashes_and_nulls)
{
	static const char *const list[] = { awkward, "", NULL, "NULL", "null",
		"\\", "\"", "{}", " a ", "a,b" };
	enum { N = sizeof(list) / sizeof(list[0]) };
	struct rows rows;

	OK(db_all(start(), T_TEXTS, ARGS(a_texts(list, N)), &rows));
	ATF_REQUIRE_EQ(N, rows.n);
	for (size_t i = 0; i < N; i++) {
		struct row row = rows_at(&rows, i);

		ATF_CHECK_EQ(list[i] == NULL, row_bool(row, 1));
		ATF_CHECK(
		    list[i] == NULL || text_same(list[i], row_text(row, 0)));
	}
	stop();
}

SERVER_CASE(a_column_of_texts_is_read_back_whole)
{
	static const char *const list[] = { awkward, "", NULL, "NULL", "a,b",
		"\\\"", "{", "}" };
	enum { N = sizeof(list) / sizeof(list[0]) };
	const char *const *back;
	struct row row;

	(void)start();
	row = one(T_TEXTS_BACK, ARGS(a_texts(list, N)));
	ATF_CHECK_STREQ("named", row_name(row, 1));
	ATF_REQUIRE_EQ(N, row_texts(test_cx(), row, 0, &back));
	for (size_t i = 0; i < N; i++) {
		ATF_CHECK_EQ(list[i] == NULL, back[i] == NULL);
		ATF_CHECK(list[i] == NULL || text_same(list[i], back[i]));
	}
	row = one(T_TEXTS_BACK, ARGS(a_texts(NULL, 0)));
	ATF_CHECK_EQ(0, row_texts(test_cx(), row, 0, &back));
	row = one(T_TEXTS_BACK, ARGS(a_null()));
	ATF_CHECK_EQ(0, row_texts(test_cx(), row, 0, &back));
	stop();
}

SERVER_CASE(a_list_of_numbers_keeps_them_all)
{
	static const int64_t list[] = { 0, -1, INT64_MAX, INT64_MIN,
		9007199254740993 };
	enum { N = sizeof(list) / sizeof(list[0]) };
	struct rows rows;

	OK(db_all(start(), T_INTS, ARGS(a_ints(list, N)), &rows));
	ATF_REQUIRE_EQ(N, rows.n);
	for (size_t i = 0; i < N; i++)
		ATF_CHECK_EQ(list[i], row_int(rows_at(&rows, i), 0));
	OK(db_all(test_cx(), T_INTS, ARGS(a_ints(NULL, 0)), &rows));
	ATF_CHECK_EQ(0, rows.n);
	stop();
}

SERVER_CASE(a_list_of_bytes_keeps_every_byte)
{
	char all[256];
	struct slice list[] = { { all, sizeof(all) }, { "", 0 }, { NULL, 0 },
		{ "\\x41", 4 } };
	enum { N = sizeof(list) / sizeof(list[0]) };
	struct rows rows;

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	OK(db_all(start(), T_BYTESES, ARGS(a_byteses(list, N)), &rows));
	ATF_REQUIRE_EQ(N, rows.n);
	for (size_t i = 0; i < N; i++) {
		struct row row = rows_at(&rows, i);

		ATF_CHECK_EQ(list[i].p == NULL, row_bool(row, 1));
		ATF_CHECK(slice_same(list[i], row_bytes(row, 0)));
	}
	stop();
}

SERVER_CASE(a_time_is_the_same_second)
{
	(void)start();
	ATF_CHECK_EQ(
	    1790000000, row_int(one(T_TIME, ARGS(a_time(1790000000))), 0));
	ATF_CHECK(row_null(one(T_TIME, ARGS(a_time(0))), 0));
	stop();
}

SERVER_CASE(many_rows_are_each_in_its_place)
{
	struct rows rows;

	OK(db_all(start(), T_ROWS, ARGS(a_int(20000)), &rows));
	ATF_REQUIRE_EQ(20000, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		ATF_REQUIRE_EQ((int64_t)i + 1, row_int(rows_at(&rows, i), 0));
	stop();
}

/* More than any buffer of the system's holds, both ways at once. */
SERVER_CASE(eight_megabytes_go_and_come)
{
	enum { N = 8 * 1024 * 1024 };
	char *p = arena_alloc(test_arena(), N);
	struct row row;

	memset(p, 'x', N);
	(void)start();
	row = one(T_VALUES, ARGS(a_null(), a_null(), a_null(), a_null(),
				a_bytes((struct slice){ p, N })));
	ATF_CHECK_EQ(N, row_bytes(row, 4).n);
	ATF_CHECK_EQ(0, memcmp(p, row_bytes(row, 4).p, N));
	stop();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_kind_of_value_comes_back_as_it_went);
	ATF_TP_ADD_TC(tp, what_is_null_comes_back_null);
	ATF_TP_ADD_TC(tp, empty_is_not_null);
	ATF_TP_ADD_TC(tp, a_list_of_texts_keeps_quotes_backslashes_and_nulls);
	ATF_TP_ADD_TC(tp, a_column_of_texts_is_read_back_whole);
	ATF_TP_ADD_TC(tp, a_list_of_numbers_keeps_them_all);
	ATF_TP_ADD_TC(tp, a_list_of_bytes_keeps_every_byte);
	ATF_TP_ADD_TC(tp, a_time_is_the_same_second);
	ATF_TP_ADD_TC(tp, many_rows_are_each_in_its_place);
	ATF_TP_ADD_TC(tp, eight_megabytes_go_and_come);
	return atf_no_error();
}
