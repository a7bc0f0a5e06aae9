# The web pixel's source in Node: what it sends, and what never leaves the
# browser. What a case does stands under its name in pixel.mjs.

src=${STOCKROOM_SRC:?}
build=${STOCKROOM_BUILD:?}

run()
{
	atf_check "$build/npm/node" "$src/tests/extension/pixel.mjs" "$1" \
	    "$src/extension/extensions/stockroom-pixel/src/index.js"
}

cases()
{
	sed -n 's/^	async \([a-z_]*\)() {/\1/p' "$src/tests/extension/pixel.mjs"
}

for name in $(cases); do
	eval "
		atf_test_case $name
		${name}_body() { run $name; }
	"
done

atf_init_test_cases()
{
	for name in $(cases); do
		atf_add_test_case "$name"
	done
}
