// Letting a version answer: a question first, then what the gate found, whichever way it went.

import { call, element, text } from "./page.js";
import { translated } from "./sentences.js";

const part = (name) => document.getElementById(name);
const dialog = part("promotion");
let wanted = null;

/** What is said beside the buttons. */
export function say(words, isProblem = false) {
  part("status").className = isProblem ? "small error-text" : "small soft";
  part("status").textContent = words;
}

/** Asks whether `version` shall answer; `done` is called after a promotion. */
export function ask(version, done) {
  wanted = { version, reference: `${version.model}:${version.number}`, done };
  part("promotion-what").textContent = text("promote_what", { reference: wanted.reference });
  dialog.showModal();
}

/** The reasons of an event as a list. */
export function reasonList(reasons) {
  return element("ul", { className: "reasons" }, ...reasons.map((reason) => {
    const failed = reason.startsWith("failed: ");
    return element("li", { className: failed ? "failed" : reason.startsWith("passed: ") ? "passed" : "" }, translated(reason));
  }));
}

/** What happened to a version last, as its history tells it. */
async function lastEvent(version, kind) {
  const { events } = await (await call(`/api/v1/models/${encodeURIComponent(version.model)}/history`)).json();
  return events.filter((one) => one.version === version.number && one.kind === kind).at(-1);
}

/** What the gate found gets the focus: the button that asked for it may be gone. */
function show(title, event, kind) {
  const found = element("section", { className: "card stack findings " + kind, "aria-label": title, tabIndex: -1 },
    element("h2", {}, title), reasonList(event?.reasons ?? []));
  part("findings").hidden = false;
  part("findings").replaceChildren(found);
  found.focus();
}

part("promotion-no").addEventListener("click", () => dialog.close());
part("promotion-yes").addEventListener("click", async () => {
  dialog.close();
  const { version, reference, done } = wanted;
  part("findings").hidden = true;
  say(text("promoting", { reference }));
  try {
    const path = `/api/v1/models/${encodeURIComponent(version.model)}/versions/${version.number}/promote`;
    const answer = await (await call(path, { method: "POST" })).json();
    say(text("promoted", { reference, serving: answer.serving.version ?? answer.serving.name }));
    show(text("gate_passed", { reference }), await lastEvent(version, "promoted").catch(() => null), "passed");
    await done();
  } catch (problem) {
    if (problem.code !== "gate_refused") return say(problem.message, true);
    const event = await lastEvent(version, "refused").catch(() => null);
    say(text("refused", { reference }), true);
    if (event) show(text("gate_refused", { reference }), event, "refused");
    await done();
  }
});
