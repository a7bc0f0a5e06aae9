# What people can use is written down and tried: routes, settings, figures,
# programs, kinds of job. (man_test: as the tables have them.)
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# METHOD PATH of every route, from what each program tells of itself.
routes()
{
	for routes_program in "$build"/bin/*.fcgi; do
		case $routes_program in
		*/sandbox.fcgi) continue ;;
		esac
		"$routes_program" -r < /dev/null > routes.json ||
		    atf_fail "$routes_program -r"
		jq -r '.paths | to_entries[] | .key as $p | .value | keys[] |
		    (ascii_upcase) + " " + $p' routes.json
	done | sed 's/{\([a-z_]*\)}/:\1/g' | LC_ALL=C sort -u
}

# mdoc that names each of its topics in a heading.
headed()
{
	[ ! -f "$1" ] || sed -n 's/^\.S[hs] //p' "$1"
}

# undescribed ROUTES
undescribed()
{
	headed man/stockroom-api.7 > "$at/headed"
	grep -vxF -f "$at/headed" "$1" | sed 's/$/: not in stockroom-api(7)/'
	# And nothing is described that is not there.
	grep -E '^(GET|POST|PUT|PATCH|DELETE) /' "$at/headed" | grep -vxF -f "$1" |
	    sed 's/$/: in stockroom-api(7), and no route/'
}

# A line of a test names the method and then the path: request GET /api/jobs.
untried()
{
	files '*_test.*' tests > "$at/tried.files"
	files '*.mjs' tests >> "$at/tried.files"
	grep -v '^tests/house/' "$at/tried.files" | xargs -r cat > "$at/tried"
	while read -r untried_method untried_path; do
		untried_like=$(echo "$untried_path" |
		    sed 's/[.]/[.]/g; s/:[a-z_]*/[^\/?"'\'' ]+/g')
		grep -qE "${untried_method}[\"',]* +[\"'\`]?([\$][{A-Za-z_.}]*)?$untried_like([?\"' \`\\\\]|\$)" \
		    "$at/tried" || echo "$untried_method $untried_path: no test asks it"
	done < "$1"
}

described_and_tried()
{
	undescribed "$1"
	untried "$1"
}

# ---- tables of names, and the page that tells of each

# names MACRO FILE: the first member of its rows; names NAME FILE 2: the second
names()
{
	[ ! -f "$2" ] || sed -n "s/^$1(\([A-Za-z_0-9]*\), *\"*\([a-z_0-9\/]*\).*/\\${3:-1}/p" "$2"
}

# An item of a list in mdoc that begins with the name.
listed()
{
	[ ! -f "$1" ] ||
	    sed -n 's/^\.It [A-Z][a-z] \([A-Za-z_0-9]*\).*/\1/p' "$1"
}

absent()
{
	while read -r absent_name; do
		grep -qxF -- "$absent_name" "$1" ||
		    echo "$absent_name: not in $2"
	done
}

settings()
{
	names CONF lib/base/conf.def > "$at/settings.def"
	listed man/stockroom.conf.5 > "$at/settings.list"
	absent "$at/settings.list" 'stockroom.conf(5)' < "$at/settings.def"
	[ ! -f etc/stockroom.conf.sample ] ||
	    sed -n 's/^#*\([A-Z_]*\)=.*/\1/p' etc/stockroom.conf.sample \
	    > "$at/settings.list"
	absent "$at/settings.list" stockroom.conf.sample < "$at/settings.def"
	absent "$at/settings.def" conf.def < "$at/settings.list"
}

metrics()
{
	names METRIC lib/io/metrics.def > "$at/metrics.def"
	listed man/stockroom-metrics.7 > "$at/metrics.list"
	absent "$at/metrics.list" 'stockroom-metrics(7)' < "$at/metrics.def"
	absent "$at/metrics.def" metrics.def < "$at/metrics.list"
}

programs()
{
	for programs_dir in cgi-bin/* jobs jobs/stockroom sandbox; do
		programs_name=${programs_dir##*/}
		[ "$programs_name" != jobs ] || programs_name=jobd
		[ -z "$(find "$programs_dir" -maxdepth 1 -name '*.c' \
		    2>/dev/null)" ] || [ -f "man/$programs_name.8" ] ||
		    echo "$programs_name: no man/$programs_name.8"
	done
}

# A kind is a file, a row of the table that runs it, and a word in a page.
kinds()
{
	names KIND lib/store/kinds.def 2 | while read -r kinds_name; do
		[ -f "jobs/$kinds_name.c" ] ||
		    echo "$kinds_name: no jobs/$kinds_name.c"
		grep -qw "${kinds_name}_run" jobs/table.c 2>/dev/null ||
		    echo "$kinds_name: not in jobs/table.c"
		grep -qrw -- "$kinds_name" man docs 2>/dev/null ||
		    echo "$kinds_name: in no page"
	done
}

# ---- what the pages make of it

# A page is named by its file, and one that refers to another of ours has it.
pages()
{
	files '*.[1-8]' man | while read -r page; do
		page_name=${page##*/}
		sed -n 's/^\.Dt //p' "$page" | tr 'A-Z ' 'a-z.' |
		    grep -qxF "$page_name" || echo "$page: .Dt is not its name"
		sed -n 's/^\.Xr \([a-z.-]*\) \([1-8]\).*/\1.\2/p' "$page" |
		    sort -u | while read -r page_other; do
			case $page_other in
			stockroom*|auth.*|pulls.*|ops.*|ai.*|webhooks.*|\
			events.*|jobd.*|execd.*|sandbox.*)
				[ -f "man/$page_other" ] ||
				    echo "$page: no man/$page_other" ;;
			esac
		done
	done
}

atf_test_case every_route_is_described_and_tried
every_route_is_described_and_tried_body()
{
	routes > routes
	atf_check [ "$(wc -l < routes)" -gt 20 ]
	kept described_and_tried "$PWD/routes"
	printf '%s\n' 'GET /api/a' 'GET /api/a/:id' 'POST /api/a' > routes
	plant man/stockroom-api.7 <<-'EOT'
	.Ss GET /api/a
	.Ss GET /api/a/:id
	.Ss GET /api/b
	EOT
	plant tests/a_test.sh <<-'EOT'
	request GET /api/a?after=3
	ask 200 GET "/api/a/$id/b"
	ask 405 POST /api/abc
	EOT
	broken 'POST /api/a: not in' undescribed "$PWD/routes"
	broken 'GET /api/b: in stockroom-api(7), and no' undescribed \
	    "$PWD/routes"
	breaks 2 undescribed "$PWD/routes"
	broken 'GET /api/a/:id: no test' untried "$PWD/routes"
	broken 'POST /api/a: no test' untried "$PWD/routes"
	breaks 2 untried "$PWD/routes"
}

atf_test_case every_setting_is_described_and_shown
every_setting_is_described_and_shown_body()
{
	kept settings
	plant lib/base/conf.def <<-'EOT'
	CONF(ONE, CONF_TEXT, "", "The first.")
	CONF(TWO, CONF_INT, "2", "The second.")
	EOT
	echo '.It Ev TWO' | plant man/stockroom.conf.5
	printf '%s\n' '#ONE=' '#THREE=3' | plant etc/stockroom.conf.sample
	broken 'ONE: not in stockroom.conf(5)' settings
	broken 'TWO: not in stockroom.conf.sample' settings
	broken 'THREE: not in conf.def' settings
	breaks 3 settings
}

atf_test_case every_figure_is_described
every_figure_is_described_body()
{
	kept metrics
	plant lib/io/metrics.def <<-'EOT'
	METRIC(a_total, METRIC_COUNTER, "A.")
	METRIC(b_total, METRIC_COUNTER, "B.")
	EOT
	echo '.It Ic b_total Pq counter' | plant man/stockroom-metrics.7
	broken 'a_total: not in stockroom-metrics(7)' metrics
	breaks 1 metrics
}

atf_test_case every_program_has_a_page
every_program_has_a_page_body()
{
	kept programs
	kept pages
	plant cgi-bin/auth/main.c < /dev/null
	plant jobs/jobd.c < /dev/null
	printf '%s\n' '.Dt AUTH 7' '.Xr jobd 8' '.Xr psql 1' |
	    plant man/auth.8
	broken 'jobd: no man/jobd.8' programs
	breaks 1 programs
	broken 'man/auth.8: .Dt is not' pages
	broken 'man/auth.8: no man/jobd.8' pages
	breaks 2 pages
}

atf_test_case every_kind_of_job_has_its_file_and_a_word
every_kind_of_job_has_its_file_and_a_word_body()
{
	kept kinds
	plant lib/store/kinds.def <<-'EOT'
	/* KIND(name, word): */
	KIND(ONE, "one", 2, "The first.")
	KIND(TWO_B, "two_b", 2, "The second.")
	EOT
	plant jobs/one.c < /dev/null
	echo '{ one_run }, { two_b_run }' | plant jobs/table.c
	echo 'Job `one` and two_bs.' | plant docs/hacking.md
	broken 'two_b: no jobs/two_b.c' kinds
	broken 'two_b: in no page' kinds
	breaks 2 kinds
}

atf_init_test_cases()
{
	atf_add_test_case every_route_is_described_and_tried
	atf_add_test_case every_setting_is_described_and_shown
	atf_add_test_case every_figure_is_described
	atf_add_test_case every_program_has_a_page
	atf_add_test_case every_kind_of_job_has_its_file_and_a_word
}
