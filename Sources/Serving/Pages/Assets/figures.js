// Figures with their intervals.

import { number } from "./page.js";

/** A figure with the ends of its interval, where it has one. */
export function figure(value) {
  if (!value) return "–";
  const ends = value.low == null ? "" : ` (${number(Number(value.low))}–${number(Number(value.high))})`;
  return number(Number(value.value)) + ends;
}
