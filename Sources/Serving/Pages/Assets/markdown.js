// As much of Markdown as model cards use: headings, lists, tables, paragraphs, bold and code. Elements, never markup.

import { element } from "./page.js";

/** Headings begin at level `level`, below those of the page. */
export function markdown(source, level = 3) {
  const blocks = [];
  const lines = source.split("\n");
  for (let at = 0; at < lines.length;) {
    const take = (fits) => { const first = at; while (at < lines.length && fits(lines[at])) at += 1; return lines.slice(first, at); };
    const heading = lines[at].match(/^(#{1,4}) (.*)$/);
    if (heading) {
      blocks.push(element("h" + Math.min(6, level + heading[1].length - 1), {}, ...inline(heading[2])));
      at += 1;
    } else if (lines[at].startsWith("- ")) {
      blocks.push(element("ul", {}, ...take((line) => line.startsWith("- ")).map((line) => element("li", {}, ...inline(line.slice(2))))));
    } else if (lines[at].startsWith("|")) {
      blocks.push(table(take((line) => line.startsWith("|"))));
    } else if (!lines[at].trim()) {
      at += 1;
    } else {
      const first = lines[at++];
      blocks.push(element("p", {}, ...inline([first, ...take((line) => line.trim() && !/^(#|- |\|)/.test(line))].join(" "))));
    }
  }
  return blocks;
}

function table(lines) {
  const cells = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const [head, , ...rows] = lines.map(cells);
  return element("div", { className: "table-scroll", tabIndex: 0, role: "region", "aria-label": head.join(", ") || "–" },
    element("table", {},
      element("thead", {}, element("tr", {}, ...head.map((cell) => cell ? element("th", { scope: "col" }, ...inline(cell)) : element("td", {})))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, ...inline(cell))))))));
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).filter(Boolean).map((piece) => {
    if (piece.startsWith("**")) return element("strong", {}, piece.slice(2, -2));
    if (piece.startsWith("`")) return element("code", {}, piece.slice(1, -1));
    return piece;
  });
}
