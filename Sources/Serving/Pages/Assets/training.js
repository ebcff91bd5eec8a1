// Trainings as jobs: started, watched as they go, ended and gone on with.

import { call, element, moment, text } from "./page.js";
import { drawings } from "./curves.js";
import { labelled } from "./figures.js";

const part = (name) => document.getElementById(name);
let events = null;
let shown = null;

function say(words, isProblem = false) {
  part("status").className = isProblem ? "small error-text" : "small soft";
  part("status").textContent = words;
}

async function load() {
  const { jobs } = await (await call("/api/v1/jobs")).json();
  part("nothing").hidden = jobs.length > 0;
  part("rows").replaceChildren(...jobs.map((job) => {
    const look = element("button", { type: "button", className: "small", "aria-label": `${text("watch")} ${moment(job.started)}` }, text("watch"));
    look.addEventListener("click", () => {
      watch(job);
      part("live").scrollIntoView({ block: "nearest" });
    });
    return element("tr", {},
      element("td", {}, moment(job.started)),
      element("td", {}, element("span", { className: "chip " + chip(job.state) }, text("job_" + job.state))),
      element("td", { className: "words" }, Object.entries(job.parameters).map(([key, value]) => `${key}=${value}`).join(" ") || "–"),
      element("td", {}, job.by),
      element("td", {}, job.run ? element("a", { href: "/runs/" + job.run }, job.run.slice(0, 8)) : "–"),
      element("td", {}, look));
  }));
  labelled(part("rows"));
  return jobs;
}

const chip = (state) => ({ finished: "answered", failed: "failed", running: "waiting" })[state] ?? "uncertain";

/** What a job says, from the first line that is kept to its end. */
function watch(job) {
  events?.close();
  shown = job;
  part("log").textContent = "";
  epochs.clear();
  part("live").hidden = false;
  part("live-name").textContent = `${text("training")} · ${moment(job.started)}`;
  part("cancel").hidden = job.state !== "running";
  part("epochs").hidden = true;
  part("epoch-text").textContent = "";
  part("curves").replaceChildren();
  if (job.run) curves(job.run);
  events = new EventSource(`/api/v1/jobs/${job.id}/events`);
  // A connection that was lost begins again, and with it what was said.
  events.addEventListener("open", () => {
    part("log").textContent = "";
    epochs.clear();
  });
  events.addEventListener("line", (event) => {
    const log = part("log");
    log.textContent += event.data + "\n";
    log.scrollTop = log.scrollHeight;
    learn(event.data);
  });
  events.addEventListener("ended", (event) => {
    events.close();
    const ended = JSON.parse(event.data);
    part("cancel").hidden = true;
    say(text("job_ended", { state: text("job_" + ended.state) }));
    if (ended.run) curves(ended.run);
    load();
  });
}

/** What each epoch said of itself so far. */
const epochs = new Map();
let frame = 0;

/** Takes figures out of a line such as `Epoch 1/5: training loss 0.5, accuracy 0.7; validation loss 0.6, accuracy 0.6 (…)`. */
function learn(line) {
  const found = line.match(/^Epoch (\d+)\/(\d+): (.*)$/);
  if (!found) return;
  const [, epoch, all, words] = found;
  const figures = {};
  for (const [, side, loss, accuracy] of words.matchAll(/(training|validation) loss ([\d.e+-]+), accuracy ([\d.e+-]+)/g)) {
    const before = side === "validation" ? "val_" : "";
    Object.assign(figures, { [before + "loss"]: Number(loss), [before + "accuracy"]: Number(accuracy) });
  }
  epochs.set(Number(epoch), figures);
  part("epochs").hidden = false;
  part("epochs").max = Number(all);
  part("epochs").value = Number(epoch);
  part("epoch-text").textContent = text("epoch_of", { epoch, all });
  // Epochs that come at once are drawn once.
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const names = [...new Set([...epochs.values()].flatMap(Object.keys))];
    part("curves").replaceChildren(...drawings(names.map((metric) => {
      const points = [...epochs].filter(([, one]) => metric in one);
      return { metric, steps: points.map(([step]) => step), values: points.map(([, one]) => one[metric]) };
    })));
  });
}

async function curves(run) {
  try {
    const found = (await (await call(`/api/v1/runs/${run}/curves`)).json()).curves;
    if (!found.length) return;
    cancelAnimationFrame(frame);
    part("curves").replaceChildren(...drawings(found));
  } catch { /* A run without curves yet. */ }
}

/** `KEY=VALUE` lines. */
function parameters() {
  const pairs = part("parameters").value.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => line.split("="));
  return Object.fromEntries(pairs.map(([key, ...value]) => [key.trim(), value.join("=").trim()]));
}

async function start(resume) {
  try {
    const body = JSON.stringify({ parameters: parameters(), resume });
    const job = await (await call("/api/v1/jobs", { method: "POST", body, type: "application/json" })).json();
    say(text(resume ? "job_resumed" : "job_started"));
    await load();
    watch(job);
  } catch (problem) {
    say(problem.message, true);
  }
}

part("start").addEventListener("submit", (event) => { event.preventDefault(); start(false); });
part("resume").addEventListener("click", () => start(true));
part("cancel").addEventListener("click", async () => {
  try {
    await call(`/api/v1/jobs/${shown.id}/cancel`, { method: "POST" });
  } catch (problem) {
    say(problem.message, true);
  }
});

load().then((jobs) => { const running = jobs.find((job) => job.state === "running"); if (running) watch(running); })
  .catch((problem) => say(problem.message, true));
