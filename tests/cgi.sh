# A program asked in CGI mode, from a test. Source it, name the program:
#	program echo		$STOCKROOM_BUILD/bin/echo.fcgi, or a helper's
#	request GET /hello 'X-Request-Id: 12345678'
#	printf '{}' | request POST /things
# A POST, PUT or PATCH reads standard input as its body and says that it is
# application/json unless a header says otherwise.

build=${STOCKROOM_BUILD:-build}

program()
{
	for PROGRAM in "$build/bin/$1.fcgi" "$build/tests/helpers/$1.fcgi"; do
		[ ! -x "$PROGRAM" ] || return 0
	done
	echo "there is no program $1 in $build" >&2
	return 1
}

# "Content-Type: x" as CONTENT_TYPE=x, "If-Match: x" as HTTP_IF_MATCH=x.
cgi_variable()
{
	cgi_name=$(printf '%s' "${1%%:*}" | tr 'a-z-' 'A-Z_')
	cgi_value=${1#*:}
	case $cgi_name in
	CONTENT_TYPE|CONTENT_LENGTH) ;;
	*) cgi_name=HTTP_$cgi_name ;;
	esac
	printf '%s=%s' "$cgi_name" "${cgi_value# }"
}

# What the program answers as it writes it: Status, headers, a blank line, body.
request()
{
	cgi_method=$1 cgi_uri=$2
	shift 2
	for cgi_header in "$@"; do
		shift
		set -- "$@" "$(cgi_variable "$cgi_header")"
	done
	case $cgi_method in
	POST|PUT|PATCH)
		cgi_body=$(mktemp)
		cat > "$cgi_body"
		set -- CONTENT_TYPE=application/json \
		    CONTENT_LENGTH="$(wc -c < "$cgi_body")" "$@"
		;;
	*)	cgi_body=/dev/null ;;
	esac
	cgi_rc=0
	env GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 \
	    REQUEST_METHOD="$cgi_method" REQUEST_URI="$cgi_uri" \
	    REMOTE_ADDR=192.0.2.1 SERVER_NAME=app.test HTTP_HOST=app.test \
	    RUN_DIR="$PWD" "$@" "$PROGRAM" < "$cgi_body" || cgi_rc=$?
	[ "$cgi_body" = /dev/null ] || rm -f "$cgi_body"
	return "$cgi_rc"
}

# The same without the head.
request_body()
{
	request "$@" | sed '1,/^\r$/d'
}
