# A dump of before a customer was forgotten: dark, and emptied again.
# kyua: timeout=300

. "${STOCKROOM_SRC:?}/tests/suite.sh"
. "$SRC/tests/e2e/privacy.sh"

jobd_end()
{
	jobd=$(pid_in "$RUN/jobd.pid")
	kill -TERM "$jobd"
	await 20 test ! -d "/proc/$jobd" || atf_fail 'jobd does not end'
}

jobd_begin()
{
	env -i PATH="$CLEAN_PATH" STOCKROOM_CONF="$CONF" \
	    setsid "$BIN/jobd" < /dev/null >> "$LOG/jobd.log" 2>&1 &
	echo $! > "$RUN/jobd.pid"
}

atf_test_case a_dump_of_before_is_dark_and_is_emptied_again cleanup
a_dump_of_before_is_dark_and_is_emptied_again_body()
{
	begin
	choose
	pg_dump -Fc "$DATABASE_URL" > before.dump
	redact
	done_all 1
	jobd_end
	echo 'DROP SCHEMA stockroom CASCADE' | sql
	pg_restore -d "$DATABASE_URL" before.dump ||
		atf_fail 'the dump cannot be restored'
	is 1 "$(echo "SELECT count(*) FROM stockroom.customer
	    WHERE id = $CUSTOMER" | sql)"
	operator GET "/api/pulls/latest/results?resource=customers&id=$CUSTOMER&shop=$SANDBOX_SHOP" \
	    > customer.json
	is '' "$(json "$(cat customer.json)" items,0,personal)"
	jobd_begin
	await 70 customer_gone || atf_fail 'the rows stay'
}
a_dump_of_before_is_dark_and_is_emptied_again_cleanup() { suite_stop; }

atf_init_test_cases()
{
	atf_add_test_case a_dump_of_before_is_dark_and_is_emptied_again
}
