# C without its comments, as FILE:LINE:TEXT.
#	awk -v want=code    literals stay as their quotes only
#	awk -v want=strings the string literals only, joined by a blank
# A literal does not go past its line, and neither does what is looked for.

function literal(hit)
{
	if (substr(hit, 1, 1) != "\"")
		return want == "code" ? "''" : ""
	return want == "code" ? "\"\"" : hit " "
}

function strip(text,    out, hit, at)
{
	out = ""
	while (text != "") {
		if (in_comment) {
			if (!(at = index(text, "*/")))
				return out
			text = substr(text, at + 2)
			in_comment = 0
			out = out (want == "code" ? " " : "")
			continue
		}
		if (!match(text, mark))
			return out (want == "code" ? text : "")
		hit = substr(text, RSTART, RLENGTH)
		if (want == "code")
			out = out substr(text, 1, RSTART - 1)
		text = substr(text, RSTART + RLENGTH)
		if (hit == "//")
			return out
		if (hit == "/*")
			in_comment = 1
		else
			out = out literal(hit)
	}
	return out
}

BEGIN { mark = "\\/[*]|\\/\\/|\"([^\"\\\\]|\\\\.)*\"|'([^'\\\\]|\\\\.)*'" }

FNR == 1 { in_comment = 0 }

{
	# The name of a header is no text.
	if ($0 ~ /^[ \t]*#[ \t]*include/ && !in_comment)
		text = want == "code" ? $0 : ""
	else
		text = strip($0)
	if (text !~ /^[ \t]*$/)
		print FILENAME ":" FNR ":" text
}
