# How texts are written, and which files belong here at all.
# kyua: timeout=120
. "${STOCKROOM_SRC:-.}/tests/house/house.sh"

# A copy of the linter, over a small tree of the case's own.
lint()
{
	mkdir -p tree/etc/dev tree/.ci
	cp "$top/etc/dev/lint.sh" tree/etc/dev/
	cp "$top/.clang-format" tree/
	[ -e tree/.ci/run ] || printf '#! /bin/sh\n' > tree/.ci/run
	tree/etc/dev/lint.sh "$@" > said.out 2>&1
}

atf_test_case c_is_laid_out_as_the_format_has_it
c_is_laid_out_as_the_format_has_it_body()
{
	"$top/etc/dev/lint.sh" format > broken.out 2>&1 || {
		grep error: broken.out | sed 's/:.*//' | sort | uniq -c >&2
		atf_fail 'clang-format would change the files above'
	}
	printf 'int\nmain(void)\n{\n\treturn 0;\n}\n' | plant lib/a.c
	lint format || atf_fail 'good layout is refused'
	printf 'int main(void) { return 0; }\n' | plant lib/a.c
	! lint format || atf_fail 'bad layout is let pass'
}

atf_test_case scripts_pass_shellcheck
scripts_pass_shellcheck_body()
{
	atf_check -o ignore "$top/etc/dev/lint.sh" shell
	plant a.sh <<-'EOT'
	say()
	{
		local a

		a=$1
		echo "$a"
	}
	say b
	EOT
	lint shell || atf_fail 'what dash knows is refused'
	echo 'rm -rf $1/*' | plant a.sh
	! lint shell || atf_fail 'an unquoted word is let pass'
}

# ---- files

# What git holds, as it holds it now; nothing to say of a tree without one.
held()
{
	git -c safe.directory='*' ls-files -z | xargs -0 -r ls -d 2>/dev/null
}

# What is made, and what a machine keeps to itself, is not in git.
strangers()
{
	held | grep -E \
	    '^(build|var)/|(^|/)(node_modules|core)(/|$)|\.(o|a|d|gcno|gcda|db|log|pid|sock|orig|rej|swp|tar|gz|zip|env|key|pem|crt|p12)$|(^|/)\.(env|npmrc\.|DS_Store)|(^|/)(run\.env|kek|stockroom\.conf)$|~$' |
	    sed 's/$/: is not for git/'
}

# More than a megabyte is a fixture's.
heavy()
{
	held | grep -v '^tests/fixtures/' | tr '\n' '\0' |
	    xargs -0 -r -I '{}' find '{}' -maxdepth 0 -size +1024k |
	    sed 's/$/: more than a megabyte/'
}

# Secrets as they look: a key's armour, tokens of Shopify's and our own, keys
# of those who sell models and machines.
secrets()
{
	held | grep -vE '^tests/fixtures/security/|^tests/house/' |
	    tr '\n' '\0' | xargs -0 -r grep -InE -e \
	    '-----BEGIN [A-Z ]*PRIVATE KEY-----|shp(at|ua|ca|pa|ss|rt)_[0-9a-fA-F]{32}|\<sr_[A-Za-z0-9_-]{40,}|\<sk-(ant-)?[A-Za-z0-9_-]{24,}|\<AKIA[0-9A-Z]{16}\>|\<gh[pousr]_[A-Za-z0-9]{36}' \
	    /dev/null
}

# Only what people run may be run.
modes()
{
	held | grep -vE '^etc/dev/|^bench/|^examples/|^\.ci/|^tests/(run\.sh|cgi/|[a-z0-9-]*/[a-z0-9_-]*$)' |
	    tr '\n' '\0' | xargs -0 -r -I '{}' find '{}' -maxdepth 0 \
	    -type f -perm /111 | sed 's/$/: need not be executable/'
}

in_git()
{
	git -c safe.directory='*' -C "$top" rev-parse --git-dir > /dev/null \
	    2>&1 || atf_skip 'this tree has no git'
	git init -q tree
}

planted()
{
	git -C tree add -A -f
}

atf_test_case git_holds_no_secret_and_nothing_that_is_made
git_holds_no_secret_and_nothing_that_is_made_body()
{
	in_git
	kept strangers
	kept secrets
	plant var/run.env < /dev/null
	plant lib/a.o < /dev/null
	plant tests/a_test.c < /dev/null
	printf 'shpat_%032d\n' 7 | plant lib/b.c
	printf -- '-----BEGIN EC %s KEY-----\n' PRIVATE | plant etc/c
	planted
	broken 'var/run.env: is not for git' strangers
	breaks 2 strangers
	broken lib/b.c:1 secrets
	broken etc/c:1 secrets
	breaks 2 secrets
}

atf_test_case git_holds_small_files_that_are_only_read
git_holds_small_files_that_are_only_read_body()
{
	in_git
	kept heavy
	kept modes
	head -c 1100000 /dev/zero | plant www/big.bin
	head -c 1100000 /dev/zero | plant tests/fixtures/big.bin
	plant lib/a.c < /dev/null
	chmod +x tree/lib/a.c
	planted
	broken 'www/big.bin: more than' heavy
	breaks 1 heavy
	broken 'lib/a.c: need not' modes
	breaks 1 modes
}

atf_init_test_cases()
{
	atf_add_test_case c_is_laid_out_as_the_format_has_it
	atf_add_test_case scripts_pass_shellcheck
	atf_add_test_case git_holds_no_secret_and_nothing_that_is_made
	atf_add_test_case git_holds_small_files_that_are_only_read
}
