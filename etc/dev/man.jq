# The programs' parts of openapi.json, as a list of routes in mdoc. See man.sh.

def path_text: gsub("[{](?<p>[a-z_]+)[}]"; ":\(.p)");

def escaped: gsub("\\\\"; "\\e");

# A closing mark that ends a sentence.
def stop: if test("[.?!]$") then . else . + "." end;

def join_or:
    if length < 2 then join("") else (.[:-1] | join(", ")) + " or " + .[-1] end;

def range($least; $most; $unit):
    if $most == null then (if $least == null then "" else ", \($least)\($unit) or more" end)
    elif $least == null or ($least == 0 and $unit != "") then ", at most \($most)\($unit)"
    else ", \($least) to \($most)\($unit)" end;

def type_name:
    (if .type | type == "array" then .type[0] else .type end);

def nullable:
    ((.type | type == "array") and (.type | index("null")) != null) or .anyOf != null;

def words: [.[] | select(. != null)] | join_or;

def type_text:
    (if .anyOf then "an object"
    elif type_name == null then "any JSON"
    elif .enum then "one of " + (.enum | words)
    elif type_name == "string" and .format == "date-time" then "a time"
    elif type_name == "string" then "text" + range(.minLength; .maxLength; " bytes")
    elif type_name == "integer" then "a number" + range(.minimum; .maximum; "")
    elif type_name == "boolean" then "true or false"
    elif type_name == "array" and .items.type == "object" then "a list of objects"
    elif type_name == "array" and .items.enum then
        "a list" + range(.minItems; .maxItems; " items") + ", each one of " + (.items.enum | words)
    elif type_name == "array" then "a list of texts"
    else "an object" end)
    + (if nullable then ", or null" else "" end)
    + (if .default != null then "; default \(.default)" else "" end);

# One member and those within it: the name as a path.
def member($name; $schema; $need; $known):
    ($schema | if .anyOf then .anyOf[0] + {anyOf, description} else . end) as $s
    | (if $s.type == "array" then $s.items else $s end) as $in
    | (if $s.type == "array" then $name + "[]" else $name end) as $at
    | ($known[$in.properties // {} | tojson]) as $same
    | ".It Ic " + $name,
      (($s | type_text) + (if $need then "; required" else "" end) | stop | escaped),
      (if $s.description then $s.description | stop | escaped else empty end),
      (if $in.properties == null then empty
       elif $same and $s.type == "array" then "Each as"
           , ".Sx " + $same, "gives it."
       else $in.properties | to_entries[]
           | member($at + "." + .key; .value; false; $known) end);

def members($schema; $known):
    ".Bl -tag -width Ds -compact",
    ($schema as $s | $s.properties | to_entries[]
        | .key as $k
        | member($k; .value; $s.additionalProperties == false
            and ($s.required | index($k)) != null; $known)),
    ".El";

def callers:
    . as $all
    | {"id_token": "a shop's session token", "shop_key": "a shop's key",
       "operator_key": "the operator's key", "shop_session": "a shop's session",
       "operator_session": "the operator's session"} as $names
    | if index("anyone") then "anyone"
      elif length == 5 then "any known caller"
      else map($names[.]) | join_or end;

def part($word): ".It " + $word;

def route($r; $schemas; $known; $first):
    ($r.op.parameters | map(select(.in == "query"))) as $query
    | ($r.op.requestBody.content["application/json"].schema["$ref"] // null) as $body
    | ($r.op.responses | to_entries | map(select(.key != "default")) | .[0]) as $ok
    | ($ok.value.content["application/json"].schema["$ref"] // null) as $reply
    | ".Ss " + $r.name,
      ($r.op.summary | stop | escaped),
      ".Bl -tag -width Callers -compact",
      part("Callers"),
      ($r.op["x-callers"] | callers) + (if $r.op["x-scope"] then
          "; scope " + $r.op["x-scope"] else "" end) + ".",
      (if ($query | length) > 0 then
          part("Query"),
          ".Bl -tag -width Ds -compact",
          ($query[] | ".It Ic " + .name,
              ((.schema | type_text) + (if .required then "; required" else "" end)
                  | stop | escaped),
              (.description // empty | stop | escaped)),
          ".El"
       else empty end),
      (if $body then
          part("Body"), members($schemas[$body | split("/")[-1]]; {})
       else empty end),
      part("Answer"),
      (if $reply == null then "\($ok.key)."
       elif $first[$reply] != $r.name then
          "\($ok.key), as", ".Sx " + $first[$reply], "gives it."
       else "\($ok.key):",
          members($schemas[$reply | split("/")[-1]]; $known | del(.[
              $schemas[$reply | split("/")[-1]].properties | tojson]))
       end),
      ".El";

(map(.components.schemas) | add) as $schemas
| ["GET", "POST", "PUT", "PATCH", "DELETE"] as $order
| [.[] | .paths | to_entries[] | .key as $path | .value | to_entries[]
    | {name: ((.key | ascii_upcase) + " " + ($path | path_text)), op: .value}] as $routes
| (reduce ($routes | reverse)[] as $r ({};
    ($r.op.responses | to_entries | map(select(.key != "default")) | .[0].value
        .content["application/json"].schema["$ref"]) as $ref
    | if $ref then .[$ref] = $r.name else . end)) as $first
| (reduce ($first | to_entries)[] as $e ({};
    .[$schemas[$e.key | split("/")[-1]].properties | tojson] = $e.value)) as $known
| $routes[] | route(.; $schemas; $known; $first)
