// Recorded runs: filtered as `nefro runs list` filters, and compared.

import { call, element, moment, text } from "./page.js";
import { figure, figureHead, figureLines, figureName, labelled } from "./figures.js";
import { translated } from "./sentences.js";

const part = (name) => document.getElementById(name);
/** The figures that are shown, as far as a run has them, in this order. */
const shown = ["auc", "sensitivity", "specificity", "balanced_accuracy", "accuracy", "loss"];
const chosen = new Set();

async function load() {
  const query = new URLSearchParams({ limit: "100" });
  if (part("filter").value.trim()) query.set("filter", part("filter").value.trim());
  if (part("sort").value) query.set("sort", part("sort").value);
  part("status").textContent = text("loading");
  try {
    const { runs, total } = await (await call("/api/v1/runs?" + query)).json();
    draw(runs);
    part("status").className = "small soft";
    part("status").textContent = text(runs.length > 1 ? "runs_to_compare" : "runs_shown", { shown: runs.length, total });
  } catch (problem) {
    part("status").className = "small error-text";
    part("status").textContent = problem.message;
  }
}

function draw(runs) {
  const columns = shown.filter((name) => runs.some((one) => one.figures[name]));
  part("head").replaceChildren(
    element("th", { scope: "col" }, text("choose")), element("th", { scope: "col" }, text("run")),
    element("th", { scope: "col" }, text("started")), element("th", { scope: "col" }, text("kind")),
    element("th", { scope: "col" }, text("state")),
    ...columns.map((name) => element("th", { scope: "col", className: "number" }, ...figureHead(name))));
  part("rows").replaceChildren(...runs.map(({ run, figures }) => {
    const box = element("input", { type: "checkbox", "aria-label": text("choose_run", { run: run.id.slice(0, 8) }), checked: chosen.has(run.id) });
    box.addEventListener("change", () => { box.checked ? chosen.add(run.id) : chosen.delete(run.id); refresh(); });
    return element("tr", {},
      element("td", {}, box),
      element("td", { className: "words" }, element("a", { href: "/runs/" + run.id }, run.id.slice(0, 8)), " ", run.name),
      element("td", {}, moment(run.started)), element("td", {}, text("kind_" + run.kind, {}, run.kind)),
      element("td", {}, element("span", { className: "chip " + chip(run.status) }, text("job_" + run.status, {}, run.status))),
      ...columns.map((name) => element("td", { className: "number" }, ...figureLines(figures[name]))));
  }));
  labelled(part("rows"));
  part("nothing").hidden = runs.length > 0;
  refresh();
}

const chip = (state) => ({ finished: "answered", failed: "failed", running: "waiting" })[state] ?? "uncertain";

function refresh() {
  part("compare").disabled = chosen.size < 2 || chosen.size > 8;
}

async function compare() {
  try {
    const answer = await (await call("/api/v1/comparisons?runs=" + [...chosen].join(","))).json();
    const heads = answer.runs.map((run) => element("th", { scope: "col" }, element("a", { href: "/runs/" + run.id }, run.id.slice(0, 8))));
    const section = (title, rows, show, name = (one) => [one]) => rows.length === 0 ? [] : [
      element("tr", {}, element("th", { scope: "rowgroup", colSpan: answer.runs.length + 1 }, text(title))),
      ...rows.map((row) => element("tr", {}, element("th", { scope: "row", className: "plain" }, ...name(row.name)),
        ...row.values.map((value) => element("td", {}, show(value)))))];
    part("comparison").replaceChildren(
      element("h2", {}, text("comparison")),
      ...answer.warnings.map((warning) => element("p", { className: "problem" }, translated(warning))),
      element("div", { className: "table-scroll", tabIndex: 0, role: "region", "aria-label": text("comparison") },
        element("table", {},
          element("thead", {}, element("tr", {}, element("td", {}), ...heads)),
          element("tbody", {},
            ...section("figures", answer.figures, figure, figureHead),
            ...section("parameters", answer.parameters, (value) => value ?? "–"),
            ...section("tags", answer.tags, (value) => value ?? "–")))));
    part("comparison").hidden = false;
    part("comparison").scrollIntoView({ block: "nearest" });
  } catch (problem) {
    part("status").className = "small error-text";
    part("status").textContent = problem.message;
  }
}

part("filters").addEventListener("submit", (event) => { event.preventDefault(); load(); });
part("sort").addEventListener("change", load);
part("compare").addEventListener("click", compare);
part("sort").append(...[["", "latest"], ...shown.map((name) => [name, name])].map(([value, key]) =>
  element("option", { value }, value ? figureName(key) : text(key))));
load();
