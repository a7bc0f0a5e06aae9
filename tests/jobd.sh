# jobd over a real Postgres, from a test. Source it, then in a case:
#	jobd_case           a database, settings, and no jobd yet; jobd_stop in
#			    cleanup
#	start [NAME]        jobd in the background
#	put ID DO           a job of that number that does what it says
#	await, await_sql    until it holds
#
# It is the probe that runs: jobd with handlers that do what their job's
# arguments say, word by word, and write lines into the job's notes
# (tests/helpers/jobd_probe/table.c).
. "${STOCKROOM_SRC:?}/tests/app.sh"

jobd_bin=$build/tests/helpers/jobd_probe.fcgi

jobd_case()
{
	app_case
	export JOBD_CHILDREN=2
	# Below that, numbers are given by put.
	echo "SELECT setval('job_id_seq', 1000)" | sql >/dev/null
}

# start [NAME [ARGUMENT...]]: in the background; its number is in NAME.pid, its
# words in NAME.log.
start()
{
	local name

	name=${1:-jobd}
	[ $# -eq 0 ] || shift
	: >"$name.log"
	"$jobd_bin" "$@" 2>>"$name.log" &
	echo $! >"$name.pid"
	echo $! >>pids
	await_log '"jobd.lease"' "$name"
}

pid()
{
	cat "${1:-jobd}.pid"
}

# A zombie has ended, too.
gone()
{
	case $(ps -o stat= -p "$1") in
	'' | Z*) return 0 ;;
	esac
	return 1
}

jobd_stop()
{
	[ ! -f pids ] || while read -r one; do
		kill -9 "$one" 2>/dev/null
		kill -CONT "$one" 2>/dev/null
	done <pids
	pg_stop
}

# await COMMAND...: until it holds, for 30 s at most.
await()
{
	local end

	end=$(($(date +%s) + 30))
	until "$@"; do
		[ "$(date +%s)" -lt "$end" ] || {
			tail -n 40 ./*.log >&2
			atf_fail "waited in vain for: $(echo "$*" | tr '\n' ' ')"
		}
		sleep 0.05
	done
}

in_log()
{
	grep -q "$1" "${2:-jobd}.log"
}

await_log()
{
	await in_log "$@"
}

sql()
{
	{
		echo 'SET search_path = stockroom;'
		cat
	} | pg_sql t
}

says()
{
	[ "$1" = "$(echo "$2" | sql)" ]
}

# await_sql WANT QUERY
await_sql()
{
	await says "$@"
}

check_sql()
{
	says "$1" "$2" || {
		echo "$2" >&2
		atf_fail "wanted: $1 got: $(echo "$2" | sql)"
	}
}

# put ID DO [COLUMN=VALUE...]: a job, with the hint that wakes jobd; KIND=alert
# in the environment is one of the io pool.
put()
{
	local id what columns values

	id=$1 what=$2 columns='' values=''
	shift 2
	for pair in "$@"; do
		columns="$columns, ${pair%%=*}"
		values="$values, ${pair#*=}"
	done
	sql <<-EOT
	INSERT INTO job (id, queue_id, kind, args $columns)
	OVERRIDING SYSTEM VALUE
	VALUES ($id, 2, '${KIND:-webhook_apply}', '{"do": "$what"}' $values);
	NOTIFY jobd;
	EOT
}

# Of job $1, in the order they were written.
notes()
{
	echo "SELECT string_agg(text, ', ' ORDER BY id) FROM job_note
	    WHERE job_id = $1"
}

# outcome|attempt|error of the jobs that have ended.
ended()
{
	echo "SELECT outcome, attempt, error FROM job_done WHERE id = $1"
}

running()
{
	echo "SELECT count(*) FROM job WHERE state = 'running' AND id = $1"
}

# The child that began job $1 last.
child_of()
{
	sed -n "s/.*\"job.start\".*\"pid\":\([0-9]*\),.*\"job\":$1,.*/\1/p" \
	    "${2:-jobd}.log" | tail -n 1
}

# What waits for its next try is due now.
hurry()
{
	sql <<-'EOT'
	UPDATE job SET run_at = now() WHERE state = 'scheduled';
	EOT
}

hurried()
{
	hurry
	says "$@"
}

# A figure of all that ran in this case.
figure()
{
	program ops
	request GET /metrics \
	    "Authorization: Bearer $(operator_key --days 1)" |
		sed -n "s/^$1 //p"
}
