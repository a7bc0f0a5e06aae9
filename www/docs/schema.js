// JSON Schema as rows of words: a member's name, what it is, its note.

const DEEPEST = 5;

function follow(schema, spec) {
	const name = schema?.$ref?.split("/").at(-1);
	return name ? spec.components?.schemas?.[name] ?? {} : schema ?? {};
}

// {anyOf: [object, null]} is that object, which may be null.
function settle(schema, spec) {
	const s = follow(schema, spec);
	const some = s.anyOf ?? s.oneOf;
	if (!some)
		return s;
	const real = some.find((x) => x.type !== "null") ?? {};
	return { ...follow(real, spec), description: s.description,
		nullable: some.length > 1 };
}

/*
 * The members of a schema, those inside others under their full name:
 * "token.kind", "parts[].done".
 */
export function rowsOf(schema, spec, at = "", depth = 0) {
	const s = settle(schema, spec);
	if (depth > DEEPEST)
		return [];
	if (s.items)
		return rowsOf(s.items, spec, `${at}[]`, depth + 1);
	return Object.entries(s.properties ?? {}).flatMap(([name, inner]) => {
		const member = settle(inner, spec);
		const path = at ? `${at}.${name}` : name;
		return [{ name: path, kind: rowsOf.kind(member),
			need: (s.required ?? []).includes(name),
			note: member.description ?? "" },
		...rowsOf(member, spec, path, depth + 1)];
	});
}

// "whole number, 1 to 50", "list of text", "one of a, b", "time or null"
rowsOf.kind = (schema = {}) => {
	const types = [schema.type ?? "anything"].flat();
	const type = types.find((t) => t !== "null");
	const text = schema.enum ? choice(schema) :
	    type === "array" ? list(schema) : plain(type, schema);
	const or = types.includes("null") || schema.nullable ? " or null" : "";
	const usual = schema.default === undefined ? "" :
	    `; else ${JSON.stringify(schema.default)}`;
	return text + or + usual;
};

function choice(schema) {
	return `one of ${schema.enum.filter((x) => x !== null).join(", ")}`;
}

function list(schema) {
	const range = between(schema.minItems, schema.maxItems);
	return `list of ${rowsOf.kind(schema.items)}${range && `, ${range}`}`;
}

function plain(type, s) {
	if (type === "string" && s.format === "date-time")
		return "time, RFC 3339";
	if (type === "string") {
		const range = between(s.minLength, s.maxLength);
		return range ? `text, ${range} bytes` : "text";
	}
	if (type === "integer") {
		const range = between(s.minimum, s.maximum);
		return range ? `whole number, ${range}` : "whole number";
	}
	return { boolean: "true or false", number: "number", object: "object",
		anything: "any JSON" }[type] ?? type;
}

function between(least, most) {
	if (most !== undefined)
		return `${least ?? 0} to ${most}`;
	return least ? `${least} or more` : "";
}
