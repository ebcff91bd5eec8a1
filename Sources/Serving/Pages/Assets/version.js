// One registered version: who it is, what happened to it, and letting it answer. Its card is the server's.

import { call, element, moment, text } from "./page.js";
import { labelled } from "./figures.js";
import { ask, reasonList, say } from "./promotion.js";

const part = (name) => document.getElementById(name);
const { name, number, promotes } = part("version").dataset;

async function load() {
  try {
    const [listing, history] = await Promise.all(["", `/${encodeURIComponent(name)}/history`]
      .map(async (path) => (await call("/api/v1/models" + path)).json()));
    const one = listing.registered.find(({ version }) => version.model === name && version.number === Number(number));
    header(one, listing.serving.version === `${name}:${number}`);
    part("events").replaceChildren(...history.events.filter((event) => event.version === Number(number)).toReversed().map((event) =>
      element("tr", {}, element("td", {}, moment(event.time)),
        element("td", {}, text("event_" + event.kind, { alias: text("alias_" + event.alias, {}, event.alias ?? "") })),
        element("td", { className: "words" }, event.reasons.length ? reasonList(event.reasons) : "–"))));
    labelled(part("events"));
  } catch (problem) {
    say(problem.message, true);
  }
}

function header({ version, aliases }, answers) {
  part("aliases").replaceChildren(
    ...aliases.map((alias) => element("span", { className: "chip " + (alias === "champion" ? "answered" : "waiting") }, text("alias_" + alias, {}, alias))),
    ...(answers ? [element("span", { className: "chip now" }, text("answers_now"))] : []));
  part("facts").replaceChildren(`${text("registered")} ${moment(version.registered)}`,
    ...(version.run ? [" · ", text("run"), " ", element("a", { href: "/runs/" + version.run }, version.run.slice(0, 8))] : []),
    ...(version.note ? [` · ${version.note}`] : []));
  part("actions").replaceChildren();
  if (promotes !== "true" || aliases.includes("champion")) return;
  const button = element("button", { type: "button", className: "primary" }, text("promote"));
  button.addEventListener("click", () => ask(version, load));
  part("actions").append(button);
}

load();
