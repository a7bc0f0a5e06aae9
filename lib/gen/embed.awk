# The one generator: turns SQL and GraphQL files into C tables. Plain awk.
#
#	awk -f embed.awk -v kind=KIND -v out=PREFIX [-v nofilter=1] FILE...
#
# writes PREFIX.h and PREFIX.c. KIND is
#	queries     sql/queries/*.sql: named statements
#	graphql     documents, and the fragments of graphql/fields put in
#	migrations  sql/migrations, sql/keyring, sql/roles.sql, and grants.sql of
#	            sql and of sql/keyring
#
# What is wrong with a file is said as FILE:LINE: and ends the build.

function fail(file, line, what)
{
	print file ":" line ": " what > "/dev/stderr"
	failed = 1
	exit 1
}

# ---- output

function c_line(text)
{
	gsub(/[\\"]/, "\\\\&", text)
	return "\"" text
}

function begin_files(guard, why)
{
	header = out ".h"
	source = out ".c"
	printf "/* Made by lib/gen/embed.awk from %s; do not edit. */\n", why \
	    > header
	printf "/* Made by lib/gen/embed.awk from %s; do not edit. */\n", why \
	    > source
	printf "#ifndef GEN_%s_H\n#define GEN_%s_H\n\n", guard, guard > header
}

function end_files()
{
	print "\n#endif" > header
	close(header)
	close(source)
}

# Writes the lines from..to as adjacent literals, and what ends the last.
function c_text(from, to, tail,    i)
{
	for (i = from; i < to; i++)
		printf "\t\t%s\\n\"\n", c_line(lines[i]) > source
	printf "\t\t%s%s\"", c_line(lines[to]), tail > source
}

# ---- named queries

function query_start(name)
{
	query_end()
	if (name !~ /^[a-z][a-z0-9_]*$/)
		fail(FILENAME, FNR, "a query's name is lower case words " \
		    "joined by _, got \"" name "\"")
	if (name in query_seen)
		fail(FILENAME, FNR, "query " name " is already at " \
		    query_seen[name])
	query_seen[name] = FILENAME ":" FNR
	query_name[++queries] = name
	query_keyring[queries] = FILENAME ~ /(^|\/)keyring\.sql$/
	query_from[queries] = lines_n + 1
	query_open = 1
}

function query_end()
{
	if (!query_open)
		return
	query_open = 0
	while (lines_n >= query_from[queries] && lines[lines_n] ~ /^[ \t]*$/)
		lines_n--
	if (lines_n < query_from[queries])
		fail(query_seen_file(), query_seen_line(), "query " \
		    query_name[queries] " has no text")
	if (!sub(/;[ \t]*$/, "", lines[lines_n]))
		fail(query_seen_file(), query_seen_line(), "query " \
		    query_name[queries] " does not end in ;")
	query_to[queries] = lines_n
}

function query_seen_file(    at)
{
	at = query_seen[query_name[queries]]
	sub(/:[0-9]+$/, "", at)
	return at
}

function query_seen_line(    at)
{
	at = query_seen[query_name[queries]]
	sub(/^.*:/, "", at)
	return at
}

# What the isolation test runs: the same query, its shop_id filter taken out.
function unfilter(text,    done, hit, alias)
{
	done = ""
	while (match(text, /[A-Za-z0-9_.]*shop_id = \$1/)) {
		hit = substr(text, RSTART, RLENGTH)
		alias = substr(hit, 1, RLENGTH - length("shop_id = $1"))
		done = done substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		if ((alias == "" || alias ~ /\.$/) && text !~ /^[0-9]/) {
			hit = "$1::bigint IS NOT NULL"
			sub(/^::bigint/, "", text)
		}
		done = done hit
	}
	return done text
}

function query_line(text)
{
	if (text ~ /^-- name:/) {
		sub(/^-- name:[ \t]*/, "", text)
		sub(/[ \t]+$/, "", text)
		query_start(text)
		return
	}
	if (query_open && text ~ /^-- copied: [a-z_]+$/)
		query_copied[queries] = substr(text, 12)
	if (text ~ /^[ \t]*--/)
		return
	if (!query_open) {
		if (text !~ /^[ \t]*$/)
			fail(FILENAME, FNR, "text before the first -- name:")
		return
	}
	if (text ~ /^[ \t]*$/ && lines_n < query_from[queries])
		return
	if (nofilter && !query_keyring[queries])
		text = unfilter(text)
	lines[++lines_n] = text
}

# A query that saves the records of a JSON list, $2, and says "-- copied: T", can
# also save rows of a session's table T: NAME_temp makes it, NAME_copy fills it,
# NAME_copied is the query with T for the list and one parameter less.
function query_copies(i, n,    j, k, name, table)
{
	name = query_name[i]
	table = query_copied[i]
	for (j = query_from[i]; j <= query_to[i]; j++)
		if (lines[j] ~ /^FROM jsonb_to_recordset\(\$2::jsonb\) AS r\($/)
			break
	for (k = j + 1; k <= query_to[i] && lines[k] !~ /\)$/; k++)
		;
	if (k > query_to[i])
		fail(query_seen[name], 0, name " saves no list of records")
	query_extra(name "_temp", lines_n + 1)
	lines[++lines_n] = "CREATE TEMP TABLE IF NOT EXISTS " table " ("
	for (n = j + 1; n <= k; n++)
		lines[++lines_n] = lines[n]
	lines[++lines_n] = "ON COMMIT DELETE ROWS"
	query_extra(name "_copy", lines_n + 1)
	lines[++lines_n] = "COPY " table " FROM STDIN"
	query_extra(name "_copied", lines_n + 1)
	for (n = query_from[i]; n <= query_to[i]; n++)
		if (n < j || n > k)
			lines[++lines_n] = query_shift(lines[n])
		else if (n == j)
			lines[++lines_n] = "FROM " table " r"
	query_to[queries] = lines_n
}

function query_extra(name, from)
{
	if (query_to[queries] == "")
		query_to[queries] = from - 1
	query_name[++queries] = name
	query_from[queries] = from
	query_to[queries] = ""
}

# $3 becomes $2, and so on.
function query_shift(text,    n)
{
	for (n = 3; n <= 9; n++)
		gsub("\\$" n, "$" n - 1, text)
	return text
}

function queries_write(    i, last)
{
	last = queries
	for (i = 1; i <= last; i++)
		if (i in query_copied)
			query_copies(i)
	begin_files("QUERIES", "sql/queries")
	print "enum query {" > header
	for (i = 1; i <= queries; i++)
		print "\tQ_" toupper(query_name[i]) "," > header
	print "\tQ_COUNT\n};" > header
	print "#include <stddef.h>\n\n#include \"io/query.h\"\n" > source
	print "const struct query_text query_texts[] = {" > source
	for (i = 1; i <= queries; i++) {
		printf "\t{ \"%s\",\n", query_name[i] > source
		c_text(query_from[i], query_to[i], "")
		printf ",\n\t\t%s },\n", query_keyring[i] ? \
		    "QUERY_KEYRING" : "QUERY_MAIN" > source
	}
	print "\t{ NULL, NULL, QUERY_MAIN }\n};" > source
	end_files()
}

# ---- GraphQL: a file is read into tokens, then written with spreads put in

function token_add(text, file, line)
{
	token[++tokens] = text
	token_file[tokens] = file
	token_line[tokens] = line
}

function gql_line(text,    t)
{
	while (text != "") {
		if (match(text, /^[ \t,]+/)) {
			text = substr(text, RLENGTH + 1)
			continue
		}
		if (text ~ /^#/)
			return
		if (!match(text, /^[A-Za-z_][A-Za-z0-9_]*/) &&
		    !match(text, /^-?[0-9][0-9.eE+-]*/) &&
		    !match(text, /^"([^"\\]|\\.)*"/) &&
		    !match(text, /^\.\.\./) &&
		    !match(text, /^\$[A-Za-z_][A-Za-z0-9_]*/) &&
		    !match(text, /^[!():=@{}|&]/) &&
		    !match(text, /^(\[|\])/))
			fail(FILENAME, FNR, "not GraphQL: " text)
		t = substr(text, 1, RLENGTH)
		token_add(t, FILENAME, FNR)
		text = substr(text, RLENGTH + 1)
	}
}

function gql_file(name)
{
	if (name == FILENAME_last)
		return
	FILENAME_last = name
	file_name[++gql_files] = name
	file_from[gql_files] = tokens + 1
}

# The place behind the brace that closes the one at i.
function gql_close(i, last,    depth)
{
	for (; i <= last; i++) {
		if (token[i] == "{")
			depth++
		if (token[i] == "}" && --depth == 0)
			return i
	}
	fail(token_file[last], token_line[last], "a { is never closed")
}

# fragment NAME on TYPE { ... } until the file ends.
function gql_fragments(i, last,    name)
{
	while (i <= last) {
		name = token[i + 1]
		if (token[i] != "fragment" || token[i + 2] != "on" ||
		    token[i + 4] != "{")
			fail(token_file[i], token_line[i],
			    "only fragments stand under fields/")
		if (name in fragment_from)
			fail(token_file[i], token_line[i],
			    "fragment " name " is already there")
		fragment_from[name] = i + 5
		fragment_to[name] = gql_close(i + 4, last) - 1
		i = fragment_to[name] + 2
	}
}

# Whether two tokens would run into one another.
function gql_gap(before, after)
{
	return before ~ /[A-Za-z0-9_"]$/ && after ~ /^[A-Za-z0-9_"$@.-]/ &&
	    !(after == "..." && before ~ /[A-Za-z_]$/)
}

function gql_emit(t)
{
	if (gql_gap(gql_last, t))
		gql_out = gql_out " "
	gql_out = gql_out t
	gql_last = t
}

function gql_spread(i, open,    name)
{
	name = token[i + 1]
	if (!(name in fragment_from))
		fail(token_file[i], token_line[i],
		    "there is no fragment " name)
	if (index(open, " " name " "))
		fail(token_file[i], token_line[i],
		    "fragment " name " holds itself")
	gql_copy(fragment_from[name], fragment_to[name], open name " ")
}

function gql_copy(i, last, open)
{
	for (; i <= last; i++) {
		if (token[i] != "..." || token[i + 1] == "on" ||
		    token[i + 1] !~ /^[A-Za-z_]/) {
			gql_emit(token[i])
			continue
		}
		gql_spread(i, open)
		i++
	}
}

function gql_operation(i)
{
	if (token[i] == "{")
		return "NULL"
	if (token[i] !~ /^(query|mutation)$/ || token[i + 1] !~ /^[A-Za-z_]/)
		fail(token_file[i], token_line[i],
		    "a document is one named query or mutation, or { ... }")
	return "\"" token[i + 1] "\""
}

function gql_document(k,    name, first, last, brace)
{
	name = file_name[k]
	sub(/^(.*\/)?graphql\//, "", name)
	sub(/\.graphql$/, "", name)
	first = file_from[k]
	last = file_from[k + 1] - 1
	if (last < first)
		fail(file_name[k], 1, "an empty document")
	for (brace = first; brace < last && token[brace] != "{"; brace++)
		;
	if (gql_close(brace, last) != last)
		fail(token_file[last], token_line[last],
		    "a document holds one operation")
	gql_out = gql_last = ""
	gql_copy(first, last, " ")
	gql_write(name, gql_operation(first))
}

function gql_write(name, operation,    id)
{
	id = toupper(name)
	gsub(/[^A-Z0-9]/, "_", id)
	if (id in gql_seen)
		fail(name, 1, "two documents are called GQL_" id)
	gql_seen[id] = 1
	print "\tGQL_" id "," > header
	printf "\t{ \"%s\",\n\t\t%s\",\n\t\t%s },\n", name, c_line(gql_out),
	    operation > source
}

function gql_write_all(    k)
{
	file_from[gql_files + 1] = tokens + 1
	for (k = 1; k <= gql_files; k++)
		if (file_name[k] ~ /\/fields\//)
			gql_fragments(file_from[k], file_from[k + 1] - 1)
	begin_files("GRAPHQL", "lib/shopify/graphql")
	print "enum gql_doc {" > header
	print "#include <stddef.h>\n\n#include \"shopify/gql_text.h\"\n" \
	    > source
	print "const struct gql_text gql_texts[] = {" > source
	for (k = 1; k <= gql_files; k++)
		if (file_name[k] !~ /\/fields\//)
			gql_document(k)
	print "\tGQL_COUNT\n};" > header
	print "\t{ NULL, NULL, NULL }\n};" > source
	end_files()
}

# ---- migrations

function migration_start(    name)
{
	name = FILENAME
	sub(/^.*\//, "", name)
	sub(/\.sql$/, "", name)
	FILENAME_last = FILENAME
	migration_end()
	script_name[++scripts] = name
	script_file[scripts] = FILENAME
	script_from[scripts] = lines_n + 1
}

function migration_end()
{
	if (!scripts)
		return
	if (lines_n < script_from[scripts])
		fail(script_file[scripts], 1, "an empty file")
	script_to[scripts] = lines_n
}

function script_kind(file)
{
	if (file ~ /(^|\/)grants\.sql$/)
		return ""
	if (file ~ /(^|\/)migrations\/[^\/]*$/)
		return "migrations"
	return file ~ /(^|\/)keyring\/[^\/]*$/ ? "keyring_migrations" : ""
}

function migration_write(k,    number)
{
	number = script_name[k]
	if (number !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+$/)
		fail(script_file[k], 1, "a migration is called " \
		    "0001_words.sql")
	number = substr(number, 1, 4) + 0
	if ((script_kind(script_file[k]), number) in script_seen)
		fail(script_file[k], 1, "number " number " is taken by " \
		    script_seen[script_kind(script_file[k]), number])
	script_seen[script_kind(script_file[k]), number] = script_file[k]
	printf "\t{ %d, \"%s\",\n", number, script_name[k] > source
	c_text(script_from[k], script_to[k], "\\n")
	print " }," > source
}

function migrations_table(kind,    k)
{
	printf "const struct migration %s[] = {\n", kind > source
	for (k = 1; k <= scripts; k++)
		if (script_kind(script_file[k]) == kind)
			migration_write(k)
	print "\t{ 0, NULL, NULL }\n};\n" > source
}

# One file as a text of its own; empty where there is no such file.
function script_text(file, variable,    k)
{
	printf "const char %s[] =\n", variable > source
	for (k = 1; k <= scripts; k++)
		if (script_file[k] ~ ("(^|/)" file "$")) {
			c_text(script_from[k], script_to[k], "\\n")
			print ";\n" > source
			return
		}
	print "\t\t\"\";\n" > source
}

function migrations_write()
{
	begin_files("MIGRATIONS", "sql/")
	print "/* One file of sql/migrations or sql/keyring. */" > header
	print "struct migration {" > header
	print "\tint number; /* from 1, in the order they are run */" > header
	print "\tconst char *name; /* the file's, without .sql */" > header
	print "\tconst char *text; /* as it stands in the file */" > header
	print "};\n" > header
	print "/* Both end by a row whose name is NULL. */" > header
	print "extern const struct migration migrations[];" > header
	print "extern const struct migration keyring_migrations[];\n" > header
	print "/* sql/roles.sql, sql/grants.sql, sql/keyring/grants.sql. */" \
	    > header
	print "extern const char roles_sql[];" > header
	print "extern const char grants_sql[];" > header
	print "extern const char keyring_grants_sql[];" > header
	print "#include <stddef.h>\n\n#include \"gen/migrations.h\"\n" > source
	migrations_table("migrations")
	migrations_table("keyring_migrations")
	script_text("roles\\.sql", "roles_sql")
	script_text("sql/grants\\.sql", "grants_sql")
	script_text("keyring/grants\\.sql", "keyring_grants_sql")
	end_files()
}

# ---- the loop over all lines

kind == "queries" && FNR == 1 { query_end() }
kind == "queries" { query_line($0) }
kind == "graphql" && FNR == 1 { gql_file(FILENAME) }
kind == "graphql" { gql_line($0) }
kind == "migrations" && FNR == 1 { migration_start() }
kind == "migrations" { lines[++lines_n] = $0 }

END {
	if (failed)
		exit 1
	if (kind == "queries") {
		query_end()
		queries_write()
	} else if (kind == "graphql")
		gql_write_all()
	else if (kind == "migrations") {
		migration_end()
		migrations_write()
	} else
		fail("embed.awk", 1, "kind is queries, graphql or migrations")
}
