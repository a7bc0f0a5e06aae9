/* Arguments and directives of a field. */
#include "check_in.h"
#include "fits.h"

static void
check_arg(struct check *c, const char *field, const struct doc_variable *args,
    const struct doc_arg *arg, const struct crumb *up)
{
	const struct crumb here = { .up = up, .name = arg->name };
	struct arena *mem = c->cx->mem;

	while (args != NULL && !text_same(args->name, arg->name))
		args = args->next;
	if (args == NULL)
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(mem,
			    "Field '%s' doesn't accept argument '%s'", field,
			    arg->name),
			.at = arg->at,
			.path = &here,
			.code = "argumentNotAccepted",
			.more = { { "name", field }, { "typeName", "Field" },
			    { "argumentName", arg->name } },
		    });
	else if (fits(mem, &args->type, &arg->value, FROM_DOCUMENT) != NULL)
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(mem,
			    "Argument '%s' on Field '%s' has an invalid value "
			    "(%s). Expected type '%s'.",
			    arg->name, field,
			    value_text(mem, &arg->value, true),
			    typed_text(mem, &args->type)),
			.at = arg->at,
			.path = &here,
			.code = "argumentLiteralsIncompatible",
			.more = { { "typeName", "Field" },
			    { "argumentName", arg->name } },
		    });
}

static bool
is_written(const struct doc_arg *args, const char *name)
{
	while (args != NULL && !text_same(args->name, name))
		args = args->next;
	return args != NULL;
}

void
check_args(struct check *c, const struct type_field *f,
    const struct doc_selection *s, const struct crumb *path)
{
	struct buf missing = buf_new(c->cx->mem, 4096);
	const struct doc_variable *v;
	const struct doc_arg *arg;

	for (arg = s->args; arg != NULL; arg = arg->next)
		check_arg(c, s->name, f->args, arg, path);
	for (v = f->args; v != NULL; v = v->next)
		if (v->type.required && v->fallback == NULL &&
		    !is_written(s->args, v->name))
			buf_addf(
			    &missing, "%s%s", missing.n ? ", " : "", v->name);
	if (missing.n > 0)
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(c->cx->mem,
			    "Field '%s' is missing required arguments: %s",
			    s->name, buf_text(&missing)),
			.at = s->at,
			.path = path,
			.code = "missingRequiredArguments",
			.more = { { "className", "Field" }, { "name", s->name },
			    { "arguments", buf_text(&missing) } },
		    });
}

void
check_directives(
    struct check *c, const struct doc_directive *d, const struct crumb *path)
{
	for (; d != NULL; d = d->next) {
		if ((text_same(d->name, "skip") ||
			text_same(d->name, "include")) &&
		    is_written(d->args, "if"))
			continue;
		problems_add(c->problems,
		    &(struct problem){
			.message = text_fmt(c->cx->mem,
			    "Directive @%s is not defined, or without if",
			    d->name),
			.at = d->at,
			.path = path,
			.code = "undefinedDirective",
			.more = { { "directiveName", d->name } },
		    });
	}
}
