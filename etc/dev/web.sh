# lighttpd of a private run: the app by http, the sandbox by TLS. Sourced.
# shellcheck shell=sh

WEB_PROGRAMS="auth pulls ops ai webhooks events test-ui"

# The two ingest programs are one process each; so is the sandbox, for its state.
web_processes()
{
	case $1 in
	auth | pulls | ops | ai) say 2 ;;
	*) say 1 ;;
	esac
}

web_quote()
{
	printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
}

# SANDBOX_SEED and its like: what we set, and what the caller's environment has.
web_sandbox_names()
{
	{
		printf '%s\n' SANDBOX_STATE SANDBOX_KEY_FILE SANDBOX_CSV \
		    SANDBOX_SHOP
		env | sed -n 's/^\(SANDBOX_[A-Z_]*\)=.*/\1/p'
	} | grep -vx -e SANDBOX_URL -e SANDBOX_SHOPS | sort -u
}

web_sandbox_environment()
{
	[ -z "${SANDBOX_CSV:-}" ] || SANDBOX_CSV=$(absolute "$SANDBOX_CSV")
	SANDBOX_KEY_FILE=$(absolute "${SANDBOX_KEY_FILE:-$SECRETS/sandbox_key}")
	mkdir -p "$SANDBOX_STATE"
	for web_name in $(web_sandbox_names); do
		eval "web_value=\${$web_name:-}"
		[ -z "$web_value" ] || printf '\t\t"%s" => %s,\n' \
		    "$web_name" "$(web_quote "$web_value")"
	done
}

# web_host PROGRAM ENVIRONMENT [MORE]: one host list, which lighttpd starts; a
# program not built answers 503.
web_host()
{
	printf 'stockroom_%s = ((\n' "$(say "$1" | tr -d -)"
	printf '\t"socket" => %s,\n' "$(web_quote "$WEB_SOCKETS/$1")"
	if [ -x "$BIN/$1.fcgi" ]; then
		printf '\t"bin-path" => %s,\n' "$(web_quote "$BIN/$1.fcgi")"
		printf '\t"max-procs" => %s,\n' "$(web_processes "$1")"
		printf '\t"bin-copy-environment" => ("PATH"),\n'
		printf '\t"bin-environment" => (\n%s' "$2"
		printf '\t\t"STOCKROOM_CONF" => %s\n\t),\n' \
		    "$(web_quote "$CONF")"
	fi
	printf '%s\t"check-local" => "disable"\n))\n' "${3:-}"
}

# Bulk files are named by the sandbox and sent by lighttpd itself.
web_sandbox_files()
{
	printf '\t"x-sendfile" => "enable",\n'
	printf '\t"x-sendfile-docroot" => ( %s ),\n' \
	    "$(web_quote "$SANDBOX_STATE/bulk")"
}

web_conf()
{
	printf 'var.port = %s\nvar.tls_port = %s\n' "$PORT" "$TLS_PORT"
	printf 'var.src = %s\nvar.run = %s\n' \
	    "$(web_quote "$SRC")" "$(web_quote "$RUN")"
	printf 'var.log = %s\nvar.tls = %s\nvar.sockets = %s\n' \
	    "$(web_quote "$LOG")" "$(web_quote "$TLS")" \
	    "$(web_quote "$WEB_SOCKETS")"
	for web_program in $WEB_PROGRAMS; do
		web_host "$web_program" ""
	done
	SANDBOX_STATE=$(absolute "${SANDBOX_STATE:-$VAR/sandbox}")
	web_host sandbox "$(web_sandbox_environment)
" "$(web_sandbox_files)
"
	printf 'include %s\n' "$(web_quote "$DEV/lighttpd.conf")"
}

# A number below those that the kernel gives to clients.
web_free_port()
{
	say $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
}

web_start()
{
	mkdir -p "$WEB_SOCKETS" "$RUN/upload" "$RUN/metrics"
	web_conf | put "$RUN/lighttpd.conf" 600
	env -i PATH="$CLEAN_PATH" "$(lighttpd_path)" \
	    -f "$RUN/lighttpd.conf" 2> "$LOG/lighttpd.start"
}

web_taken()
{
	grep -q 'Address already in use' "$LOG/lighttpd.start"
}
