// Registered models: what answers, which versions there are, and who may answer next.

import { call, element, language, moment, text } from "./page.js";
import { figure, labelled } from "./figures.js";
import { markdown } from "./markdown.js";
import { ask, say } from "./promotion.js";
import { Sentences, translated } from "./sentences.js";

const part = (name) => document.getElementById(name);
const mayPromote = part("models").dataset.promotes === "true";

async function load() {
  try {
    const listing = await (await call("/api/v1/models")).json();
    const { serving } = listing;
    part("serving").replaceChildren(
      element("dt", {}, text("model")), element("dd", {}, serving.version ?? serving.name),
      element("dt", {}, text("digest")), element("dd", {}, element("code", {}, serving.digest)),
      element("dt", {}, text("classes")), element("dd", {}, listing.classes.join(", ")),
      ...(serving.leakage ? [element("dt", {}, text("leakage")), element("dd", {}, translated(serving.leakage))] : []));
    part("nothing").hidden = listing.registered.length > 0;
    part("rows").replaceChildren(...listing.registered.toReversed().map((one) => row(one, serving)));
    labelled(part("rows"));
  } catch (problem) {
    say(problem.message, true);
  }
}

function row({ version, aliases }, serving) {
  const reference = `${version.model}:${version.number}`;
  const path = `${encodeURIComponent(version.model)}/${version.number}`;
  const area = element("td", { className: "number" }, "–");
  if (version.files.scores) showArea(area, path);
  const buttons = [];
  if (mayPromote && !aliases.includes("champion")) {
    const promote = element("button", { type: "button", className: "small", "aria-label": `${text("promote")} ${reference}` }, text("promote"));
    promote.addEventListener("click", () => ask(version, load));
    buttons.push(promote);
  }
  return element("tr", {},
    element("th", { scope: "row" }, element("a", { href: "/models/" + path }, reference)),
    element("td", {}, ...chips(aliases, serving.version === reference)),
    area,
    element("td", {}, moment(version.registered)),
    element("td", {}, version.run ? element("a", { href: "/runs/" + version.run }, version.run.slice(0, 8)) : "–"),
    element("td", { className: "words" }, version.note ?? "–"),
    element("td", {}, element("span", { className: "row" }, ...(buttons.length ? buttons : ["–"]))));
}

/** The names that a version has, and whether it answers now. */
function chips(aliases, answers) {
  const names = aliases.map((alias) => element("span", { className: "chip " + (alias === "champion" ? "answered" : "waiting") }, text("alias_" + alias, {}, alias)));
  if (answers) names.push(element("span", { className: "chip now" }, text("answers_now")));
  return names.length ? [element("span", { className: "row" }, ...names)] : ["–"];
}

/** One figure of the version's scores, with its interval; all of them are on the version's own page. */
async function showArea(cell, path) {
  try {
    const [name, number] = path.split("/");
    const found = await (await call(`/api/v1/models/${name}/versions/${number}/scores`)).json();
    cell.textContent = figure(found.metrics?.auc);
    cell.classList.remove("without");
    if (found.split?.leakage) cell.append(" ", element("span", { className: "chip failed" }, text("leakage")));
  } catch { /* The cell keeps its dash. */ }
}

/** The card is fetched when somebody opens it. It is written in English; what the page knows of it is said in its language. */
part("card").addEventListener("toggle", async () => {
  if (!part("card").open || part("card-text").childElementCount) return;
  try {
    const source = await (await call("/api/v1/models/card")).text();
    const own = new Sentences("card-sentences");
    part("card-text").replaceChildren(
      ...markdown(source, (words) => language === "en" ? words : own.known(words), { titles: { "En español": "es" } }));
  } catch (problem) {
    part("card-text").replaceChildren(element("p", {}, problem.status === 404 ? text("no_card") : problem.message));
  }
});

load();
