# A throwaway authority and one certificate, for the sandbox's TLS. Sourced.
# shellcheck shell=sh
#
# The authority's own key is destroyed as soon as it has signed.

TLS=$VAR/tls

ca_openssl()
{
	openssl "$@" 2>> "$LOG/openssl.log" ||
		fail "openssl failed, see $LOG/openssl.log"
}

ca_key()
{
	ca_openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    -out "$1"
}

ca_make()
{
	if openssl x509 -in "$TLS/server.pem" -noout -checkend 86400 \
	    > /dev/null 2>&1 && [ -s "$TLS/ca.pem" ]; then
		return 0
	fi
	mkdir -p "$TLS"
	ca_key "$TLS/ca.key"
	ca_openssl req -x509 -new -config "$DEV/ca.cnf" -extensions ca \
	    -key "$TLS/ca.key" -days 90 -out "$TLS/ca.pem"
	ca_key "$TLS/server.key"
	ca_openssl req -new -config "$DEV/ca.cnf" -key "$TLS/server.key" \
	    -subj "/CN=Stockroom sandbox" -out "$TLS/server.csr"
	ca_openssl x509 -req -in "$TLS/server.csr" -days 90 -CAcreateserial \
	    -CA "$TLS/ca.pem" -CAkey "$TLS/ca.key" -extfile "$DEV/ca.cnf" \
	    -extensions server -out "$TLS/server.crt"
	cat "$TLS/server.crt" "$TLS/server.key" | put "$TLS/server.pem" 600
	rm -f "$TLS/ca.key" "$TLS"/ca.srl "$TLS"/server.csr \
	    "$TLS/server.crt" "$TLS/server.key"
}
