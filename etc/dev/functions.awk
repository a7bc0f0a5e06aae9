# Where each function of C begins and ends, as the tree is laid out: its name
# stands at the left edge, and so do the braces of its body.
#	awk -f functions.awk FILE...	LINES FILE:LINE NAME, one a function

FNR == 1 { name = "" }

/^[A-Za-z_][A-Za-z0-9_]*\(/ && !body {
	name = $0
	sub(/\(.*$/, "", name)
	# ATF_TC_BODY(what_it_shows, tc)
	if (name ~ /^[A-Z]/) {
		name = $0
		sub(/^[^(]*\(/, "", name)
		sub(/[,)].*$/, "", name)
	}
	from = FNR
}

# A prototype has no body.
name != "" && !body && /;[ \t]*$/ { name = "" }

/^\{/ && name != "" { body = 1 }

/^\}/ && body {
	print FNR - from + 1 "\t" FILENAME ":" from "\t" name
	body = 0
	name = ""
}
