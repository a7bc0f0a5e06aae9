# The pages in a real browser: each case has a suite of its own and a browser of
# its own. What a case does stands under its name in cases.mjs.
# kyua: timeout=240

. "${STOCKROOM_SRC:?}/tests/browser/browser.sh"
cases_of cases.mjs
