# One shop never sees another (SEC-13, SEC-14): every route, with every id of
# shop B, answers A's callers as for an id that does not exist. So again with row
# policies off, and with the queries' filter off.
# kyua: timeout=120

. "${STOCKROOM_SRC:?}/tests/app.sh"

A='a-shop.myshopify.com'
B='b-shop.myshopify.com'

# Each route of each program stands here, or the test fails:
#	METHOD PATH|KIND|TARGET|BODY
# @ in target or body is an id, %kind is B's of a kind. KIND is
#	open	nobody is looked for, or no id of ours is taken; TARGET says why
#	list	A's own list: it holds what is A's and nothing of B's
#	any:kind	every id that B has; an id of that kind is what it takes
#	kind	B's id of that kind
# An id's kinds are in ./ids: see ids_made.
table()
{
	cat <<-'END'
	GET /app|open|Shopify's signature decides
	GET /api/auth/shopify/connect|open|an install begins, for any shop
	POST /api/auth/shopify/connect|open|an install begins, for any shop
	GET /api/auth/shopify/callback|open|Shopify's signature decides
	POST /api/auth/shopify/token|open|the shop is the token's own
	POST /api/auth/session|open|the key is the caller
	GET /api/auth/session|shop|/api/auth/session?shop=@
	DELETE /api/auth/session|open|the cookie's own session
	GET /api/auth/sessions|list|/api/auth/sessions
	GET /api/auth/sessions|session|/api/auth/sessions?after=@
	GET /api/auth/sessions|shop|/api/auth/sessions?shop=@
	DELETE /api/auth/sessions/{id}|any:session|/api/auth/sessions/@
	DELETE /api/auth/sessions/{id}|shop|/api/auth/sessions/%session?shop=@
	GET /api/auth/keys|list|/api/auth/keys
	GET /api/auth/keys|key|/api/auth/keys?after=@
	GET /api/auth/keys|shop|/api/auth/keys?shop=@
	POST /api/auth/keys|shop|/api/auth/keys|{"label":"x","scopes":["shops:read"],"shop":"@"}
	DELETE /api/auth/keys/{id}|any:key|/api/auth/keys/@
	DELETE /api/auth/keys/{id}|shop|/api/auth/keys/%key?shop=@
	GET /api/auth/shops|list|/api/auth/shops
	GET /api/auth/shops|number|/api/auth/shops?after=@
	GET /api/auth/shops/{shop}|any:shop|/api/auth/shops/@
	POST /api/data/shopify/products|shop|/api/data/shopify/products|{"shop":"@"}
	POST /api/data/shopify/orders|shop|/api/data/shopify/orders|{"shop":"@"}
	POST /api/data/shopify/customers|shop|/api/data/shopify/customers|{"shop":"@"}
	POST /api/data/shopify/transactions|shop|/api/data/shopify/transactions|{"shop":"@"}
	GET /api/pulls|list|/api/pulls
	GET /api/pulls|pull|/api/pulls?after=@
	GET /api/pulls|shop|/api/pulls?shop=@
	POST /api/pulls|shop|/api/pulls|{"resources":["products"],"shop":"@"}
	GET /api/pulls/{id}|any:pull|/api/pulls/@
	GET /api/pulls/{id}|shop|/api/pulls/%pull?shop=@
	DELETE /api/pulls/{id}|any:pull|/api/pulls/@
	GET /api/pulls/{id}/results|any:pull|/api/pulls/@/results?resource=orders
	GET /api/pulls/{id}/results|shop|/api/pulls/latest/results?resource=orders&shop=@
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=products
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=variants
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=orders
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=lines
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=transactions
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=refunds
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=refund_lines
	GET /api/pulls/{id}/results|list|/api/pulls/latest/results?resource=customers
	GET /api/pulls/{id}/results|product|/api/pulls/latest/results?resource=products&id=@
	GET /api/pulls/{id}/results|variant|/api/pulls/latest/results?resource=variants&id=@
	GET /api/pulls/{id}/results|order|/api/pulls/latest/results?resource=orders&id=@
	GET /api/pulls/{id}/results|line|/api/pulls/latest/results?resource=lines&id=@
	GET /api/pulls/{id}/results|transaction|/api/pulls/latest/results?resource=transactions&id=@
	GET /api/pulls/{id}/results|refund|/api/pulls/latest/results?resource=refunds&id=@
	GET /api/pulls/{id}/results|refund_line|/api/pulls/latest/results?resource=refund_lines&id=@
	GET /api/pulls/{id}/results|customer|/api/pulls/latest/results?resource=customers&id=@
	GET /api/pulls/{id}/results|order|/api/pulls/latest/results?resource=orders&after=@
	GET /api/jobs|list|/api/jobs
	GET /api/jobs|job|/api/jobs?after=@
	GET /api/jobs|shop|/api/jobs?shop=@
	GET /api/jobs|batch|/api/jobs?batch=@
	GET /api/jobs/{id}|any:job|/api/jobs/@
	GET /api/jobs/{id}|shop|/api/jobs/%job?shop=@
	GET /api/jobs/{id}/output|any:job|/api/jobs/@/output
	GET /api/jobs/{id}/output|shop|/api/jobs/%job/output?shop=@
	POST /api/jobs/{id}/cancel|any:job|/api/jobs/@/cancel
	POST /api/jobs/{id}/cancel|shop|/api/jobs/%job/cancel?shop=@
	POST /api/jobs/{id}/retry|any:late|/api/jobs/@/retry
	POST /api/jobs/{id}/retry|shop|/api/jobs/%late/retry?shop=@
	POST /api/jobs/replay|shop|/api/jobs/replay|{"kind":"pull_page","shop":"@"}
	GET /api/batches/{id}|any:batch|/api/batches/@
	GET /api/batches/{id}|shop|/api/batches/%batch?shop=@
	POST /api/batches/{id}/cancel|any:batch|/api/batches/@/cancel
	POST /api/batches/{id}/cancel|shop|/api/batches/%batch/cancel?shop=@
	GET /api/queues|open|the operator's
	PATCH /api/queues/{name}|open|the operator's
	PUT /api/queues/{name}/shops/{shop}|open|the operator's
	DELETE /api/queues/{name}/shops/{shop}|open|the operator's
	GET /api/queues/figures|open|the operator's
	GET /api/schedules|open|the operator's
	PATCH /api/schedules/{name}|open|the operator's
	POST /api/schedules/{name}/run|open|the operator's
	PUT /api/schedules/{name}|open|the operator's
	DELETE /api/schedules/{name}|open|the operator's
	GET /api/rates|open|the operator's
	PUT /api/rates/{key}|open|the operator's
	DELETE /api/rates/{key}|open|the operator's
	GET /api/workers|open|the operator's
	GET /api/queries|open|the operator's
	GET /api/webhooks|list|/api/webhooks
	GET /api/webhooks|webhook|/api/webhooks?after=@
	GET /api/webhooks|shop|/api/webhooks?shop=@
	GET /api/webhooks/{id}|any:webhook|/api/webhooks/@
	GET /api/webhooks/{id}|shop|/api/webhooks/%webhook?shop=@
	GET /api/privacy|list|/api/privacy
	GET /api/privacy|privacy|/api/privacy?after=@
	GET /api/privacy|shop|/api/privacy?shop=@
	POST /api/privacy|open|the operator's
	GET /api/privacy/access|list|/api/privacy/access
	GET /api/privacy/access|access|/api/privacy/access?after=@
	GET /api/privacy/access|shop|/api/privacy/access?shop=@
	GET /api/privacy/{id}|any:privacy|/api/privacy/@
	GET /api/privacy/{id}|shop|/api/privacy/%privacy?shop=@
	GET /api/privacy/{id}/package|privacy|/api/privacy/@/package
	GET /api/privacy/{id}/package|shop|/api/privacy/%privacy/package?shop=@
	POST /webhooks|open|Shopify's signature decides
	GET /healthz|open|it tells of this process
	GET /readyz|open|it tells of this installation
	GET /metrics|open|the operator's
	GET /openapi.json|open|it is the same for all
	END
}

# PROGRAM METHOD PATH of each route that is served.
served()
{
	for file in "$build"/bin/*.fcgi; do
		name=$(basename "$file" .fcgi)
		[ "$name" != sandbox ] || continue
		"$file" -r < /dev/null | jq -r --arg program "$name" '.paths |
		    to_entries[] | .key as $p | .value | keys[] |
		    select(test("^(get|post|put|patch|delete)$")) |
		    "\($program) \(ascii_upcase) \($p)"'
	done
}

# ---- what A and B have

# uuid N: of this millennium's ids, far from any minted today.
uuid()
{
	printf '01900000-0000-7000-8000-%012d' "$1"
}

# rows_made SHOP NUMBER: a row of each kind, numbered from NUMBER; whatever text
# a row has says whose it is.
rows_made()
{
	pg_sql t <<-EOF
	SET search_path = stockroom;
	INSERT INTO session (shop_id, id, hash, agent, idle_until, expires_at,
	    shop_epoch)
	VALUES ($1, '$(uuid "$2")', sha256('s$2'), 'canary-$1',
	    now() + interval '1 h', now() + interval '1 h', 1);
	INSERT INTO api_key (shop_id, id, hash, prefix, label, scopes)
	VALUES ($1, '$(uuid "$2")', sha256('k$2'), 'sk_', 'canary-$1', '{*}');
	INSERT INTO pull (shop_id, id, mode, resources, shop_epoch, error)
	VALUES ($1, '$(uuid "$2")', 'paged', '{orders}', 1, 'canary-$1');
	INSERT INTO pull_part (shop_id, pull_id, resource)
	VALUES ($1, '$(uuid "$2")', 'orders');
	INSERT INTO job (id, queue_id, shop_id, kind, args, unique_key, error)
	OVERRIDING SYSTEM VALUE VALUES ($2, 2, $1, 'pull_page', '{}',
	    sha256('pull:$(uuid "$2"):orders'), 'canary-$1');
	INSERT INTO job (id, queue_id, shop_id, kind, state, run_at)
	OVERRIDING SYSTEM VALUE VALUES ($2 + 2, 2, $1, 'pull_page', 'scheduled',
	    '2100-01-01');
	INSERT INTO job_batch (id, shop_id) OVERRIDING SYSTEM VALUE
	VALUES ($2, $1);
	INSERT INTO job_done (id, queue_id, shop_id, kind, outcome, error,
	    attempt, epoch, shop_epoch, created_at)
	VALUES ($2 + 4, 2, $1, 'pull_page', 'dead', 'canary-$1', 1, 1, 1, now());
	INSERT INTO job_note (job_id, shop_id, text)
	VALUES ($2, $1, 'canary-$1');
	INSERT INTO job_progress (id, shop_id, epoch, done, note)
	VALUES ($2, $1, 1, 7, 'canary-$1');
	INSERT INTO handler_result (shop_id, id, handler, bytes, cut,
	    subject_kind, subject_id, sealed)
	VALUES ($1, $2, 'canary-$1', 1, false, 's', $1,
	    decode('0100000001' || repeat('00', 60), 'hex'));
	INSERT INTO webhook (shop_id, id, domain, topic, body_sha256,
	    body_bytes, reason)
	VALUES ($1, '$(uuid "$2")', 'x', 'x', '', 0, 'canary-$1');
	INSERT INTO privacy (shop_id, id, kind, source, reason)
	VALUES ($1, '$(uuid "$2")', 'data_request', 'operator', 'canary-$1');
	INSERT INTO privacy_package (shop_id, id, subject_kind, subject_id,
	    sealed, bytes)
	VALUES ($1, '$(uuid "$2")', 's', $1,
	    decode('0100000001' || repeat('00', 60), 'hex'), 1);
	INSERT INTO access_log (id, shop_id, who, through, what, subjects)
	OVERRIDING SYSTEM VALUE VALUES ($2, $1, 'canary-$1', 'x', 'x', 1);
	INSERT INTO product (shop_id, id, title) VALUES ($1, $2, 'canary-$1');
	INSERT INTO variant (shop_id, id, product_id, title)
	VALUES ($1, $2, $2, 'canary-$1');
	INSERT INTO customer (shop_id, id, state) VALUES ($1, $2, 'canary-$1');
	INSERT INTO orders (shop_id, id, name) VALUES ($1, $2, 'canary-$1');
	INSERT INTO order_line (shop_id, id, order_id, sku)
	VALUES ($1, $2, $2, 'canary-$1');
	INSERT INTO order_transaction (shop_id, id, order_id, gateway)
	VALUES ($1, $2, $2, 'canary-$1');
	INSERT INTO refund (shop_id, id, order_id, currency)
	VALUES ($1, $2, $2, 'canary-$1');
	INSERT INTO refund_line (shop_id, id, refund_id, restock_type)
	VALUES ($1, $2, $2, 'canary-$1');
	EOF
}

# Lines of ./ids: KIND B's A's and one that nobody has. Ids of one shape are the
# same number, so that each asks for all that B has under it.
ids_made()
{
	local kind

	echo "shop $B $A no-shop.myshopify.com"
	for kind in session key pull webhook privacy; do
		echo "$kind $(uuid 2000) $(uuid 1000) $(uuid 2001)"
	done
	echo "late 2002 1002 2003"
	for kind in number job batch access product variant customer order line \
	    transaction refund refund_line; do
		echo "$kind 2000 1000 2001"
	done
}

# id_of KIND COLUMN
id_of()
{
	awk -v kind="$1" -v column="$2" '$1 == kind { print $column }' ids
}

begin()
{
	app_case
	shop_made 1000 $A
	shop_made 2000 $B
	rows_made 1000 1000
	rows_made 2000 2000
	ids_made > ids
	sed 's/\([^ ]*\) \([^ ]*\).*/s|%\1|\2|/' ids > fill
	export RATE_ADDRESS_PER_MIN=0 RATE_KEY_PER_MIN=0 RATE_SHOP_PER_MIN=0
	program auth
	KEY=$(shop_key $A)
	printf '{"key":"%s"}' "$KEY" | request POST /api/auth/session \
	    > answer 2> log || atf_fail "$(cat log)"
	COOKIE=$(sed -n 's/^Set-Cookie: \(__Host-stockroom=[^;]*\).*/\1/ip' answer)
	[ -n "$COOKIE" ] || atf_fail 'A has no session'
	export GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 \
	    REMOTE_ADDR=192.0.2.1 SERVER_NAME=app.test HTTP_HOST=app.test \
	    HTTP_X_REQUEST_ID=0123456789abcdef HTTP_SEC_FETCH_SITE=same-origin
	b_rows > b.before
}

# Everything that is B's, by table.
b_rows()
{
	pg_sql t <<-'EOF'
	SELECT format('SELECT %L, count(*), md5(string_agg(t::text, '','''
	    'ORDER BY t::text)) FROM %s t WHERE shop_id = 2000', c.oid::regclass,
	    c.oid::regclass)
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'stockroom'::regnamespace AND c.relkind = 'r'
	    AND a.attname = 'shop_id' ORDER BY 1 \gexec
	EOF
}

# ---- asking

# A session token lives a minute.
fresh_token()
{
	local now

	now=$(date +%s)
	[ "$now" -lt "${token_until:-0}" ] || {
		TOKEN=$(jwt $A $((now + 60)))
		token_until=$((now + 40))
	}
}

# ask CALLER METHOD TARGET BODY FILE
ask()
{
	local bearer cookie

	case $1 in
	key) bearer=$KEY ;;
	session) cookie=$COOKIE ;;
	token) fresh_token; bearer=$TOKEN ;;
	esac
	printf '%s' "$4" > body
	REQUEST_METHOD=$2 REQUEST_URI=$3 CONTENT_LENGTH=${4:+${#4}} \
	    CONTENT_TYPE=${4:+application/json} HTTP_COOKIE=${cookie:-} \
	    HTTP_AUTHORIZATION=${bearer:+Bearer $bearer} \
	    "$PROGRAM" < body > "$5" 2> log ||
		atf_fail "$2 $3: exit $?: $(tail -n 1 log)"
}

status()
{
	sed -n '1s/^Status: \([0-9]*\).*/\1/p' "$1"
}

# with ID TEXT: @ and %kind put in.
with()
{
	case $2 in
	*[@%]*) echo "$2" | sed -e "s|@|$1|g" -f fill ;;
	*) echo "$2" ;;
	esac
}

wrong()
{
	echo "$*" >> wrongs
}

# What A is told of B's id and of one that is nobody's is the same to the byte,
# but for the id itself where A gave it.
alike()
{
	ask "$1" "$2" "$(with "$4" "$6")" "$(with "$4" "$7")" b
	ask "$1" "$2" "$(with "$5" "$6")" "$(with "$5" "$7")" nobody
	cmp -s b nobody || wrong "$1 $2 $6 ($3): $(diff nobody b | head -n 4)"
	! grep -q canary-2000 b || wrong "$1 $2 $6 ($3) shows what is B's"
	asked=$((asked + 2))
}

# The ids of the right kind by every caller, all others by one.
try_ids()
{
	local caller kind own b nobody

	own=${2#any:}
	for caller in $CALLERS; do
		alike "$caller" "$1" "$own" "$(id_of "$own" 2)" \
		    "$(id_of "$own" 4)" "$3" "$4"
	done
	[ "$own" != "$2" ] || return 0
	awk '!seen[$2]++' ids > shapes
	while read -r kind b _ nobody; do
		[ "$b" = "$(id_of "$own" 2)" ] ||
			alike key "$1" "$kind" "$b" "$nobody" "$3" "$4"
	done < shapes
}

# A's own is there, so it is not that nothing is ever shown.
try_own()
{
	ask key "$1" "$(with "$(id_of "$2" 3)" "$3")" "$(with "$(id_of "$2" 3)" "$4")" \
	    own
	case $(status own) in
	2*) ;;
	*) wrong "$1 $3: A's own is not there: $(cat own)" ;;
	esac
	! grep -q canary-2000 own || wrong "$1 $3: A's own shows what is B's"
}

try_list()
{
	local caller

	for caller in $CALLERS; do
		ask "$caller" "$1" "$2" '' list
		[ "$(status list)" = 200 ] || wrong "$caller $1 $2: $(cat list)"
		grep -q 'canary-1000\|"shop_id":"1000' list ||
			wrong "$caller $1 $2 lacks what is A's"
		! grep -q "canary-2000\|2000\|$B" list ||
			wrong "$caller $1 $2 shows what is B's: $(cat list)"
		asked=$((asked + 1))
	done
}

# use_program NAME METHOD PATH: that serves the route.
use_program()
{
	PROGRAM=$build/$BIN/$(awk -v method="$1" -v path="$2" \
	    '$2 == method && $3 == path { print $1 }' routes).fcgi
	[ -x "$PROGRAM" ] || atf_fail "nobody serves $1 $2"
}

try_all()
{
	asked=0
	: > wrongs
	served > routes
	table > rows
	while IFS='|' read -r route kind target body; do
		[ "$kind" != open ] || continue
		# shellcheck disable=SC2086
		use_program $route
		case $kind in
		list) try_list "${route%% *}" "$target" ;;
		*) try_ids "${route%% *}" "$kind" "$target" "$body" ;;
		esac
	done < rows
	b_rows > b.after
	diff b.before b.after >> wrongs || wrong "B's rows have changed"
}

# A's own objects by the same words, those that end it last.
try_all_own()
{
	sort -t' ' -k1,1r rows > ordered
	while IFS='|' read -r route kind target body; do
		case $kind in
		any:*)
			# shellcheck disable=SC2086
			use_program $route
			try_own "${route%% *}" "${kind#any:}" "$target" "$body"
			;;
		esac
	done < ordered
}

nothing_wrong()
{
	head -n 40 wrongs >&2
	[ ! -s wrongs ] || atf_fail "A is told of B"
	[ "$asked" -gt 100 ] || atf_fail "only $asked were asked"
}

# ---- cases

BIN=bin
CALLERS='key session token'

atf_test_case every_route_stands_in_the_table cleanup
every_route_stands_in_the_table_body()
{
	served | cut -d' ' -f2- | sort -u > routes
	[ -s routes ] || atf_fail 'no program has a route'
	table | cut -d'|' -f1 | sort -u > rows
	diff routes rows || atf_fail 'they differ'
}
every_route_stands_in_the_table_cleanup() { :; }

atf_test_case what_is_anothers_is_as_if_it_were_not_there cleanup
what_is_anothers_is_as_if_it_were_not_there_body()
{
	begin
	try_all
	try_all_own
	nothing_wrong
}
what_is_anothers_is_as_if_it_were_not_there_cleanup() { app_stop; }

policies_off()
{
	for database in t t_keys; do
		pg_sql $database <<-'EOF'
		SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, '
		    'NO FORCE ROW LEVEL SECURITY', c.oid::regclass)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('stockroom', 'keyring')
		    AND c.relrowsecurity \gexec
		EOF
	done
}

atf_test_case so_again_by_the_queries_filter_alone cleanup
so_again_by_the_queries_filter_alone_body()
{
	begin
	policies_off
	CALLERS=key
	try_all
	nothing_wrong
}
so_again_by_the_queries_filter_alone_cleanup() { app_stop; }

atf_test_case so_again_by_the_row_policies_alone cleanup
so_again_by_the_row_policies_alone_body()
{
	begin
	BIN=nofilter/bin
	CALLERS=key
	try_all
	nothing_wrong
}
so_again_by_the_row_policies_alone_cleanup() { app_stop; }

# Else the two above would have shown nothing.
atf_test_case with_neither_it_would_be_seen cleanup
with_neither_it_would_be_seen_body()
{
	begin
	policies_off
	PROGRAM=$build/nofilter/bin/pulls.fcgi
	ask key GET "/api/pulls/$(id_of pull 2)" '' b
	grep -q canary-2000 b || atf_fail "not seen: $(cat b)"
	PROGRAM=$build/nofilter/bin/ops.fcgi
	ask key GET /api/jobs '' b
	grep -q canary-2000 b || atf_fail "not seen: $(cat b)"
}
with_neither_it_would_be_seen_cleanup() { app_stop; }

# Another's Idempotency-Key is not ours: the answer kept for it is not given.
atf_test_case anothers_idempotency_key_gives_nothing_away cleanup
anothers_idempotency_key_gives_nothing_away_body()
{
	begin
	PROGRAM=$build/bin/pulls.fcgi
	policies_off
	b_key=$(shop_key $B)
	for key in "$b_key" "$KEY"; do
		printf '{"resources":["products"]}' |
		    request POST /api/pulls "Authorization: Bearer $key" \
		    'Idempotency-Key: one' > answer 2> log
		[ "$(status answer)" = 202 ] || atf_fail "$(cat answer log)"
		json .shop < answer
	done > shops
	[ "$(cat shops)" = "$B
$A" ] || atf_fail "$(cat shops)"
}
anothers_idempotency_key_gives_nothing_away_cleanup() { app_stop; }

atf_init_test_cases()
{
	atf_add_test_case every_route_stands_in_the_table
	atf_add_test_case what_is_anothers_is_as_if_it_were_not_there
	atf_add_test_case so_again_by_the_queries_filter_alone
	atf_add_test_case so_again_by_the_row_policies_alone
	atf_add_test_case with_neither_it_would_be_seen
	atf_add_test_case anothers_idempotency_key_gives_nothing_away
}
