// What a reader most likely came for stands first: the page of a message, then a how-to page.
// Sphinx reads this name; the figures are its own but for `score`.
var Scorer = {
  score: ([docname, , , , score]) =>
    score + (docname.startsWith("messages/") ? 12 : docname.startsWith("howto/") ? 8
      : ["tutorial", "security", "migrating", "caching"].includes(docname) ? 6 : 0),
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
