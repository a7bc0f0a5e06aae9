# What only an operator does in the pages, likewise; it takes its time.
# kyua: timeout=240

. "${STOCKROOM_SRC:?}/tests/browser/browser.sh"
cases_of operator_cases.mjs
