// Holds the GraphQL documents, as the generator makes them, to a schema of the
// Admin API and to the tables that say where each field goes.
//
//	node graphql.mjs documents MODULES MADE.c VERSION
//	node graphql.mjs fields FOLDER MAPS.c COLUMNS MODULES
//
// MODULES is a folder with node_modules; MADE.c what lib/gen/embed.awk wrote;
// FOLDER is lib/shopify/graphql; COLUMNS has a line "table column register" a
// column. What is wrong is printed, one a line, and the exit status is 0; 2 when
// it cannot be told.

import { readFileSync, readdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const say = (where, what) => console.log(`${where}: ${what}`);

function give_up(what) {
	console.error(what);
	process.exit(2);
}

function library(modules) {
	return createRequire(join(modules, "/"))("graphql");
}

// ---- documents

function schema_of(g, modules, version) {
	const file = join(modules, "node_modules/@shopify/dev-mcp/dist/data",
		`admin_${version}.json.gz`);

	if (!existsSync(file))
		give_up(`there is no schema of ${version}`);
	const told = JSON.parse(gunzipSync(readFileSync(file)));
	return g.buildClientSchema(told.data ?? told);
}

// Rows { "name", "text", NULL or "operation" }; C's escapes here are JSON's.
function documents_in(file) {
	const literal = /"(?:[^"\\]|\\.)*"/.source;
	const row = new RegExp(
		`\\{ (${literal}),\\s*(${literal}),\\s*(${literal}|NULL) \\}`, "g");

	return [...readFileSync(file, "utf8").matchAll(row)].map((m) => ({
		name: JSON.parse(m[1]),
		text: JSON.parse(m[2]),
		operation: m[3] === "NULL" ? null : JSON.parse(m[3]),
	}));
}

// orders_page has the operation OrdersPage; a bulk text has none.
function operation_of(name) {
	if (name.startsWith("bulk/"))
		return null;
	return name.split("_").map((w) => w[0].toUpperCase() + w.slice(1))
		.join("");
}

const is_connection = (g, type) =>
	g.getNamedType(type).name.endsWith("Connection");
const is_list = (g, type) => g.isListType(g.getNullableType(type));

// What a bulk operation refuses, walked down with the connections above.
class Bulk {
	constructor(g, schema, note) {
		Object.assign(this, { g, schema, note, connections: 0 });
	}

	check(operation) {
		const roots = operation.selectionSet.selections;

		if (operation.operation !== "query")
			this.note("only a query can run in bulk");
		if (operation.variableDefinitions?.length)
			this.note("has variables, which bulk texts cannot");
		if (roots.length !== 1)
			this.note(`${roots.length} top-level fields, not one`);
		for (const field of roots)
			if (/^nodes?$/.test(field.name?.value))
				this.note(`top-level ${field.name.value}`);
		this.walk(operation.selectionSet, this.schema.getQueryType(),
			{ depth: 0, list: false });
		if (this.connections < 1 || this.connections > 5)
			this.note(`${this.connections} connections, not 1 to 5`);
	}

	walk(set, type, at) {
		for (const part of set.selections) {
			const named = part.typeCondition?.name.value;

			if (part.kind === "InlineFragment")
				this.walk(part.selectionSet,
					named ? this.schema.getType(named) : type, at);
			else
				this.field(part, type, at);
		}
	}

	field(part, type, at) {
		const field = type.getFields?.()[part.name.value];

		if (!field || !part.selectionSet)
			return;
		if (is_connection(this.g, field.type))
			this.connection(part, this.g.getNamedType(field.type), at);
		else
			this.walk(part.selectionSet,
				this.g.getNamedType(field.type), { ...at,
				list: at.list || is_list(this.g, field.type) });
	}

	connection(part, type, at) {
		const name = part.name.value;
		const inside = (set, want) => set?.selections.find((s) =>
			s.name?.value === want)?.selectionSet;
		const node = inside(inside(part.selectionSet, "edges"), "node");
		const of = this.g.getNamedType(type.getFields().nodes.type);

		this.connections++;
		if (at.list)
			this.note(`connection ${name} is inside a list`);
		if (at.depth > 2)
			this.note(`connection ${name} is more than two deep`);
		if (part.selectionSet.selections.some(
			(s) => s.name?.value !== "edges"))
			this.note(`${name} is not read by edges > node only`);
		if (!node) {
			this.note(`${name} selects no node`);
			return;
		}
		if (!node.selections.some(
			(s) => s.name?.value === "id" && !s.alias))
			this.note(`a node of ${name} has no id`);
		if (this.g.isObjectType(of) &&
			!of.getInterfaces().some((i) => i.name === "Node"))
			this.note(`${of.name} is no Node`);
		this.walk(node, of, { depth: at.depth + 1, list: false });
	}
}

function check_document(g, schema, made) {
	const note = (what) => say(made.name, what);
	const rules = [...g.specifiedRules, g.NoDeprecatedCustomRule];
	let parsed;

	try {
		parsed = g.parse(made.text);
	} catch (e) {
		note(e.message);
		return;
	}
	for (const e of g.validate(schema, parsed, rules))
		note(e.message);
	if (made.operation !== operation_of(made.name))
		note(`its operation is ${made.operation}, not ` +
			operation_of(made.name));
	if (made.name.startsWith("bulk/"))
		new Bulk(g, schema, note).check(parsed.definitions[0]);
}

function documents(modules, file, version) {
	const g = library(modules);
	const all = documents_in(file);

	if (!all.length)
		give_up(`there is no document in ${file}`);
	const schema = schema_of(g, modules, version);
	for (const made of all)
		check_document(g, schema, made);
}

// ---- fields, and where they go

// The table of maps.c that takes a type's fields.
const taken_by = {
	Customer: "customer",
	LineItem: "order_line",
	Order: "orders",
	OrderTransaction: "order_transaction",
	Product: "product",
	ProductVariant: "variant",
	Refund: "refund",
};

// Parts that have no table of their own.
const parts = ["MoneyBag"];

// Ours as Shopify's number: the row's key.
const keys = ["id", "legacyResourceId"];

function fragments_in(g, folder) {
	const found = new Map();

	for (const name of readdirSync(join(folder, "fields"))) {
		const text = readFileSync(join(folder, "fields", name), "utf8");

		for (const d of g.parse(text).definitions)
			found.set(d.name.value, d);
	}
	return found;
}

// Every place in a selection, as "a.b": leaves, and what holds them.
function places(fragments, set, above, out) {
	for (const part of set.selections) {
		if (part.kind === "FragmentSpread") {
			places(fragments,
				fragments.get(part.name.value).selectionSet, above, out);
			continue;
		}
		const path = above + part.name.value;

		out.set(path, !part.selectionSet);
		if (part.selectionSet)
			places(fragments, part.selectionSet, `${path}.`, out);
	}
	return out;
}

// table -> [{name, path, how, where}], from COLUMN, DOC and SEALED rows.
function maps_in(file) {
	const text = readFileSync(file, "utf8");
	const lists = new Map();
	const maps = new Map();
	const row = /(COLUMN|DOC|SEALED)\(\s*"([^"]+)",\s*"([^"]+)",\s*(MAP_\w+)\s*\)/g;

	for (const m of text.matchAll(/map_field (\w+)\[\] = \{(.*?)\n\};/gs))
		lists.set(m[1], [...m[2].matchAll(row)].map((r) => (
			{ where: r[1], name: r[2], path: r[3], how: r[4] })));
	for (const m of text.matchAll(/struct map \w+ = \{ "(\w+)", (\w+) \}/g))
		maps.set(m[1], lists.get(m[2]));
	return maps;
}

// The currency beside an amount that goes somewhere is the row's.
function implied(path, covered) {
	return path.endsWith(".currencyCode") &&
		covered(path.replace(/currencyCode$/, "amount"));
}

function check_fields(type, table, found, rows) {
	const whole = rows.filter((r) => r.how === "MAP_JSON");
	const covered = (path) => rows.some((r) => r.path === path) ||
		whole.some((r) => path.startsWith(`${r.path}.`));

	for (const [path, leaf] of found)
		if (leaf && !keys.includes(path) && !covered(path) &&
			!implied(path, covered))
			say(type, `${path} goes nowhere in ${table}`);
	for (const r of rows)
		if (!found.has(r.path))
			say(table, `${r.path} is not among the fields of ${type}`);
}

// A column holds nothing personal; what is sealed and what is left have one
// each.
function check_columns(table, rows, columns) {
	for (const r of rows) {
		const name = { COLUMN: r.name, DOC: "doc", SEALED: "sealed" }[r.where];
		const register = columns.get(`${table} ${name}`);

		if (register === undefined)
			say(table, `there is no column ${name} for ${r.path}`);
		else if (r.where === "COLUMN" && register !== "none")
			say(table, `${r.path} goes into a column that is ${register}`);
	}
}

function columns_in(file) {
	const columns = new Map();

	for (const line of readFileSync(file, "utf8").trim().split("\n")) {
		const [table, column, ...register] = line.split(" ");

		columns.set(`${table} ${column}`, register.join(" "));
	}
	return columns;
}

function used_in(folder) {
	const used = new Set();

	for (const file of readdirSync(folder, { recursive: true }))
		if (file.endsWith(".graphql"))
			for (const m of readFileSync(join(folder, file), "utf8")
				.replace(/#.*/g, "").matchAll(/\.\.\.\s*(\w+)/g))
				used.add(m[1]);
	return used;
}

function fields(folder, file, columns_file, modules) {
	const fragments = fragments_in(library(modules), folder);
	const maps = maps_in(file);
	const columns = columns_in(columns_file);
	const used = used_in(folder);

	for (const [name, fragment] of fragments) {
		const type = fragment.typeCondition.name.value;

		if (!used.has(name))
			say(name, "no document spreads it");
		if (parts.includes(type))
			continue;
		if (!maps.get(taken_by[type])) {
			say(type, "no map takes its fields");
			continue;
		}
		check_fields(type, taken_by[type], places(fragments,
			fragment.selectionSet, "", new Map()), maps.get(taken_by[type]));
	}
	for (const [table, rows] of maps)
		check_columns(table, rows, columns);
}

const [what, ...rest] = process.argv.slice(2);

if (what === "documents" && rest.length === 3)
	documents(...rest);
else if (what === "fields" && rest.length === 4)
	fields(...rest);
else
	give_up("usage: graphql.mjs documents|fields ...");
