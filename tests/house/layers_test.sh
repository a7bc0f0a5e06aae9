# The floors: includes go down, and each library has one door.
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

floors()
{
	# shellcheck disable=SC2086
	files '*.[ch]' $product |
	    xargs -r awk -f "$top/tests/house/layers.awk"
}

# Who may include a header, one door a line: the header, then the files. What
# is not here is the C library's and anybody's. The sandbox calls us as Shopify
# does, also without TLS on loopback, which io/http would refuse.
doors()
{
	cat <<-'EOT'
	json(-c/.*|)\.h		lib/base/json[a-z_]*\.[ch]
	libpq.*\.h		lib/io/db[a-z_]*\.[ch]
	postgres.*\.h
	curl/.*			lib/io/http[a-z_]*\.[ch]|sandbox/sender[a-z_]*\.[ch]
	openssl/.*		lib/io/(crypt|crypt_pair|http_tls)\.c
	seccomp\.h		lib/io/harden\.c
	linux/.*		lib/io/harden\.c
	fcgiapp\.h		lib/web/serve\.c
	fcgi(_stdio|misc|os)\.h
	hiredis/.*		lib/io/redis[a-z_]*\.[ch]
	poll\.h			lib/io/wait[a-z_]*\.c
	sys/select\.h
	sys/epoll\.h		lib/(web/(listen|ingest[a-z_]*)|io/http_loop)\.c
	ucontext\.h		lib/io/(wait|task)[a-z_]*\.c
	pthread\.h		lib/web/ingest[a-z_]*\.c|lib/base/log_rate\.c
	EOT
}

# Ours that not everyone may see: store knows no HTTP, the others no tables,
# and the sandbox is no part of what it is there to test.
rooms()
{
	cat <<-'EOT'
	(io/db|io/query|gen/queries).*	lib/(io|store|app)/.*|jobs/.*|cgi-bin/.*
	(io/http|web/|shopify/|llm/).*	lib/(io|web|shopify|llm|app)/.*|jobs/.*|cgi-bin/.*|sandbox/.*
	(store|shopify|llm|app)/.*	lib/.*|jobs/.*|cgi-bin/.*
	EOT
}

# shut_out LIST: includes of what the list keeps for others.
shut_out()
{
	# shellcheck disable=SC2086
	files '*.[ch]' $product | xargs -r grep -HnE '^[ 	]*#[ 	]*include' |
	    sed 's/#[^"<]*include[^"<]*["<]\([^">]*\)[">].*/\1/' |
	    awk -F '[: \t]+' -v doors="$("$1" | tr -s '\t' ' ')" '
		BEGIN {
			n = split(doors, line, "\n")
			for (i = 1; i <= n; i++) {
				split(line[i], part, " ")
				header[i] = "^" part[1] "$"
				who[i] = "^(" part[2] ")$"
			}
		}
		{
			for (i = 1; i <= n; i++) {
				if ($NF !~ header[i])
					continue
				if ($1 !~ who[i])
					print $1 ":" $2 ": <" $NF "> is for " \
					    who[i] " only"
			}
		}'
}

libraries()
{
	shut_out doors
}

neighbours()
{
	shut_out rooms
}

# Named queries are for store. The others have a reason each: one table of
# all kinds of record; the programs that are the queue and the migrations.
queries()
{
	# shellcheck disable=SC2086
	c_lines code $product | grep -E '\<Q_[A-Z]' |
	    grep -vE '^lib/(io|store)/|^lib/app/intake\.c:|^jobs/'
}

# A floor's own structs are not spoken of below it or beside it; base holds a
# `struct db *` it cannot look into.
structs()
{
	# shellcheck disable=SC2046
	awk '
	function level(r) {
		return r == "base" ? 0 : r == "io" ? 1 : r == "app" ? 3 : 2
	}
	{ split(FILENAME, part, "/"); room = part[2] }
	/^struct [a-z_]+ \{/ && FILENAME ~ /\.h$/ { home[$2] = room }
	/^struct [a-z_]+ \{/ && FILENAME ~ /\.c$/ { own[FILENAME, $2] = 1 }
	{
		text = $0
		while (match(text, /struct [a-z_]+/)) {
			name = substr(text, RSTART + 7, RLENGTH - 7)
			text = substr(text, RSTART + RLENGTH)
			used[++n] = name
			at[n] = FILENAME ":" FNR
			file[n] = FILENAME
			where[n] = room
		}
	}
	END {
		for (i = 1; i <= n; i++) {
			h = home[used[i]]
			if (h == "" || h == where[i] ||
			    (file[i], used[i]) in own)
				continue
			if (used[i] == "db" && where[i] == "base")
				continue
			if (level(h) >= level(where[i]))
				print at[i] ": struct " used[i] " is of " h
		}
	}' $(files '*.[ch]' lib)
}

atf_test_case includes_go_down
includes_go_down_body()
{
	kept floors
	plant lib/io/a.c <<-'EOT'
	#include "base/buf.h"
	#include "web/req.h"
	#include "gen/graphql.h"
	#include "b.h"
	EOT
	plant lib/store/b.c <<-'EOT'
	#include "gen/queries.h"
	#include "shopify/gql.h"
	#include "elsewhere/gql.h"
	EOT
	plant jobs/a/c.c <<-'EOT'
	#include "own.h"
	#include "../table.h"
	EOT
	broken 'lib/io/a.c:2: "web/req.h" is a step up' floors
	broken 'lib/io/a.c:3: "gen/graphql.h" is a step up' floors
	broken 'lib/io/a.c:4: "b.h" does not say its floor' floors
	broken 'lib/store/b.c:2: "shopify/gql.h" is a step sideways' floors
	broken 'lib/store/b.c:3: "elsewhere/gql.h" is on no floor' floors
	broken 'jobs/a/c.c:2: "../table.h" climbs out' floors
	breaks 6 floors
}

atf_test_case each_library_has_one_door
each_library_has_one_door_body()
{
	kept libraries
	plant lib/io/wait.c <<-'EOT'
	#include <poll.h>
	#include <string.h>
	EOT
	silent libraries
	plant lib/app/a.c <<-'EOT'
	#include <libpq-fe.h>
	# include <curl/curl.h>
	#include <json.h>
	#include <openssl/evp.h>
	#include <poll.h>
	#include <fcgi_stdio.h>
	EOT
	broken 'lib/app/a.c:1: <libpq-fe.h> is for' libraries
	broken 'lib/app/a.c:2: <curl/curl.h> is for' libraries
	breaks 6 libraries
}

atf_test_case store_knows_no_http_and_the_others_no_tables
store_knows_no_http_and_the_others_no_tables_body()
{
	kept neighbours
	plant lib/store/a.c <<-'EOT'
	#include "io/http.h"
	#include "io/db.h"
	EOT
	plant lib/shopify/a.c <<-'EOT'
	#include "io/http.h"
	#include "io/db.h"
	EOT
	plant sandbox/a.c <<-'EOT'
	#include "web/serve.h"
	#include "shopify/sign.h"
	EOT
	broken 'lib/store/a.c:1: <io/http.h>' neighbours
	broken 'lib/shopify/a.c:2: <io/db.h>' neighbours
	broken 'sandbox/a.c:2: <shopify/sign.h>' neighbours
	breaks 3 neighbours
}

atf_test_case queries_are_named_where_rows_become_structs
queries_are_named_where_rows_become_structs_body()
{
	kept queries
	plant cgi-bin/a/main.c <<-'EOT'
	/* Not Q_SHOP_LOAD, */
	x = db_one(cx, Q_SHOP_LOAD);
	EOT
	broken 'cgi-bin/a/main.c:2:' queries
	breaks 1 queries
}

atf_test_case a_floor_does_not_speak_of_those_above_it
a_floor_does_not_speak_of_those_above_it_body()
{
	kept structs
	plant lib/store/shop.h <<-'EOT'
	struct shop {
	EOT
	plant lib/io/db.h <<-'EOT'
	struct db {
	struct shop *shop;
	EOT
	plant lib/base/cx.h <<-'EOT'
	struct db *db;
	EOT
	broken 'lib/io/db.h:2: struct shop is of store' structs
	breaks 1 structs
}

atf_init_test_cases()
{
	atf_add_test_case includes_go_down
	atf_add_test_case each_library_has_one_door
	atf_add_test_case store_knows_no_http_and_the_others_no_tables
	atf_add_test_case queries_are_named_where_rows_become_structs
	atf_add_test_case a_floor_does_not_speak_of_those_above_it
}
