# What can be reached from where, by the names that C mentions: a function or a
# table reaches every function, table and macro whose name stands in it. Reads
# what code.awk prints.
#
#	-v roots="PLACE ..."	where to begin: PATH:NAME, or PATH for all of a file
#	-v show=NAMES		what to print, an extended regex: reached
#				names that match (queries: ^Q_)
#	-v show=unreached	functions of lib that are public and not reached
#
# A name means the one of its own file, else of its folder, else of lib.

function folder(path)
{
	sub(/\/[^\/]*$/, "", path)
	return path
}

# What is public in a program is public there only; in lib, everywhere.
function key_of(name, path, hidden)
{
	if (hidden)
		return path ":" name
	return (path ~ /^lib\// ? "" : folder(path)) ":" name
}

function open_node(name, hidden,    key)
{
	key = key_of(name, path, hidden)
	node = key
	if (!(key in known)) {
		known[key] = path ":" line
		in_file[path] = in_file[path] " " key
	}
	if (!hidden && kind == "function" && path ~ /^lib\/.*\.c$/)
		public[key] = name
}

function mention(text,    word)
{
	while (match(text, /[A-Za-z_][A-Za-z0-9_]*/)) {
		word = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (!((node, word) in seen)) {
			seen[node, word] = 1
			names[node] = names[node] " " word
		}
	}
}

# The name that a table or variable at the left edge has.
function object_name(text)
{
	sub(/[ \t]*(\[.*|=.*|;.*|,.*)$/, "", text)
	sub(/^.*[ *]/, "", text)
	return text
}

function start(text,    name)
{
	if (text ~ /^[ \t]*#[ \t]*define/) {
		kind = "macro"
		name = text
		sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
		sub(/[^A-Za-z0-9_].*$/, "", name)
		open_node(name, path !~ /\.h$/)
		sub(/^[ \t]*#[ \t]*define[ \t]+[A-Za-z0-9_]+/, "", text)
		mention(text)
		if (text !~ /\\$/)
			node = ""
	} else if (text ~ /^(static )?(inline )?[a-z_].*[ *]?[a-z_0-9]+(\[.*\])* *= *\{?.*$/ &&
	    text !~ /\(/) {
		kind = "object"
		open_node(object_name(text), text ~ /^static/)
		mention(text)
		if (text ~ /;[ \t]*$/)
			node = ""
	} else if (text ~ /^[A-Z_]+\(.*[^;]$/) {
		# ATF_TC_BODY(what_it_shows, tc), and the like of it.
		kind = "test"
		begun = 0
		name = text
		sub(/^[A-Z_]*\(/, "", name)
		sub(/[,)].*$/, "", name)
		open_node(name, 1)
	} else if (text ~ /^[a-z_][a-z0-9_]*\(/) {
		kind = "function"
		name = text
		sub(/\(.*$/, "", name)
		open_node(name, before ~ /^static/ && path !~ /\.h$/)
		mention(text)
		begun = 0
	}
}

function go_on(text)
{
	mention(text)
	if (kind == "macro") {
		if (text !~ /\\$/)
			node = ""
	} else if (kind == "object") {
		if (text ~ /^\}?;|;[ \t]*$/)
			node = ""
	} else if (text ~ /^\}/ || (!begun && text ~ /;[ \t]*$/))
		node = ""
	else if (text ~ /^\{/)
		begun = 1
}

{
	path = $0
	sub(/:.*$/, "", path)
	text = substr($0, length(path) + 2)
	line = text
	sub(/:.*$/, "", line)
	text = substr(text, length(line) + 2)
	if (path != last_path)
		node = before = ""
	last_path = path
	if (node != "")
		go_on(text)
	else
		start(text)
	before = text
	file_of[node] = path
}

function visit(key)
{
	if (key in reached)
		return
	reached[key] = 1
	queue[++queued] = key
}

# The node that a name stands for, seen from a path; "" when there is none.
function resolve(word, path)
{
	if ((path ":" word) in known)
		return path ":" word
	if ((folder(path) ":" word) in known)
		return folder(path) ":" word
	return ((":" word) in known) ? ":" word : ""
}

function follow(key,    word, n, i, to, path)
{
	path = known[key]
	sub(/:[0-9]+$/, "", path)
	n = split(names[key], word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] ~ show)
			found[word[i]] = 1
		to = resolve(word[i], path)
		if (to != "")
			visit(to)
	}
}

END {
	n = split(roots, root, " ")
	for (i = 1; i <= n; i++)
		if (root[i] in in_file) {
			m = split(in_file[root[i]], inside, " ")
			for (j = 1; j <= m; j++)
				visit(inside[j])
		} else if (root[i] in known)
			visit(root[i])
		else
			print "there is no " root[i] > "/dev/stderr"
	for (at = 1; at <= queued; at++)
		follow(queue[at])
	if (show == "unreached") {
		for (key in public)
			if (!(key in reached))
				print known[key] ": " public[key] \
				    " is reached by no test"
	} else
		for (name in found)
			print name
}
