// Curves by epoch, as drawings that need no library.

import { figureName } from "./figures.js";
import { element, number, text } from "./page.js";

const space = "http://www.w3.org/2000/svg";
const [width, height, left, bottom, top, right] = [560, 240, 52, 30, 12, 12];

function shape(name, properties, ...children) {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** One drawing a pair of metrics: that of training, and the one with `val_` before its name. */
export function drawings(curves) {
  const names = [...new Set(curves.map((curve) => curve.metric.replace(/^val_/, "")))];
  return names.map((name) => drawing(name, curves.filter((curve) => curve.metric.replace(/^val_/, "") === name)));
}

function drawing(name, curves) {
  const points = curves.map((curve) => curve.steps.map((step, index) => [step, Number(curve.values[index])])
    .filter(([, value]) => Number.isFinite(value)));
  const all = points.flat();
  if (!all.length) return element("p", {}, `${figureName(name)}: –`);
  const [low, high] = [Math.min(...all.map((one) => one[1])), Math.max(...all.map((one) => one[1]))];
  const [first, last] = [Math.min(...all.map((one) => one[0])), Math.max(...all.map((one) => one[0]))];
  const x = (step) => left + (width - left - right) * (last === first ? 0.5 : (step - first) / (last - first));
  const y = (value) => height - bottom - (height - bottom - top) * (high === low ? 0.5 : (value - low) / (high - low));
  const lines = [...new Set([low, (low + high) / 2, high])].flatMap((value) => [
    shape("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }),
    shape("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, number(value))]);
  const steps = [...new Set([first, last])].map((step) =>
    shape("text", { x: x(step), y: height - 8, "text-anchor": "middle" }, String(step)));
  const paths = points.flatMap((one, index) => {
    const kind = curves[index].metric.startsWith("val_") ? "validation" : "training";
    return [
      shape("polyline", { points: one.map(([step, value]) => `${x(step)},${y(value)}`).join(" "), class: kind }),
      // Of many epochs the line tells enough.
      ...(one.length > 60 ? [] : one).map(([step, value]) => shape("circle", { cx: x(step), cy: y(value), r: 2.5, class: kind }))];
  });
  const ends = curves.map((curve, index) => `${text(curve.metric.startsWith("val_") ? "side_validation" : "side_training")} ${points[index].length ? number(points[index].at(-1)[1]) : "–"}`).join(", ");
  return element("figure", { className: "curve" },
    element("figcaption", {}, element("strong", {}, figureName(name)), " ",
      ...curves.map((curve) => element("span", { className: "key " + (curve.metric.startsWith("val_") ? "validation" : "training") },
        text(curve.metric.startsWith("val_") ? "side_validation" : "side_training")))),
    shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${figureName(name)}: ${text("last_values", { ends })}` }, ...lines, ...steps, ...paths));
}
