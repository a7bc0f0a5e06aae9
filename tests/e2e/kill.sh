# Numbered webhooks while everything behind the door is killed (REL-1, REL-3,
# REL-5): sourced by door_kill_test and its long one, which say how many.
#	survives COUNT PER_SECOND KILLS
# SEED=NUMBER in the environment gives another order of kills.

. "${STOCKROOM_SRC:?}/tests/suite.sh"

SEED=${SEED:-4711}
SENDERS=8
PG_BIN=/usr/lib/postgresql/15/bin

# A product's row for each number, and a row for each committed effect on one or
# on the notes of what changed: twice the same shows.
watch_effects()
{
	sql <<-EOF
	INSERT INTO stockroom.product (shop_id, id)
	SELECT shop_id, 2000000000 + n
	FROM stockroom.shop, generate_series(0, $1 - 1) n WHERE n % 4 > 0;
	CREATE TABLE public.effect (id bigint);
	CREATE FUNCTION public.effect() RETURNS trigger LANGUAGE plpgsql
	SECURITY DEFINER AS \$\$ BEGIN
		INSERT INTO public.effect VALUES (new.id);
		RETURN NULL;
	END \$\$;
	CREATE TRIGGER effect AFTER INSERT OR UPDATE ON stockroom.changed
	FOR EACH ROW EXECUTE FUNCTION public.effect();
	CREATE TRIGGER effect AFTER UPDATE ON stockroom.product
	FOR EACH ROW EXECUTE FUNCTION public.effect();
	EOF
}

# A server that would lose the last ten seconds: our roles do not let it. Only
# processes die here, so nothing needs to reach the disk, for which a busy
# machine lets a server that starts again wait half a minute.
careless()
{
	sql <<-EOF
	ALTER SYSTEM SET fsync = off;
	ALTER SYSTEM SET synchronous_commit = off;
	ALTER SYSTEM SET wal_writer_delay = '10s';
	SELECT pg_reload_conf();
	EOF
}

begin()
{
	suite_start
	connect "$SANDBOX_SHOP"
	await 10 open || atf_fail 'the door stays shut'
	PGDATA=$(readlink -f "$VAR/pg")
	SOCKETS=$(cat "$RUN/sockets")
	watch_effects "$1"
	careless > /dev/null
}

open()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' -d '{}' \
	    "$STOCKROOM_URL/webhooks")" = 401 ]
}

# ---- who is killed, and when: lines "VICTIM ACKNOWLEDGED"

kill_plan()
{
	awk -v seed="$SEED" -v count="$1" -v n="$2" 'BEGIN {
		srand(seed)
		split("postgres door jobd children", who)
		for (i = 0; i < n; i++)
			victim[i] = who[i % 4 + 1]
		for (i = n - 1; i > 0; i--) {
			j = int(rand() * (i + 1))
			swap = victim[i]; victim[i] = victim[j]; victim[j] = swap
		}
		for (i = 0; i < n; i++)
			print victim[i], int((i + rand()) * count / n)
	}'
}

as_postgres()
(
	cd / && if [ "$(id -u)" -eq 0 ]; then
		exec runuser -u postgres -- "$@"
	fi
	exec "$@"
)

kill_postgres()
{
	as_postgres "$PG_BIN/pg_ctl" -D "$PGDATA" -w -s -m immediate stop
	as_postgres "$PG_BIN/pg_ctl" -D "$PGDATA" -w -s -o "-k '$SOCKETS/pg'" \
	    -l "$PGDATA/server.log" start > /dev/null
}

# lighttpd starts another.
kill_door()
{
	# shellcheck disable=SC2046
	kill -KILL $(pgrep -P "$(pid_in "$RUN/lighttpd.pid")" -x webhooks.fcgi)
}

kill_jobd()
{
	kill -KILL "$(pid_in "$RUN/jobd.pid")"
	env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    setsid "$BIN/jobd" < /dev/null >> "$LOG/jobd.log" 2>&1 &
	echo $! > "$RUN/jobd.pid"
}

# But for execd, with which jobd goes.
kill_children()
{
	# shellcheck disable=SC2046
	kill -KILL $(jobd_workers)
}

# So many; or no more will be, which compare has words for.
acknowledged()
{
	[ "$(grep -c '|2[0-9][0-9]$' ledger)" -ge "$1" ] ||
		! runs "$ledger" "$BUILD/tests/helpers/ledger.fcgi"
}

kill_all()
{
	while read -r victim at; do
		await 120 acknowledged "$at" ||
			atf_fail "no $at acknowledged: $(tail -n 3 ledger)"
		"kill_$victim"
	done < plan
}

# ---- what must hold

count()
{
	echo "SELECT count(*) FROM $1" | sql
}

worked_off()
{
	[ "$(count "stockroom.job WHERE kind IN ('webhook_apply',
	    'changed_refresh')")" = 0 ]
}

# none QUERY: says which there are.
none()
{
	[ -z "$(echo "$2" | sql > found; cat found)" ] ||
		atf_fail "$1: $(head -n 3 found)"
}

compare()
{
	echo "CREATE TABLE public.ledger (number int, delivery text, try int,
	    status int)" | sql
	psql -X -q -d "$DATABASE_URL" \
	    -c "\copy public.ledger FROM ledger WITH (DELIMITER '|')"
	none 'given up' "SELECT number FROM ledger GROUP BY number
	    HAVING bool_and(status NOT BETWEEN 200 AND 299)"
	none 'acknowledged, not kept once' "SELECT l.delivery, count(w.id)
	    FROM ledger l LEFT JOIN stockroom.webhook w
	    ON w.webhook_id = l.delivery WHERE l.status = 200
	    GROUP BY 1 HAVING count(w.id) <> 1"
	none 'kept, not applied' "SELECT webhook_id, state, reason
	    FROM stockroom.webhook WHERE state <> 'applied'"
	none 'not worked off once' "SELECT w.webhook_id, count(j.id)
	    FROM stockroom.webhook w LEFT JOIN stockroom.job_done j
	    ON j.kind = 'webhook_apply' AND j.outcome = 'completed'
	    AND j.trace = w.trace
	    GROUP BY 1 HAVING count(j.id) <> 1"
	none 'without one effect' "SELECT number, count(e.id) FROM
	    (SELECT DISTINCT number FROM ledger) l LEFT JOIN effect e
	    ON e.id = 2000000000 + number GROUP BY 1 HAVING count(e.id) <> 1"
	none 'dead' "SELECT kind, error FROM stockroom.job_done
	    WHERE outcome = 'dead'"
	[ "$(count stockroom.changed)" = 0 ] || atf_fail 'not read again'
	[ "$(count stockroom.webhook)" = "$1" ] || atf_fail 'too many rows'
}

survives()
{
	begin "$1"
	echo "seed $SEED"
	kill_plan "$1" "$3" > plan
	: > ledger
	"$BUILD/tests/helpers/ledger.fcgi" "${STOCKROOM_URL##*:}" \
	    "$SHOPIFY_API_SECRET" "$SANDBOX_SHOP" "$1" "$SENDERS" "$2" \
	    >> ledger 2> ledger.err &
	ledger=$!
	kill_all
	wait "$ledger" || atf_fail "the senders: $(cat ledger.err)"
	await $((60 + $1 / 50)) worked_off ||
		atf_fail "not worked off: $(tail -n 3 "$LOG/jobd.log")"
	compare "$1"
	cut -d'|' -f4 ledger | sort | uniq -c
}
