# Documents, as the generator makes them, are good for the version of the Admin
# API that we ask for, and each field that is fetched goes somewhere.
# kyua: timeout=120
#
# The package that ships Shopify's schemas depends on some 300 others, of which
# its data need none: so package-lock.json beside this leaves them out.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"
. "$top/tests/pg.sh"

graphql()
{
	"$build/npm/node" "$top/tests/house/graphql.mjs" "$@"
}

modules=$build/npm/tests/house

version()
{
	sed -n 's/^CONF(API_VERSION, CONF_TEXT, "\(.*\)", .*/\1/p' \
	    "$top/lib/base/conf.def"
}

# documents FOLDER [VERSION]
documents()
{
	# shellcheck disable=SC2046
	awk -f "$top/lib/gen/embed.awk" -v kind=graphql -v out=made \
	    $(files '*.graphql' "$1") || atf_fail 'the generator fails'
	graphql documents "$modules" made.c "${2:-$(version)}" ||
	    atf_fail 'documents could not be checked'
}

columns()
{
	pg_sql t <<-'EOT'
	SELECT c.relname || ' ' || a.attname || ' ' || coalesce(substring(
	    col_description(c.oid, a.attnum) FROM '^personal: ([^;]*)'), '')
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'stockroom'::regnamespace
	    AND c.relkind IN ('r', 'p') AND a.attnum > 0
	    AND NOT a.attisdropped;
	EOT
}

# A copy of our fields and maps, to be spoilt.
copied()
{
	mkdir -p copy
	cp -R "$top/lib/shopify/graphql" "$top/lib/app/maps.c" copy/
}

fields()
{
	graphql fields "$1" "$2" columns "$modules" ||
	    atf_fail 'fields could not be checked'
}

gone()
{
	[ ! -s broken.out ] || broke broken.out "$1"
}

# says WORDS: one of the lines does.
says()
{
	atf_check -o ignore -e ignore grep -F "$1" broken.out
}

atf_test_case every_document_is_good_for_the_version_we_ask_for
every_document_is_good_for_the_version_we_ask_for_body()
{
	documents "$top/lib/shopify/graphql" > broken.out
	gone documents
	copied
	cat > copy/graphql/a_page.graphql <<-'EOT'
	query APage { customers(first: 1) { nodes { id email nosuch } } }
	EOT
	cat > copy/graphql/b_page.graphql <<-'EOT'
	query Other($id: Int!) { order(id: $id) { id } }
	EOT
	documents copy/graphql > broken.out
	says 'a_page: Cannot query field "nosuch"'
	says 'a_page: The field Customer.email is deprecated'
	says 'b_page: its operation is Other, not BPage'
	says 'b_page: Variable "$id" of type "Int!" used in position'
	atf_check_equal 4 "$(wc -l < broken.out)"
	documents "$top/lib/shopify/graphql" 2026-04 > broken.out
	says 'orders_page: Cannot query field "checkoutToken"'
}

atf_test_case bulk_texts_keep_the_rules_of_bulk_operations
bulk_texts_keep_the_rules_of_bulk_operations_body()
{
	copied
	cat > copy/graphql/bulk/a.graphql <<-'EOT'
	{
	  orders { nodes { id } }
	  node(id: "x") { id }
	}
	EOT
	cat > copy/graphql/bulk/b.graphql <<-'EOT'
	{
	  orders { edges { node {
	    id
	    refunds { refundLineItems { edges { node { id } } } }
	    lineItems { edges { node { title } } }
	  } } }
	}
	EOT
	cat > copy/graphql/bulk/c.graphql <<-'EOT'
	{
	  products { edges { node {
	    id
	    collections { edges { node {
	      id
	      products { edges { node {
	        id
	        variants { edges { node { id } } }
	      } } }
	    } } }
	  } } }
	}
	EOT
	echo '{ shop { name } }' > copy/graphql/bulk/d.graphql
	documents copy/graphql > broken.out
	says 'bulk/a: 2 top-level fields'
	says 'bulk/a: top-level node'
	says 'bulk/a: orders is not read by edges > node only'
	says 'bulk/a: orders selects no node'
	says 'bulk/b: connection refundLineItems is inside a list'
	says 'bulk/b: a node of lineItems has no id'
	says 'bulk/b: RefundLineItem is no Node'
	says 'bulk/c: connection variants is more than two deep'
	says 'bulk/d: 0 connections'
	atf_check_equal 9 "$(wc -l < broken.out)"
}

atf_test_case every_field_that_is_fetched_goes_somewhere cleanup
every_field_that_is_fetched_goes_somewhere_body()
{
	pg_case
	columns > columns
	fields "$top/lib/shopify/graphql" "$top/lib/app/maps.c" > broken.out
	gone fields
	copied
	sed -i 's/^  locale$/  locale\n  multipassIdentifier/
	    s/^  updatedAt$//' copy/graphql/fields/customer.graphql
	sed -i 's/SEALED("phone", "phone"/COLUMN("partial", "phone"/
	    s/COLUMN("vendor", "vendor"/COLUMN("maker", "vendor"/
	    s/SEALED("email", "email"/COLUMN("sealed", "email"/' \
	    copy/maps.c
	fields copy/graphql copy/maps.c > broken.out
	says 'Customer: multipassIdentifier goes nowhere in customer'
	says 'customer: updatedAt is not among the fields of Customer'
	says 'product: there is no column maker for vendor'
	says 'orders: email goes into a column that is sealed'
	atf_check_equal 5 "$(wc -l < broken.out)"
}
every_field_that_is_fetched_goes_somewhere_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case every_document_is_good_for_the_version_we_ask_for
	atf_add_test_case bulk_texts_keep_the_rules_of_bulk_operations
	atf_add_test_case every_field_that_is_fetched_goes_somewhere
}
