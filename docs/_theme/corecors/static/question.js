// A whole message from the browser's console, pasted into the search: look for what is the same for
// everybody, not for the reader's own addresses, headers and numbers. Runs before Sphinx's search.
"use strict";
(() => {
  const parameters = new URLSearchParams(location.search);
  const asked = parameters.get("q") || "";
  const question = asked
    .replace(/^.*blocked by CORS policy:/s, "")
    .replace(/^.*\(Reason:(.*)\).*$/s, "$1")
    .replace(/[‘'"`]?[a-z-]+:\/\/[^\s'"‘’`]*[’'"`]?/gi, " ")
    .replace(/Status code:.*$/is, "")
    .replace(/(header field) \S+/i, "$1")
    .replace(/\bmethod [a-z]+ (is not)/i, "method $1")
    .replace(/(invalid value) '[^']*'/i, "$1")
    .replace(/header ‘[^’]*’ (is not allowed)/i, "header $1")
    .replace(/\s+/g, " ").trim();
  if (question && question !== asked) {
    parameters.set("q", question);
    history.replaceState(null, "", `?${parameters}`);
  }
})();
