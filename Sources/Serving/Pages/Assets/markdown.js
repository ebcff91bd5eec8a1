// As much of Markdown as model cards use: headings, lists, tables, paragraphs, bold and code. Elements, never markup.

import { element } from "./page.js";

/** Sentences of a paragraph, each with the space behind it. */
const sentences = (words) => words.split(/(?<=(?:\.|\.\*\*) )(?=[A-Z*])/);

/**
 * The blocks of a card that is written in English, for a page in another language or the same.
 *
 * `say(sentence)` gives a sentence in the page's language, or null: then it stands as it is, marked as English. What follows a
 * heading in `titles`, such as "En español", is in the language named there. Headings begin at level `level`, below the page's.
 */
export function markdown(source, say, { level = 3, titles = {} } = {}) {
  const blocks = [];
  const lines = source.split("\n");
  let other = null;
  const told = (words) => (other ? inline(words) : said(words, say));
  const add = (block) => {
    if (other) block.lang = other;
    blocks.push(block);
  };
  for (let at = 0; at < lines.length;) {
    const take = (fits) => { const first = at; while (at < lines.length && fits(lines[at])) at += 1; return lines.slice(first, at); };
    const heading = lines[at].match(/^(#{1,4}) (.*)$/);
    if (heading) {
      other = titles[heading[2]] ?? null;
      add(element("h" + Math.min(6, level + heading[1].length - 1), {}, ...told(heading[2])));
      at += 1;
    } else if (lines[at].startsWith("- ")) {
      add(element("ul", {}, ...take((line) => line.startsWith("- ")).map((line) => element("li", {}, ...told(line.slice(2))))));
    } else if (lines[at].startsWith("|")) {
      add(table(take((line) => line.startsWith("|")), told, (words) => say(words) ?? words));
    } else if (!lines[at].trim()) {
      at += 1;
    } else {
      const first = lines[at++];
      add(element("p", {}, ...told([first, ...take((line) => line.trim() && !/^(#|- |\|)/.test(line))].join(" "))));
    }
  }
  return blocks;
}

/** Text in the page's language, sentence by sentence. */
function said(words, say) {
  return sentences(words).flatMap((one) => {
    const own = say(one.trimEnd());
    if (own !== null) return [...inline(own), one.endsWith(" ") ? " " : ""];
    // Names and numbers are of no language.
    return /[a-z]{2,} [a-z]{2,}/.test(one) ? [element("span", { lang: "en" }, ...inline(one))] : inline(one);
  });
}

function table(lines, told, plain) {
  const cells = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const [head, , ...rows] = lines.map(cells);
  return element("div", { className: "table-scroll", tabIndex: 0, role: "region", "aria-label": head.map(plain).join(", ") || "–" },
    element("table", {},
      element("thead", {}, element("tr", {}, ...head.map((cell) => cell ? element("th", { scope: "col" }, ...told(cell)) : element("td", {})))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, ...told(cell))))))));
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).filter(Boolean).map((piece) => {
    if (piece.startsWith("**")) return element("strong", {}, piece.slice(2, -2));
    if (piece.startsWith("`")) return element("code", {}, piece.slice(1, -1));
    return piece;
  });
}
