# What eats foreign bytes, from its corpus, so many times: no finding. The
# reader of records, which the internet reaches, oftenest (SEC-26).
# kyua: timeout=900

src=${STOCKROOM_SRC:?}
build=${STOCKROOM_BUILD:?}

runs()
{
	case $1 in
	record_fuzz) echo 1000000 ;;
	*) echo 200000 ;;
	esac
}

# The last words of libFuzzer are printed: how many runs, in how many seconds.
nothing_is_found()
{
	target=$build/fuzz/tests/fuzz/$1
	[ -x "$target" ] || atf_fail "no $target; make fuzz-targets builds it"
	mkdir new
	"$target" -runs="$(runs "$1")" new "$src/tests/fuzz/corpus/$1" \
	    > log 2>&1 || atf_fail "$1: $(tail -n 40 log)"
	tail -n 1 log
}

names()
{
	for name in "$src"/tests/fuzz/*_fuzz.c; do
		name=${name##*/}
		echo "${name%.c}"
	done
}

for name in $(names); do
	eval "
		atf_test_case ${name}_finds_nothing
		${name}_finds_nothing_body() { nothing_is_found $name; }
	"
done

atf_init_test_cases()
{
	for name in $(names); do
		atf_add_test_case "${name}_finds_nothing"
	done
}
