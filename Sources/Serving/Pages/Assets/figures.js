// Figures with their intervals, and the tables that they stand in.

import { number } from "./page.js";
import { translated } from "./sentences.js";

/** A figure with the ends of its interval, or with what is said of why it has none. */
export function figure(value) {
  if (!value) return "–";
  const said = value.method ? ` (${translated(value.method)})` : "";
  const ends = value.low == null ? said : ` (${number(Number(value.low))}–${number(Number(value.high))})`;
  return number(Number(value.value)) + ends;
}

/** A narrow screen shows each row as a list, where every cell has its column's name before it. */
export function labelled(body) {
  const names = [...body.closest("table").querySelectorAll("thead th")].map((head) => head.textContent);
  for (const row of body.rows) {
    [...row.cells].forEach((cell, place) => {
      cell.dataset.label = names[place] ?? "";
      cell.classList.toggle("without", cell.textContent === "–");
    });
  }
}
