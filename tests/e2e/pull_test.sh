# A pull from end to end, with its workers killed in the middle (REL-4).
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/suite.sh"

ALL='{"resources":["products","orders","transactions","customers"]}'

atf_test_case a_pull_brings_all_there_is cleanup
a_pull_brings_all_there_is_body()
{
	suite_start
	connect "$SANDBOX_SHOP"
	pull_begin "$ALL"
	pull_end 60
	complete
	pull_begin "$ALL"
	pull_end 60
	complete
}
a_pull_brings_all_there_is_cleanup() { suite_stop; }

# Shopify ends a list after 25,000 objects and says that there is no more. (No
# product has as many variants as 270, no order as many lines.)
atf_test_case what_is_behind_the_end_of_a_list_is_pulled_too cleanup
what_is_behind_the_end_of_a_list_is_pulled_too_body()
{
	suite_start SANDBOX_PAGE_OBJECTS_MAX=270
	connect "$SANDBOX_SHOP"
	pull_begin "$ALL"
	pull_end 60
	complete
	[ "$(json "$PULL" 'done')" = "$(json "$PULL" total)" ] ||
		atf_fail "more or less than there is: $PULL"
	[ "$(echo "SELECT count(window_from) > 0 FROM stockroom.pull_part" |
	    sql)" = t ] ||
		atf_fail "no list was longer: $PULL"
}
what_is_behind_the_end_of_a_list_is_pulled_too_cleanup() { suite_stop; }

# Some pages are kept, more are to come.
under_way()
{
	[ "$(echo "SELECT count(*) FROM stockroom.pull_part
	    WHERE pages > 0 AND state = 'running'" | sql)" -gt 0 ]
}

# kill -9 of every child, again and again while the pull goes on.
atf_test_case a_pull_survives_the_death_of_its_workers cleanup
a_pull_survives_the_death_of_its_workers_body()
{
	suite_start SANDBOX_DELAY_MS=20
	connect "$SANDBOX_SHOP"
	pull_begin "$ALL"
	for _ in 1 2; do
		await 30 under_way || atf_fail 'the pull was over too soon'
		# shellcheck disable=SC2046
		kill -9 $(jobd_workers)
	done
	pull_end 60
	complete
}
a_pull_survives_the_death_of_its_workers_cleanup() { suite_stop; }

atf_test_case a_pull_survives_the_death_of_jobd cleanup
a_pull_survives_the_death_of_jobd_body()
{
	suite_start SANDBOX_DELAY_MS=20
	connect "$SANDBOX_SHOP"
	pull_begin "$ALL"
	await 30 under_way || atf_fail 'the pull was over too soon'
	kill -9 "$(pid_in "$RUN/jobd.pid")"
	env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    setsid "$BIN/jobd" < /dev/null >> "$LOG/jobd.log" 2>&1 &
	echo $! > "$RUN/jobd.pid"
	pull_end 60
	complete
}
a_pull_survives_the_death_of_jobd_cleanup() { suite_stop; }

atf_test_case a_cancelled_pull_stops_and_keeps_what_it_has cleanup
a_cancelled_pull_stops_and_keeps_what_it_has_body()
{
	suite_start SANDBOX_DELAY_MS=20
	connect "$SANDBOX_SHOP"
	pull_begin "$ALL"
	await 30 under_way || atf_fail 'the pull was over too soon'
	ask -f -o /dev/null -X DELETE "$STOCKROOM_URL/api/pulls/$PULL_ID" ||
		atf_fail 'it cannot be cancelled'
	pull_load
	[ "$PULL_STATE" = cancelled ] || atf_fail "it is $PULL_STATE"
	await 10 quiet || atf_fail 'its jobs go on'
	kept=$(ours)
	# Of which kind first is the queue's affair.
	echo "$kept" | awk '{ n += $2 } END { exit !n }' ||
		atf_fail 'nothing was kept'
	pull_begin "$ALL"
	pull_end 60
	complete
}
a_cancelled_pull_stops_and_keeps_what_it_has_cleanup() { suite_stop; }

quiet()
{
	[ "$(echo "SELECT count(*) FROM stockroom.job
	    WHERE kind = 'pull_page'" | sql)" -eq 0 ]
}

atf_init_test_cases()
{
	atf_add_test_case a_pull_brings_all_there_is
	atf_add_test_case what_is_behind_the_end_of_a_list_is_pulled_too
	atf_add_test_case a_pull_survives_the_death_of_its_workers
	atf_add_test_case a_pull_survives_the_death_of_jobd
	atf_add_test_case a_cancelled_pull_stops_and_keeps_what_it_has
}
