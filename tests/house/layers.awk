# Includes that break the floors of the house (docs: "Floors"), from files of
# C given in full. A step down is good, a step up or to a neighbour is not.

BEGIN {
	split("base 0 io 1 web 2 shopify 2 llm 2 store 2 app 3", f, " ")
	for (i = 1; i in f; i += 2)
		floor[f[i]] = f[i + 1]
	# What the generator makes stands beside what is made of it.
	made["queries"] = "io"
	made["graphql"] = "shopify"
	made["migrations"] = "store"
}

function say(what)
{
	print FILENAME ":" FNR ": " what
}

# base of lib/base/buf.c; "" for a program, which stands above them all.
function room(path,    part)
{
	split(path, part, "/")
	return part[1] == "lib" ? part[2] : ""
}

function level(r)
{
	return r == "" ? 4 : floor[r]
}

function to_room(name,    part)
{
	split(name, part, "/")
	if (part[1] == "gen") {
		sub(/\.h$/, "", part[2])
		return made[part[2]]
	}
	return part[1]
}

function from_floor(name, from,    to)
{
	to = to_room(name)
	if (!(to in floor))
		say("\"" name "\" is on no floor")
	else if (level(to) > level(from))
		say("\"" name "\" is a step up from " from)
	else if (level(to) == 2 && level(from) == 2 && to != from)
		say("\"" name "\" is a step sideways from " from)
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*$/, "", name)
	from = room(FILENAME)
	if (name ~ /\.\.\//)
		say("\"" name "\" climbs out of its folder")
	else if (name ~ /\//)
		from_floor(name, from)
	else if (from != "")
		say("\"" name "\" does not say its floor")
}
