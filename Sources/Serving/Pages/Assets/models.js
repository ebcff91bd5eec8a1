// Registered models: what answers, what was found of each version, and who may answer next.

import { call, element, moment, number, text } from "./page.js";
import { figure } from "./figures.js";
import { markdown } from "./markdown.js";

const part = (name) => document.getElementById(name);
const mayPromote = part("models").dataset.promotes === "true";

async function load() {
  try {
    const listing = await (await call("/api/v1/models")).json();
    const { serving } = listing;
    part("serving").replaceChildren(
      element("dt", {}, text("model")), element("dd", {}, serving.version ?? serving.name),
      element("dt", {}, text("digest")), element("dd", {}, serving.digest),
      element("dt", {}, text("classes")), element("dd", {}, listing.classes.join(", ")),
      ...(serving.leakage ? [element("dt", {}, text("leakage")), element("dd", {}, serving.leakage)] : []));
    part("nothing").hidden = listing.registered.length > 0;
    part("rows").replaceChildren(...listing.registered.map((one) => row(one, serving)));
  } catch (problem) {
    say(problem.message, true);
  }
}

function say(words, isProblem = false) {
  part("status").className = isProblem ? "small error-text" : "small soft";
  part("status").textContent = words;
}

function row({ version, aliases }, serving) {
  const reference = `${version.model}:${version.number}`;
  const answers = serving.version === reference;
  const look = element("button", { type: "button", className: "quiet small", disabled: !version.files.scores }, text("scores"));
  look.addEventListener("click", () => scores(version));
  const buttons = [look];
  if (mayPromote && !aliases.includes("champion")) {
    const promote = element("button", { type: "button", className: "small" }, text("promote"));
    promote.addEventListener("click", () => ask(reference, version));
    buttons.push(promote);
  }
  return element("tr", {},
    element("th", { scope: "row", className: "plain" }, reference),
    element("td", {}, ...aliases.map((alias) => element("span", { className: "chip " + (alias === "champion" ? "answered" : "waiting") }, alias)),
      answers ? " " + text("answers_now") : ""),
    element("td", {}, moment(version.registered)),
    element("td", {}, version.run ? element("a", { href: "/runs/" + version.run }, version.run.slice(0, 8)) : "–"),
    element("td", {}, version.note ?? ""),
    element("td", {}, element("span", { className: "row" }, ...buttons)));
}

/** The figures of scores.json that have a value, with their intervals. */
async function scores(version) {
  try {
    const path = `/api/v1/models/${encodeURIComponent(version.model)}/versions/${version.number}/scores`;
    const found = await (await call(path)).json();
    const rows = Object.entries(found.metrics ?? {}).filter(([, value]) => value && value.value != null);
    const warnings = found.split?.warnings ?? [];
    part("scores").replaceChildren(
      element("h2", {}, `${text("scores")} · ${version.model}:${version.number}`),
      ...warnings.map((warning) => element("p", { className: "problem" }, warning)),
      element("div", { className: "table-scroll", tabIndex: 0, role: "region", "aria-label": text("scores") },
        element("table", {},
          element("thead", {}, element("tr", {},
            element("th", { scope: "col" }, text("figure")), element("th", { scope: "col", className: "number" }, text("value")),
            element("th", { scope: "col", className: "number" }, text("pictures")), element("th", { scope: "col" }, text("method")))),
          element("tbody", {}, ...rows.map(([name, value]) => element("tr", {},
            element("th", { scope: "row", className: "plain" }, name),
            element("td", { className: "number" }, figure(value)),
            element("td", { className: "number" }, String(value.images ?? "–")),
            element("td", {}, value.method ?? "")))))),
      ...calibration(found));
    part("scores").hidden = false;
    part("scores").scrollIntoView({ block: "nearest" });
  } catch (problem) {
    say(problem.message, true);
  }
}

/** Whatever of the calibration is a number or a figure. */
function calibration(found) {
  const rows = Object.entries(found.calibration ?? {})
    .map(([name, value]) => [name, value && value.value != null ? figure(value) : typeof value === "number" ? number(value) : null])
    .filter(([, value]) => value !== null);
  return rows.length ? [element("h3", {}, text("calibration")),
    element("dl", { className: "facts" }, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]))] : [];
}

/** The card is fetched when somebody opens it. */
part("card").addEventListener("toggle", async () => {
  if (!part("card").open || part("card-text").childElementCount) return;
  try {
    part("card-text").replaceChildren(...markdown(await (await call("/api/v1/models/card")).text()));
  } catch (problem) {
    part("card-text").replaceChildren(element("p", {}, problem.status === 404 ? text("no_card") : problem.message));
  }
});

const dialog = part("promotion");
let wanted = null;

function ask(reference, version) {
  wanted = { reference, version };
  part("promotion-what").textContent = text("promote_what", { reference });
  dialog.showModal();
}

part("promotion-no").addEventListener("click", () => dialog.close());
part("promotion-yes").addEventListener("click", async () => {
  dialog.close();
  const { reference, version } = wanted;
  say(text("promoting", { reference }));
  try {
    const path = `/api/v1/models/${encodeURIComponent(version.model)}/versions/${version.number}/promote`;
    const answer = await (await call(path, { method: "POST" })).json();
    say(text("promoted", { reference, serving: answer.serving.version ?? answer.serving.name }));
    await load();
  } catch (problem) {
    say(problem.message, true);
  }
});

load();
