// Figures with their intervals, and the tables that they stand in.

import { element, number, text } from "./page.js";
import { translated } from "./sentences.js";

/** A figure with the ends of its interval, or with what is said of why it has none. */
export function figure(value) {
  if (!value) return "–";
  const said = value.method ? ` (${translated(value.method)})` : "";
  const ends = value.low == null ? said : ` (${number(Number(value.low))}–${number(Number(value.high))})`;
  return number(Number(value.value)) + ends;
}

/** The same for a table of many: the interval stands below, where there is room for it. */
export function figureLines(value) {
  const [first, ...rest] = figure(value).split(" (");
  if (!rest.length) return [first];
  return [first, " ", element("span", { className: value.low == null ? "interval worded" : "interval" }, "(" + rest.join(" ("))];
}

/** What a figure is called: `sensitivity.Tumor` is a class's, `decision.coverage` is of the rule that withholds answers. */
export function figureName(name) {
  const own = text("figure_" + name.replaceAll(".", "_"), {}, "");
  if (own) return own;
  const [, of, rest] = name.match(/^([a-z_0-9]+)\.(.+)$/) ?? [];
  if (!of) return name;
  const known = (one) => text("figure_" + one.replaceAll(".", "_"), {}, one);
  return of === "decision" ? `${known(of)}: ${known(rest)}` : `${known(of)} (${rest})`;
}

/** A figure's name with what filters and programs call it, where that is not the same. */
export function figureHead(name) {
  const shown = figureName(name);
  const isSame = shown.toLowerCase().replaceAll(" ", "_") === name;
  return isSame ? [shown] : [shown, " ", element("code", { className: "called" }, name)];
}

/** A narrow screen shows each row as a list, where every cell has its column's name before it. */
export function labelled(body) {
  const names = [...body.closest("table").querySelectorAll("thead th")].map((head) => head.firstChild?.textContent ?? "");
  for (const row of body.rows) {
    [...row.cells].forEach((cell, place) => {
      cell.dataset.label = names[place] ?? "";
      cell.classList.toggle("without", cell.textContent === "–");
    });
  }
}
