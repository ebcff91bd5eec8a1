// What was answered: the latest first, searched among what was loaded.

import { call, element, moment, number, save, text } from "./page.js";
import { table } from "./csv.js";

const part = (name) => document.getElementById(name);
let results = [];
let next = null;

async function load() {
  part("status").textContent = text("loading");
  try {
    const answer = await (await call("/api/v1/predictions?limit=100" + (next ? "&before=" + encodeURIComponent(next) : ""))).json();
    for (const one of answer.feedback ?? []) {
      const result = answer.predictions.find((result) => result.id === one.prediction);
      (result.feedback ??= []).push(one);
    }
    results.push(...answer.predictions);
    next = answer.next ?? null;
    part("status").textContent = text("loaded", { count: results.length });
  } catch (problem) {
    part("status").textContent = problem.message;
  }
  part("more").hidden = !next;
  draw();
}

function verdict(result) {
  return result.feedback?.at(-1)?.verdict ?? "none";
}

function matching() {
  const words = part("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  return results.filter((result) => {
    const all = [result.id, result.label, result.reason, result.model.name, result.model.version, moment(result.time), result.time,
      ...(result.feedback ?? []).map((one) => one.note)].join(" ").toLowerCase();
    return words.every((word) => all.includes(word))
      && (!part("decision").value || part("decision").value === result.decision)
      && (!part("verdict").value || part("verdict").value === verdict(result));
  });
}

function draw() {
  const shown = matching();
  part("nothing").hidden = shown.length > 0;
  part("rows").replaceChildren(...shown.map((result) => element("tr", {},
    element("td", {}, moment(result.time)),
    element("td", {}, element("span", { className: "chip " + result.decision }, text("decision_" + result.decision))),
    element("td", {}, result.decision === "answered" ? result.label : "–"),
    element("td", { className: "number" }, result.decision === "not_kidney_ct" ? "–" : number(result.probabilities[result.label])),
    element("td", {}, result.model.version ?? result.model.name),
    element("td", {}, text("verdict_" + verdict(result))),
    element("td", {}, element("a", { href: "/results/" + result.id }, result.id.slice(0, 8))))));
}

function options(select, values) {
  select.append(...values.map(([value, key]) => element("option", { value }, text(key))));
}

options(part("decision"), [["", "all"], ...["answered", "uncertain", "not_kidney_ct"].map((one) => [one, "decision_" + one])]);
options(part("verdict"), [["", "all"], ...["agree", "disagree", "none"].map((one) => [one, "verdict_" + one])]);
part("filters").addEventListener("input", draw);
part("filters").addEventListener("submit", (event) => event.preventDefault());
part("more").addEventListener("click", load);
part("csv").addEventListener("click", () => save(table(matching()), "nefro-history.csv", "text/csv"));
part("feedback-csv")?.addEventListener("click", async () => {
  const answer = await call("/api/v1/feedback.csv");
  save(await answer.text(), "nefro-feedback.csv", "text/csv");
});

load();
