# The generator: what it makes of SQL and GraphQL, and what it refuses.

embed()
{
	kind=$1
	shift
	awk -f "$STOCKROOM_SRC/lib/gen/embed.awk" -v kind="$kind" -v out=made \
	    "$@"
}

refused()
{
	atf_check -s exit:1 -e match:"$1" awk \
	    -f "$STOCKROOM_SRC/lib/gen/embed.awk" -v out=made -v kind="$2" "$3"
}

atf_test_case a_query_keeps_its_text_and_loses_its_comment
a_query_keeps_its_text_and_loses_its_comment_body()
{
	cat > shop.sql <<-'EOF'
	-- name: shop_by_domain
	-- One shop; index shop_domain_key.
	SELECT '\n', "a" -- why
	  FROM shop
	 WHERE domain = $1;
	EOF
	echo '-- name: kek_count
SELECT 1;' > keyring.sql
	embed queries shop.sql keyring.sql
	atf_check -s exit:1 grep 'index shop_domain_key' made.c
	atf_check -s exit:1 grep ';"' made.c
	atf_check -o match:'"SELECT .\\\\n., \\"a\\" -- why\\n"' cat made.c
	atf_check -o match:'QUERY_MAIN }' grep -A5 shop_by_domain made.c
	atf_check -o match:'QUERY_KEYRING }' grep -A5 kek_count made.c
	atf_check -o match:'Q_SHOP_BY_DOMAIN,' -o match:'Q_KEK_COUNT,' \
	    cat made.h
}

atf_test_case a_name_used_twice_ends_the_build_with_its_line
a_name_used_twice_ends_the_build_with_its_line_body()
{
	printf -- '-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n' > q.sql
	refused '^q.sql:3: query a is already at q.sql:1' queries q.sql
}

atf_test_case a_query_without_its_semicolon_is_refused
a_query_without_its_semicolon_is_refused_body()
{
	printf -- '-- name: a\nSELECT 1\n' > q.sql
	refused '^q.sql:1: query a does not end in ;' queries q.sql
}

atf_test_case text_before_the_first_name_is_refused
text_before_the_first_name_is_refused_body()
{
	echo 'SELECT 1;' > q.sql
	refused '^q.sql:1: text before the first' queries q.sql
}

atf_test_case the_isolation_build_drops_the_shop_filter_and_only_that
the_isolation_build_drops_the_shop_filter_and_only_that_body()
{
	cat > q.sql <<-'EOF'
	-- name: a
	SELECT 1 FROM t x WHERE shop_id = $1 AND x.shop_id = $1::bigint
	  AND x.shop_id = $12 AND old_shop_id = $1 AND shop_id = $2;
	EOF
	sed 's/name: a/name: b/' q.sql > keyring.sql
	embed queries -v nofilter=1 q.sql keyring.sql
	always='$1::bigint IS NOT NULL'
	atf_check -o ignore grep -F "WHERE $always AND $always" made.c
	atf_check -o ignore grep -F \
	    'x.shop_id = $12 AND old_shop_id = $1 AND shop_id = $2' made.c
	atf_check -o match:'WHERE shop_id = .1 AND x.shop_id = .1' \
	    grep -A3 '"b"' made.c
}

fragments()
{
	mkdir -p graphql/fields graphql/bulk
	echo 'fragment Money on MoneyBag { amount }' \
	    > graphql/fields/money.graphql
	echo 'fragment Fields on Order { id total { ...Money } }' \
	    > graphql/fields/order.graphql
}

atf_test_case a_spread_becomes_the_fields_of_its_fragment
a_spread_becomes_the_fields_of_its_fragment_body()
{
	fragments
	cat > graphql/orders_page.graphql <<-'EOF'
	# A page.
	query OrdersPage($first: Int! = 10, $after: String) {
	  nodes(first: $first, after: $after) { ... on Order { ...Fields } }
	}
	EOF
	echo '{ orders { edges { node { ...Fields } } } }' \
	    > graphql/bulk/orders.graphql
	embed graphql graphql/*.graphql graphql/*/*.graphql
	atf_check -o ignore grep -F '"query OrdersPage($first:Int!=10 $after:String){nodes(first:$first after:$after){...on Order{id total{amount}}}}"' made.c
	atf_check -o match:'"OrdersPage" }' cat made.c
	atf_check -o ignore grep -F '"{orders{edges{node{id total{amount}}}}}"' \
	    made.c
	atf_check -o match:'NULL }' grep -A2 '"bulk/orders"' made.c
	atf_check -o match:'GQL_ORDERS_PAGE,' -o match:'GQL_BULK_ORDERS,' \
	    cat made.h
}

atf_test_case a_fragment_that_is_not_there_is_named_with_its_line
a_fragment_that_is_not_there_is_named_with_its_line_body()
{
	mkdir graphql
	printf 'query A {\n  a { ...Gone }\n}\n' > graphql/a.graphql
	refused '^graphql/a.graphql:2: there is no fragment Gone' graphql \
	    graphql/a.graphql
}

atf_test_case a_fragment_that_holds_itself_is_refused
a_fragment_that_holds_itself_is_refused_body()
{
	mkdir -p graphql/fields
	echo 'fragment A on B { a { ...A } }' > graphql/fields/a.graphql
	echo '{ a { ...A } }' > graphql/a.graphql
	atf_check -s exit:1 -e match:'fragment A holds itself' awk \
	    -f "$STOCKROOM_SRC/lib/gen/embed.awk" -v out=made -v kind=graphql \
	    graphql/a.graphql graphql/fields/a.graphql
}

atf_test_case a_number_used_twice_by_migrations_is_refused
a_number_used_twice_by_migrations_is_refused_body()
{
	mkdir migrations
	echo 'SELECT 1;' | tee migrations/0001_a.sql > migrations/0001_b.sql
	atf_check -s exit:1 -e match:'0001_b.sql:1: number 1 is taken by' awk \
	    -f "$STOCKROOM_SRC/lib/gen/embed.awk" -v out=made \
	    -v kind=migrations migrations/0001_a.sql migrations/0001_b.sql
}

atf_test_case all_our_own_documents_are_read
all_our_own_documents_are_read_body()
{
	# shellcheck disable=SC2046
	embed graphql $(find "$STOCKROOM_SRC/lib/shopify/graphql" \
	    -name '*.graphql' | sort)
	atf_check -o match:GQL_ORDERS_PAGE -o match:GQL_TRANSACTIONS_PAGE \
	    -o match:GQL_BULK_CUSTOMERS cat made.h
	atf_check -s exit:1 -o empty grep -E '\.\.\.[A-Z]' made.c
}

atf_init_test_cases()
{
	atf_add_test_case a_query_keeps_its_text_and_loses_its_comment
	atf_add_test_case a_name_used_twice_ends_the_build_with_its_line
	atf_add_test_case a_query_without_its_semicolon_is_refused
	atf_add_test_case text_before_the_first_name_is_refused
	atf_add_test_case \
	    the_isolation_build_drops_the_shop_filter_and_only_that
	atf_add_test_case a_spread_becomes_the_fields_of_its_fragment
	atf_add_test_case a_fragment_that_is_not_there_is_named_with_its_line
	atf_add_test_case a_fragment_that_holds_itself_is_refused
	atf_add_test_case a_number_used_twice_by_migrations_is_refused
	atf_add_test_case all_our_own_documents_are_read
}
