// What was answered: the latest first, searched by the server among all of it, page by page.

import { call, element, moment, number, save, text } from "./page.js";
import { table } from "./csv.js";
import { labelled } from "./figures.js";

const part = (name) => document.getElementById(name);
const pageSize = 50;
let results = [];
let next = null;
let search = new AbortController();

/** What is asked for, as the address of this page keeps it. */
function wanted() {
  const query = new URLSearchParams();
  for (const name of ["search", "decision", "verdict"]) {
    const value = part(name).value.trim();
    if (value) query.set(name, value);
  }
  return query;
}

async function load(more) {
  if (!more) search.abort();
  search = new AbortController();
  const { signal } = search;
  const query = wanted();
  history.replaceState(null, "", query.size ? "?" + query : location.pathname);
  query.set("limit", pageSize);
  if (more) query.set("before", next);
  say(text("loading"));
  try {
    const answer = await (await call("/api/v1/predictions?" + query, { signal })).json();
    for (const one of answer.feedback ?? []) {
      const result = answer.predictions.find((result) => result.id === one.prediction);
      (result.feedback ??= []).push(one);
    }
    results = [...(more ? results : []), ...answer.predictions];
    next = answer.next ?? null;
    say(text(next ? "loaded_more" : "loaded", { count: results.length }));
    draw();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    say(problem.message, true);
  }
}

function say(words, isProblem = false) {
  part("status").className = isProblem ? "small error-text" : "small soft";
  part("status").textContent = words;
}

function draw() {
  part("more").hidden = !next;
  part("csv").disabled = !results.length;
  part("nothing").hidden = results.length > 0;
  part("nothing").textContent = text(wanted().size ? "history_none" : "history_empty");
  part("rows").replaceChildren(...results.map((result) => element("tr", {},
    element("td", {}, element("a", { href: "/results/" + result.id, "aria-label": `${text("result")} ${result.id.slice(0, 8)}` }, moment(result.time))),
    element("td", {}, element("span", { className: "chip " + result.decision }, text("decision_" + result.decision))),
    element("td", {}, result.decision === "answered" ? result.label : "–"),
    element("td", { className: "number" }, result.decision === "not_kidney_ct" ? "–" : number(result.probabilities[result.label])),
    element("td", {}, result.model.version ?? result.model.name),
    element("td", {}, text("verdict_" + (result.feedback?.at(-1)?.verdict ?? "none"))),
    element("td", {}, element("code", {}, result.id.slice(0, 8))))));
  labelled(part("rows"));
}

function options(select, values) {
  select.append(...values.map(([value, key]) => element("option", { value }, text(key))));
}

options(part("decision"), [["", "all"], ...["answered", "uncertain", "not_kidney_ct"].map((one) => [one, "decision_" + one])]);
options(part("verdict"), [["", "all"], ...["agree", "disagree", "none"].map((one) => [one, "verdict_" + one])]);
for (const [name, value] of new URLSearchParams(location.search)) if (["search", "decision", "verdict"].includes(name)) part(name).value = value;
// Not with every letter.
let timer = 0;
for (const kind of ["input", "change"]) {
  part("filters").addEventListener(kind, () => {
    clearTimeout(timer);
    timer = setTimeout(() => load(false), 250);
  });
}
part("filters").addEventListener("submit", (event) => { event.preventDefault(); load(false); });
part("more").addEventListener("click", () => load(true));
part("csv").addEventListener("click", () => save(table(results), "nefro-history.csv", "text/csv"));
part("feedback-csv")?.addEventListener("click", async () => {
  try {
    const answer = await call("/api/v1/feedback.csv");
    save(await answer.text(), "nefro-feedback.csv", "text/csv");
  } catch (problem) {
    say(problem.message, true);
  }
});

load(false);
