# Handlers under a real jobd, from a test. Source it, then in a case:
#	handlers_case             a database and an empty handlers.conf
#	handler NAME [OPTION...]  a shell program out of standard input, bound to a
#	                          schedule that is far away
#	bind NAME WORD...         the same for what WORDs say ("exec /usr/bin/env")
#	jobd                      in the background; jobd.pid, jobd.log
#	put NAME                  its job, due now
#	handlers_stop             in cleanup
#
# shellcheck shell=sh

. "${STOCKROOM_SRC:?}/tests/app.sh"

handlers_case()
{
	app_case
	chmod 755 .
	mkdir programs
	chmod 755 programs
	: > handlers.conf
	export HANDLERS_FILE="$PWD/handlers.conf"
}

bind()
{
	bind_name=$1
	shift
	echo "schedule @yearly $* name=$bind_name" >> handlers.conf
}

handler()
{
	handler_name=$1
	shift
	{
		echo '#! /bin/sh'
		sed "s/NAP/$nap/g"
	} > "programs/$handler_name"
	chmod 755 "programs/$handler_name"
	bind "$handler_name" "exec $PWD/programs/$handler_name" "$@"
}

jobd()
{
	"$build/bin/jobd" 2>> jobd.log &
	echo $! > jobd.pid
	await grep -q '"jobd.lease"' jobd.log
}

handlers_stop()
{
	[ ! -f jobd.pid ] || kill -9 "$(cat jobd.pid)" 2> /dev/null
	pg_stop
}

# await COMMAND...: until it holds, for 30 s at most.
await()
{
	await_end=$(($(date +%s) + 30))
	until "$@" > /dev/null; do
		[ "$(date +%s)" -lt "$await_end" ] || {
			tail -n 40 jobd.log >&2
			atf_fail "waited in vain for: $(echo "$*" | tr '\n' ' ')"
		}
		sleep 0.05
	done
}

none()
{
	! pgrep -f "$1"
}

# A sleep that is no other test's: NAP in a handler.
nap=77$$

nap_over()
{
	none "sleep $nap"
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

# await_sql WANT QUERY, check_sql WANT QUERY
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

put()
{
	sql <<-EOT > /dev/null
	INSERT INTO job (queue_id, kind, args, max_attempts)
	VALUES (7, 'exec', '{"handler": "$1", "on": "schedule"}', 10);
	NOTIFY jobd;
	EOT
}

# Where the jobs of handler $1 are: outcome|error of what has ended, and the
# error of what is tried again.
of()
{
	echo "(result ->> 'handler' = '$1' OR args ->> 'handler' = '$1')"
}

ended()
{
	echo "SELECT outcome, error FROM job_done WHERE $(of "$1")"
}

waits()
{
	echo "SELECT error FROM job WHERE args ->> 'handler' = '$1'"
}

result()
{
	echo "SELECT result FROM job_done WHERE $(of "$1")"
}

notes()
{
	echo "SELECT string_agg(replace(n.text, chr(10), '|'), '|' ORDER BY n.id)
	    FROM job_note n JOIN job_done d ON d.id = n.job_id
	    WHERE d.$(of "$1" | sed 's/^(//;s/OR /OR d./;s/)$//')"
}

# When job $1 was put, as handlers are told.
at()
{
	echo "SELECT to_char(created_at AT TIME ZONE 'UTC',
	    'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM job_done WHERE id = $1" | sql
}

hurried()
{
	echo "UPDATE job SET run_at = now() WHERE state = 'scheduled'
	    AND kind IN ('exec', 'forward')" | sql > /dev/null
	says "$@"
}

# What handler $1's program gave back, by the API.
output()
{
	program ops
	output_id=$(echo "SELECT id FROM job_done WHERE $(of "$1")" | sql)
	request GET "/api/jobs/$output_id/output" \
	    "Authorization: Bearer ${2:-$(operator_key --days 1)}" > output.got
	json .output.text < output.got
}

# jobd's children ended all by themselves.
check_none_killed()
{
	! grep -E '"jobd.(kill|child_lost)"' jobd.log ||
		atf_fail 'a child was lost'
}
