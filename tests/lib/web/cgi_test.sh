# A program run from a shell: plain CGI, and its options.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../../.." && pwd)}
. "$top/tests/cgi.sh"

atf_test_case a_shell_can_ask_a_program
a_shell_can_ask_a_program_body()
{
	program echo
	atf_check -o match:'^Status: 200 OK' -o match:'"id":"a b"' \
	    -e ignore request GET /hello/a%20b
	printf '{"label":"x","days":3}' > body
	atf_check -o match:'^Status: 201' -o match:'"label":"x","days":3' \
	    -e ignore request POST /things < body
}

atf_test_case a_refusal_names_field_rule_and_what_was_got
a_refusal_names_field_rule_and_what_was_got_body()
{
	program echo
	printf '{"label":"x","days":4000}' > body
	request POST /things < body > answer 2> log
	atf_check -o inline:'400
input
days
a whole number from 0 to 3650
4000
' jq -r '.status, .code, (.errors[0] | .field, .rule, .got)' <<-EOT
	$(sed '1,/^\r$/d' answer)
	EOT
}

atf_test_case the_log_has_a_line_for_a_request
the_log_has_a_line_for_a_request_body()
{
	program echo
	request GET /hello/a-name 'X-Request-Id: abcdefgh' \
	    2> log > answer
	atf_check -o inline:'http.request GET /hello/:id 200 abcdefgh\n' \
	    jq -r '"\(.at) \(.method) \(.path) \(.status) \(.req)"' log
	atf_check -s exit:1 grep a-name log
}

atf_test_case a_body_that_does_not_come_is_not_waited_for_long
a_body_that_does_not_come_is_not_waited_for_long_body()
{
	program echo
	mkfifo body
	exec 9<> body
	atf_check -o match:'^Status: 408' -e ignore env \
	    REQUEST_METHOD=POST REQUEST_URI=/raw CONTENT_LENGTH=3 \
	    "$PROGRAM" < body
}

atf_test_case without_a_length_there_is_no_body
without_a_length_there_is_no_body_body()
{
	program echo
	mkfifo body
	exec 9<> body
	atf_check -o match:'^Status: 200' -o match:'^Content-Length: 0' \
	    -e ignore env REQUEST_METHOD=POST REQUEST_URI=/raw \
	    "$PROGRAM" < body
}

# RFC 3875 4.4: a server may pass a query string's words as arguments.
atf_test_case arguments_of_a_cgi_request_are_no_options
arguments_of_a_cgi_request_are_no_options_body()
{
	program echo
	echo 'WORKERS = no number' > wrong
	atf_check -o match:'^Status: 200' -e ignore env REQUEST_METHOD=GET \
	    REQUEST_URI=/hello "$PROGRAM" -r -f wrong < /dev/null
}

atf_test_case t_checks_the_configuration
t_checks_the_configuration_body()
{
	program echo
	echo 'WORKERS = 2' > right
	echo 'WORKERS = many' > wrong
	atf_check "$PROGRAM" -t -f right
	atf_check -s exit:78 -e match:WORKERS "$PROGRAM" -t -f wrong
	atf_check -s exit:78 -e match:absent "$PROGRAM" -t -f absent
}

atf_test_case r_prints_the_routes
r_prints_the_routes_body()
{
	program echo
	"$PROGRAM" -r > routes
	atf_check -o inline:'Make a thing.\n' \
	    jq -r '.paths["/things"].post.summary' routes
}

atf_test_case an_unknown_option_says_which_there_are
an_unknown_option_says_which_there_are_body()
{
	program echo
	atf_check -s exit:64 -e match:'usage: echo' "$PROGRAM" -x
	atf_check -s exit:64 -e match:'usage: echo' "$PROGRAM" more
}

atf_init_test_cases()
{
	atf_add_test_case a_shell_can_ask_a_program
	atf_add_test_case a_refusal_names_field_rule_and_what_was_got
	atf_add_test_case the_log_has_a_line_for_a_request
	atf_add_test_case a_body_that_does_not_come_is_not_waited_for_long
	atf_add_test_case without_a_length_there_is_no_body
	atf_add_test_case arguments_of_a_cgi_request_are_no_options
	atf_add_test_case t_checks_the_configuration
	atf_add_test_case r_prints_the_routes
	atf_add_test_case an_unknown_option_says_which_there_are
}
