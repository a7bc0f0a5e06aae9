/* Words for made-up things: most plain, some of the kind that break programs.
 */
#include "made.h"

static const char *const adjectives[] = { "Blue", "Heavy", "Small", "Woollen",
	"Grüner", "Oiled", "Folding", "Enamel", "Striped", "Plain",
	"Märchenhafter", "Recycled" };

static const char *const nouns[] = { "Shirt", "Lantern", "Teapot", "Blanket",
	"Notebook", "Mug", "Apron", "Basket", "Candle", "Stool", "Kettle",
	"Scarf" };

static const char *const odd[] = {
	"Tee \"Größe\" S/M", /* quotes */
	"Crème brûlée 🍮 set",
	"A\\/B mug", /* a backslash before a slash, as text */
	"日本の急須",
	"حقيبة يد",
	"Line\xe2\x80\xa8separator", /* U+2028 */
	"<script>alert(1)</script>",
	"O'Brien & Söhne; DROP TABLE",
	"👩‍👩‍👧‍👦 family cup",
	"Cafe\xcc\x81 with a combining accent",
	"=SUM(A1:A9)",
	"100% \"cotton\", 50\xc2\xa0% off",
	"Tab\there and\nnewline",
};

static const char *const sentences[] = {
	"<p>Made by hand, in small numbers.</p>",
	"<p>Keeps warm &amp; dry.</p>\n<ul><li>Wash at 30°C</li></ul>",
	"",
	"<p>\"Best of 2025\" \xe2\x80\x93 says nobody\\/everybody 🎉</p>",
	"<p>Schöne Grüße aus Köln</p>",
};

const char *
made_title(struct make *m, struct dice *d, size_t i)
{
	const size_t n_odd = sizeof(odd) / sizeof(odd[0]);

	if (i % 7 == 2)
		return text_fmt(m->mem, "%s %zu", odd[i / 7 % n_odd], i);
	return text_fmt(m->mem, "%s %s %zu", DICE_PICK(d, adjectives),
	    DICE_PICK(d, nouns), i);
}

const char *
made_sentence(struct make *m, struct dice *d)
{
	(void)m;
	return DICE_PICK(d, sentences);
}
