# A program asked in CGI mode, from a test. Source it, name the program, ask:
#	top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
#	. "$top/tests/cgi.sh"
#	program auth
#	atf_check -o match:'^Status: 401' -e ignore request GET /api/auth/keys
#	printf '{"label":"x"}' | request POST /api/auth/keys "Cookie: $cookie"
# The settings a program needs are exported by the test; its log is on
# standard error. See tests/cgi/request.

PATH=${top:?}/tests/cgi:$PATH

# A program of build/bin, or of tests/helpers.
program()
{
	for PROGRAM in "${STOCKROOM_BUILD:=$top/build}/bin/$1.fcgi" \
	    "$STOCKROOM_BUILD/tests/helpers/$1.fcgi"; do
		export PROGRAM
		[ ! -x "$PROGRAM" ] || return 0
	done
	echo "there is no program $1 in $STOCKROOM_BUILD" >&2
	return 1
}

# The answer's body alone.
request_body()
{
	request "$@" | sed '1,/^\r$/d'
}
