# The suite behind Apache and by plain CGI, beside its lighttpd; sourced after
# tests/suite.sh, in a case that has started the suite:
#	apache_start	APACHE is where it answers, by the suite's own programs
#	cgi_start	CGI is where a lighttpd does that starts one for each
#	servers_stop	in cleanup, before suite_stop

. "$SRC/etc/dev/web.sh"

# One that nobody listens on.
free_port()
{
	until free=$(web_free_port) && ! grep -q \
	    "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$free") .* 0A " /proc/net/tcp
	do :; done
	say "$free"
}

# Apache gives up root's rights, so it is let to sockets and pages elsewhere.
servers_folder()
{
	FOLDER=$(cat "$RUN/sockets")
	mkdir -p "$FOLDER/apache" "$FOLDER/www"
	cp -Rp "$SRC/www/." "$FOLDER/www"
	chmod -R a+rX "$FOLDER/www" "$FOLDER/apache"
	chmod 711 "$FOLDER/web"
	for socket in "$FOLDER"/web/*-0; do
		chmod 777 "$socket"
		socket=${socket##*/}
		ln -sf "$FOLDER/web/$socket" "$FOLDER/apache/${socket%-0}.sock"
	done
}

apache_modules()
{
	for module in mpm_event authz_core authz_host reqtimeout proxy \
	    proxy_fcgi headers dir alias env buffer mime "$@"; do
		echo "LoadModule ${module}_module" \
		    "/usr/lib/apache2/modules/mod_$module.so"
	done
	echo 'TypesConfig /etc/mime.types'
}

apache_conf()
{
	cat <<-EOT
	ServerRoot "$PWD"
	ServerName 127.0.0.1
	PidFile "$PWD/apache.pid"
	ErrorLog "$PWD/apache.log"
	DefaultRuntimeDir "$PWD"
	Mutex posixsem
	Define STOCKROOM_RUN $FOLDER/apache
	Define STOCKROOM_WWW $FOLDER/www
	Listen 127.0.0.1:$1
	EOT
	[ "$(id -u)" -ne 0 ] || printf 'User www-data\nGroup www-data\n'
	apache_modules
	# How many threads: as the production file has it.
	grep -E '^[A-Z][A-Za-z]+ [0-9]+$' "$SRC/etc/apache.conf"
	printf '<VirtualHost *:%s>\nInclude "%s"\n</VirtualHost>\n' "$1" \
	    "$SRC/etc/apache-stockroom.conf"
}

well()
{
	[ "$(curl -q -s --noproxy '*' -o answer -w '%{http_code}' \
	    "$1/healthz")" = 200 ]
}

apache_start()
{
	servers_folder
	apache_port=$(free_port)
	apache_conf "$apache_port" > apache.conf
	APACHE=http://127.0.0.1:$apache_port
	/usr/sbin/apache2 -DFOREGROUND -f "$PWD/apache.conf" \
	    > apache.out 2>&1 &
	await 10 well "$APACHE" ||
		atf_fail "Apache does not answer: $(cat apache.out; tail -n 5 apache.log)"
}

cgi_conf()
{
	cat <<-EOT
	server.modules = ( "mod_rewrite", "mod_redirect", "mod_setenv",
	    "mod_fastcgi", "mod_alias", "mod_cgi" )
	server.bind = "127.0.0.1"
	server.port = $1
	server.document-root = "$SRC/www"
	server.errorlog = "$PWD/cgi.log"
	server.upload-dirs = ( "$PWD" )
	setenv.set-environment = ( "STOCKROOM_CONF" => "$CONF" )
	stockroom_lib = "$BIN"
	include "$SRC/etc/lighttpd-cgi.conf"
	include "$SRC/etc/lighttpd-stockroom.conf"
	EOT
}

cgi_start()
{
	cgi_port=$(free_port)
	cgi_conf "$cgi_port" > cgi.conf
	CGI=http://127.0.0.1:$cgi_port
	"$(lighttpd_path)" -D -f cgi.conf > cgi.out 2>&1 &
	echo $! > cgi.pid
	await 10 well "$CGI" ||
		atf_fail "lighttpd does not answer: $(cat cgi.out; tail -n 5 cgi.log)"
}

servers_stop()
{
	for pidfile in apache.pid cgi.pid; do
		[ ! -s "$pidfile" ] || kill "$(cat "$pidfile")" || :
	done
}
