# Programs as handlers: real jobd, real execd, what they are given, how they end
# and what is left of them (handlers.conf(5)).
# kyua: timeout=120
. "${STOCKROOM_SRC:?}/tests/handlers.sh"

# ---- how they end

atf_test_case an_exit_status_says_what_becomes_of_the_job cleanup
an_exit_status_says_what_becomes_of_the_job_body()
{
	handlers_case
	handler good <<-'EOT'
	echo "got $(wc -c) bytes"
	echo "first line" >&2
	printf 'second' > /dev/stderr
	EOT
	handler later attempts=2 <<-'EOT'
	exit 75
	EOT
	handler bad <<-'EOT'
	echo partial
	exit 3
	EOT
	handler crashes <<-'EOT'
	kill -SEGV $$
	EOT
	handler unreadable <<-'EOT'
	EOT
	printf '#! /nowhere/interpreter\n' > programs/unreadable
	handler long <<-'EOT'
	head -c 70000 /dev/zero | tr '\0' x
	EOT
	jobd
	for name in good later bad crashes unreadable long; do
		put $name
	done
	await_sql 'completed|' "$(ended good)"
	await_sql 'dead|its program failed with status 3' "$(ended bad)"
	await_sql 'completed|' "$(ended long)"
	await_sql 'its program was ended by signal 11' "$(waits crashes)"
	await_sql 'its program cannot be started: No such file or directory' \
	    "$(waits unreadable)"
	await hurried 'dead|its program asks to be tried again (75)' \
	    "$(ended later)"
	check_sql 'first line|second' "$(notes good)"
	check_sql '{"cut": false, "bytes": 14, "handler": "good"}' \
	    "$(result good)"
	check_sql '{"cut": true, "bytes": 70000, "handler": "long"}' \
	    "$(result long)"
	check_sql 'good|14|0,long|70000|1' "SELECT string_agg(handler || '|' ||
	    bytes || '|' || cut::int, ',' ORDER BY handler) FROM handler_result"
	check_sql '1|0||2|its program asks to be tried again (75)' "SELECT
	    (SELECT done FROM handler WHERE name = 'good'),
	    (SELECT failed FROM handler WHERE name = 'good'),
	    (SELECT error FROM handler WHERE name = 'good'), failed, error
	    FROM handler WHERE name = 'later'"
}
an_exit_status_says_what_becomes_of_the_job_cleanup() { handlers_stop; }

# ---- what they are given

atf_test_case a_program_has_the_listed_names_and_nothing_of_ours cleanup
a_program_has_the_listed_names_and_nothing_of_ours_body()
{
	handlers_case
	bind env 'exec /usr/bin/env'
	handler lists <<-'EOT'
	ls -l /proc/self/fd | sed -n 's/.* \([0-9]* -> [^ ]*\).*/\1/p' >&2
	id -un >&2
	pwd >&2
	umask >&2
	ps -o sid= -p $$ | tr -d ' ' | sed "s/^$$\$/a session of its own/" >&2
	grep -E '^(NoNewPrivs|SigIgn|SigBlk)' /proc/self/status >&2
	cat >&2
	EOT
	jobd
	put env
	put lists
	await_sql 'completed|' "$(ended env)"
	await_sql 'completed|' "$(ended lists)"
	id=$(echo "SELECT id FROM job_done WHERE args IS NULL AND
	    result ->> 'handler' = 'env'" | sql)
	output env | sed "/^$/d" | sort > given
	cat > wanted <<-EOT
	LANG=C.UTF-8
	PATH=/usr/local/bin:/usr/bin:/bin
	STOCKROOM_ATTEMPT=1
	STOCKROOM_EVENT=schedule
	STOCKROOM_EVENT_ID=env-$id
	STOCKROOM_HANDLER=env
	STOCKROOM_JOB=$id
	STOCKROOM_SCHEDULED_AT=$(at "$id")
	EOT
	diff wanted given >&2 || atf_fail 'other names'
	notes lists | sql | tr '|' '\n' > told
	user=$(id -un)
	[ "$user" != root ] || user=nobody
	id=$(echo "SELECT id FROM job_done WHERE
	    result ->> 'handler' = 'lists'" | sql)
	sed 's/pipe:.*/pipe/;s/\(.*memfd:stockroom\).*/\1/' told > told.plain
	cat > wanted <<-EOT
	0 -> /memfd:stockroom
	1 -> pipe
	2 -> pipe
	$user
	/
	0077
	a session of its own
	EOT
	grep -v '^3 -> /proc' told.plain | head -n 7 | diff wanted - >&2 ||
		atf_fail 'not as it must be'
	grep -q 'NoNewPrivs:.*1' told || atf_fail 'it may gain rights'
	# But for libc's own two, 32 and 33, which make's posix_spawn leaves so.
	grep -q -e 'SigIgn:.*0000000000000000' -e 'SigIgn:.*0000000180000000' \
	    told || atf_fail "deaf to signals: $(grep Sig told)"
	grep -qF "{\"type\":\"schedule\",\"id\":\"lists-$id\",\"handler\":\"lists\",\"timestamp\":\"$(at "$id")\",\"data\":{\"schedule\":\"@yearly\",\"zone\":\"UTC\",\"at\":\"$(at "$id")\"}}" told ||
		atf_fail "another input: $(cat told)"
}
a_program_has_the_listed_names_and_nothing_of_ours_cleanup() { handlers_stop; }

# ---- limits

atf_test_case what_does_not_end_is_ended_with_all_that_it_began cleanup
what_does_not_end_is_ended_with_all_that_it_began_body()
{
	handlers_case
	handler busy soft=1 hard=2 attempts=1 <<-'EOT'
	while :; do :; done
	EOT
	handler deaf soft=1 hard=2 attempts=1 <<-'EOT'
	trap '' TERM
	while :; do :; done
	EOT
	handler forks soft=1 hard=2 attempts=1 <<-'EOT'
	setsid sh -c 'trap "" TERM HUP; setsid sleep NAP & exec sleep NAP' &
	exec sleep NAP
	EOT
	handler leaves <<-'EOT'
	setsid sh -c 'setsid sleep NAP & exec sleep NAP' > /dev/null 2>&1 &
	EOT
	handler saves soft=1 hard=5 <<-'EOT'
	trap 'echo saved; exit 0' TERM
	while :; do sleep 0.05; done
	EOT
	jobd
	for name in busy deaf forks leaves saves; do
		put $name
	done
	await_sql 'dead|its program was stopped at its limit of 1 s' \
	    "$(ended busy)"
	await_sql 'dead|its program was stopped at its limit of 2 s' \
	    "$(ended deaf)"
	await_sql 'dead|its program was stopped at its limit of 1 s' \
	    "$(ended forks)"
	await_sql 'completed|' "$(ended leaves)"
	await_sql 'completed|' "$(ended saves)"
	nap_over || atf_fail 'something is left'
	check_sql 0 'SELECT count(*) FROM job WHERE crashes > 0'
	check_none_killed
}
what_does_not_end_is_ended_with_all_that_it_began_cleanup() { handlers_stop; }

atf_test_case a_cancelled_program_is_gone_within_a_second cleanup
a_cancelled_program_is_gone_within_a_second_body()
{
	handlers_case
	handler deaf <<-'EOT'
	trap '' TERM
	echo ready >&2
	sleep NAP & wait
	while :; do sleep 1; done
	EOT
	jobd
	put deaf
	await_sql ready "SELECT string_agg(text, '|' ORDER BY id) FROM job_note"
	echo "SELECT job_cancel(id) FROM job WHERE kind = 'exec'" | sql
	await_sql 'cancelled|its program was ended' "SELECT outcome, error FROM job_done
	    WHERE kind = 'exec'"
	nap_over || atf_fail 'it is left'
	check_sql t "SELECT d.finished_at - j.at < interval '3 s' FROM job_done d,
	    job_note j WHERE d.kind = 'exec' AND j.job_id = d.id"
	check_none_killed
}
a_cancelled_program_is_gone_within_a_second_cleanup() { handlers_stop; }

# ---- deaths of ours

atf_test_case with_jobd_goes_what_it_ran cleanup
with_jobd_goes_what_it_ran_body()
{
	handlers_case
	handler holds <<-'EOT'
	echo ready >&2
	setsid sleep NAP &
	exec sleep NAP
	EOT
	jobd
	put holds
	await_sql ready "SELECT string_agg(text, '|' ORDER BY id) FROM job_note"
	kill -9 "$(cat jobd.pid)"
	await nap_over
	await none "bin/execd -p $(cat jobd.pid)"
}
with_jobd_goes_what_it_ran_cleanup() { handlers_stop; }

atf_test_case without_execd_jobd_ends_and_says_why cleanup
without_execd_jobd_ends_and_says_why_body()
{
	handlers_case
	handler holds <<-'EOT'
	echo ready >&2
	exec sleep NAP
	EOT
	jobd
	put holds
	await_sql ready "SELECT string_agg(text, '|' ORDER BY id) FROM job_note"
	kill -9 "$(pgrep -o -P "$(cat jobd.pid)" -x execd)"
	wait "$(cat jobd.pid)"
	[ $? -eq 69 ] || atf_fail 'another status'
	grep -q 'jobd.execd_lost' jobd.log || atf_fail 'it does not say so'
	nap_over || atf_fail 'it is left'
	check_sql 1 "SELECT count(*) FROM job WHERE kind = 'exec'"
}
without_execd_jobd_ends_and_says_why_cleanup() { handlers_stop; }

# ---- an execd of its own

# served ARGUMENT...: as a service manager starts it, at ./execd.sock.
served()
{
	rm -f execd.sock
	python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("execd.sock")
s.listen()
os.dup2(s.fileno(), 0)
os.execv(sys.argv[1], sys.argv[1:])' "$build/bin/execd" "$@" 2>> execd.log &
	echo $! > execd.pid
	await grep -q '"execd.start"' execd.log
}

execd_stop()
{
	[ ! -f execd.pid ] || kill "$(cat execd.pid)"
	handlers_stop
}

atf_test_case an_execd_of_its_own_is_asked_by_its_socket cleanup
an_execd_of_its_own_is_asked_by_its_socket_body()
{
	handlers_case
	handler says <<-'EOT'
	id -un
	EOT
	user=
	[ "$(id -u)" -ne 0 ] || user='-u nobody'
	# shellcheck disable=SC2086
	served $user -o "$(id -u)"
	export EXECD_SOCKET="$PWD/execd.sock" EXEC_USER=
	jobd
	! pgrep -P "$(cat jobd.pid)" -x execd || atf_fail 'it began another'
	put says
	await_sql 'completed|' "$(ended says)"
	kill "$(cat execd.pid)"
	: > execd.log
	# shellcheck disable=SC2086
	served $user -o 4711
	put says
	await grep -q '"execd.refused"' execd.log
	await_sql t "SELECT error LIKE 'execd %' FROM job WHERE kind = 'exec'"

	atf_check -s exit:64 -e match:usage "$build/bin/execd" -x
	atf_check -s exit:78 -e match:'must be a listening socket' \
	    "$build/bin/execd" < /dev/null
}
an_execd_of_its_own_is_asked_by_its_socket_cleanup() { execd_stop; }

atf_test_case root_runs_no_program_as_root cleanup
root_runs_no_program_as_root_head()
{
	atf_set require.user root
}
root_runs_no_program_as_root_body()
{
	handlers_case
	EXEC_USER=root "$build/bin/jobd" 2> jobd.log
	[ $? -eq 69 ] || atf_fail 'another status'
	grep -q 'not root: root' jobd.log || atf_fail 'it does not say why'
}
root_runs_no_program_as_root_cleanup() { handlers_stop; }

# ---- changes of the file

atf_test_case a_changed_file_is_taken_at_sighup_unless_it_is_wrong cleanup
a_changed_file_is_taken_at_sighup_unless_it_is_wrong_body()
{
	handlers_case
	handler one <<-'EOT'
	echo one >&2
	EOT
	jobd
	put one
	await_sql 'completed|' "$(ended one)"
	check_sql 'handler:one|@yearly|UTC|file|exec' "SELECT name, spec, tz,
	    owner, kind FROM cron WHERE name LIKE 'handler:%'"
	echo 'schedule @daily exec relative' >> handlers.conf
	kill -HUP "$(cat jobd.pid)"
	await grep -q 'line 2: the program must be an absolute path, not' \
	    jobd.log
	put one
	await_sql 2 "SELECT count(*) FROM job_done WHERE kind = 'exec'"
	: > handlers.conf
	handler two <<-'EOT'
	echo two >&2
	EOT
	kill -HUP "$(cat jobd.pid)"
	await_sql 'handler:two' "SELECT name FROM cron WHERE name LIKE 'handler:%'"
	put two
	await_sql 'completed|' "$(ended two)"
	put one
	await_sql 'dead|handlers.conf has no handler one any more' \
	    "SELECT outcome, error FROM job_done WHERE outcome = 'dead'"
	atf_check -s exit:78 -o ignore -e match:'HANDLERS_FILE' \
	    env HANDLERS_FILE=/nowhere "$build/bin/jobd" -t
}
a_changed_file_is_taken_at_sighup_unless_it_is_wrong_cleanup() { handlers_stop; }

atf_init_test_cases()
{
	atf_add_test_case an_exit_status_says_what_becomes_of_the_job
	atf_add_test_case a_program_has_the_listed_names_and_nothing_of_ours
	atf_add_test_case what_does_not_end_is_ended_with_all_that_it_began
	atf_add_test_case a_cancelled_program_is_gone_within_a_second
	atf_add_test_case with_jobd_goes_what_it_ran
	atf_add_test_case without_execd_jobd_ends_and_says_why
	atf_add_test_case an_execd_of_its_own_is_asked_by_its_socket
	atf_add_test_case root_runs_no_program_as_root
	atf_add_test_case a_changed_file_is_taken_at_sighup_unless_it_is_wrong
}
