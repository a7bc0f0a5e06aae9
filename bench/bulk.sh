#! /bin/sh
# How fast the file of a bulk operation is read into our tables, sealed where it
# is personal, beside a raw COPY of the same file into one jsonb column, in the
# same run. The last line is JSON:
#	products_mb_s products_ratio orders_mb_s orders_ratio rss_mb growth
# A ratio is the raw COPY's time by ours; rss_mb is the most that the reading
# process had; growth is the time a megabyte of the large file of orders by that
# of the small one.
#
# BENCH_PRODUCTS and BENCH_ORDERS say how many there are in the large shop;
# BENCH_VAR where it lies.

SRC=$(dirname "$0")/..
VAR=${BENCH_VAR:-build/bench-bulk}
# shellcheck source=etc/dev/lib.sh
. "$SRC/etc/dev/lib.sh"
# shellcheck source=etc/dev/client.sh
. "$DEV/client.sh"
export VAR PORT=0

PRODUCTS=${BENCH_PRODUCTS:-10000}
ORDERS=${BENCH_ORDERS:-6000}

# suite PRODUCTS ORDERS: anew, with a shop of that size.
suite()
{
	forget
	SANDBOX_PRODUCTS=$1 SANDBOX_ORDERS=$2 SANDBOX_CUSTOMERS=$(($2 / 3 + 1)) \
	    "$DEV/start.sh" > /dev/null || fail "the suite did not start"
	. "$VAR/run.env"
	connect "$SANDBOX_SHOP"
}

# read_ms: how long the last file took, by jobd's own word.
read_ms()
{
	sed -n 's/.*"at":"job.end".*"kind":"bulk_import".*"ms":\([0-9]*\).*/\1/p' \
	    "$LOG/jobd.log" | tail -n 1
}

# pull RESOURCE: in bulk; FILE, BYTES, LINES and MS are of its file.
pull()
{
	pull_begin "{\"mode\":\"bulk\",\"resources\":[\"$1\"]}"
	pull_end 600
	MS=$(read_ms)
	FILE=$(ls -t "$VAR/sandbox/bulk"/*.jsonl | head -n 1)
	BYTES=$(wc -c < "$FILE")
	LINES=$(wc -l < "$FILE")
}

now_ms()
{
	echo $(($(date +%s%N) / 1000000))
}

# raw_ms: the same file as it is, into one column.
raw_ms()
{
	sql <<-'EOT'
	SET client_min_messages = warning;
	DROP TABLE IF EXISTS raw;
	CREATE TABLE raw (line jsonb);
	CHECKPOINT;
	EOT
	raw_began=$(now_ms)
	psql -X -q -d "$DATABASE_URL" -c "COPY raw FROM STDIN
	    WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" < "$FILE"
	RAW=$(($(now_ms) - raw_began))
}

rate()
{
	awk -v b="$1" -v ms="$2" 'BEGIN { printf "%.1f", b / 1e6 / (ms / 1000) }'
}

ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# measure RESOURCE: says it for people, and leaves NAME_MB_S and NAME_RATIO.
measure()
{
	pull "$1"
	raw_ms
	eval "$2_MB_S=$(rate "$BYTES" "$MS") $2_RATIO=$(ratio "$RAW" "$MS")"
	eval "$2_PACE=$(awk -v b="$BYTES" -v ms="$MS" \
	    'BEGIN { printf "%.6f", ms / b }')"
	printf '  %-9s %8.1f MB %8d lines  ours %6d ms %6s MB/s %8d lines/s  raw COPY %6d ms\n' \
	    "$1" "$(rate "$BYTES" 1000)" "$LINES" "$MS" \
	    "$(rate "$BYTES" "$MS")" $((LINES * 1000 / MS)) "$RAW"
}

# The most that a child of jobd's had, in MB, by what each said at its end.
rss()
{
	sed -n 's/.*"at":"bulk.read".*"rss_kb":\([0-9]*\).*/\1/p' "$LOG/jobd.log" |
		sort -n | tail -n 1 | awk '{ printf "%.1f", $1 / 1024 }'
}

trap '"$DEV/stop.sh" > /dev/null' EXIT
trap 'exit 130' INT TERM
suite $((PRODUCTS / 10)) $((ORDERS / 10))
measure orders SMALL
"$DEV/stop.sh" > /dev/null
suite "$PRODUCTS" "$ORDERS"
measure products P
measure orders O
printf '{"products_mb_s":%s,"products_ratio":%s,"orders_mb_s":%s,"orders_ratio":%s,"rss_mb":%s,"growth":%s}\n' \
    "$P_MB_S" "$P_RATIO" "$O_MB_S" "$O_RATIO" "$(rss)" \
    "$(ratio "$O_PACE" "$SMALL_PACE")"
