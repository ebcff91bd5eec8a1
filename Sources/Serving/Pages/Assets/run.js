// One run: what it was given, what came of it, and its curves.

import { call, element, moment, text } from "./page.js";
import { drawings } from "./curves.js";
import { figure, figureHead } from "./figures.js";

const page = document.getElementById("run");

function table(title, pairs) {
  if (!pairs.length) return [];
  return [element("section", { className: "card stack" }, element("h2", {}, text(title)),
    element("dl", { className: "facts" }, ...pairs.flatMap(([key, value]) => [element("dt", {}, ...[key].flat()), element("dd", {}, value)])))];
}

try {
  const path = "/api/v1/runs/" + page.dataset.id;
  const details = await (await call(path)).json();
  const { curves } = await (await call(path + "/curves")).json();
  const { run } = details;
  document.getElementById("name").textContent = run.name;
  const sorted = (map) => Object.entries(map).sort(([a], [b]) => a.localeCompare(b));
  page.append(
    ...table("run", [[text("id"), run.id], [text("kind"), text("kind_" + run.kind, {}, run.kind)], [text("state"), text("job_" + run.status, {}, run.status)], [text("started"), moment(run.started)],
      ...(run.ended ? [[text("ended"), moment(run.ended)]] : []), ...(run.failure ? [[text("failure"), run.failure]] : [])]),
    ...table("figures", sorted(details.figures).map(([name, value]) => [figureHead(name), figure(value)])),
    ...(curves.length ? [element("section", { className: "card stack" }, element("h2", {}, text("curves")),
      element("p", { className: "small soft" }, text("curves_note")), element("div", { className: "curves" }, ...drawings(curves)))] : []),
    ...table("parameters", sorted(details.parameters)),
    ...table("tags", sorted(details.tags)));
} catch (problem) {
  page.append(element("p", { className: "problem", role: "alert" }, problem.message));
}
