// Trainings as jobs: started, watched as they go, ended and gone on with.

import { call, element, moment, text } from "./page.js";
import { drawings } from "./curves.js";

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
    const look = element("button", { type: "button", className: "quiet small" }, text("watch"));
    look.addEventListener("click", () => watch(job));
    return element("tr", {},
      element("td", {}, moment(job.started)),
      element("td", {}, element("span", { className: "chip " + chip(job.state) }, text("job_" + job.state))),
      element("td", {}, Object.entries(job.parameters).map(([key, value]) => `${key}=${value}`).join(" ") || "–"),
      element("td", {}, job.by),
      element("td", {}, job.run ? element("a", { href: "/runs/" + job.run }, job.run.slice(0, 8)) : "–"),
      element("td", {}, look));
  }));
  return jobs;
}

const chip = (state) => ({ finished: "answered", failed: "failed", running: "waiting" })[state] ?? "uncertain";

/** What a job says, from the first line that is kept to its end. */
function watch(job) {
  events?.close();
  shown = job;
  part("log").textContent = "";
  part("live").hidden = false;
  part("live-name").textContent = `${text("training")} · ${moment(job.started)}`;
  part("cancel").hidden = job.state !== "running";
  part("curves").replaceChildren();
  if (job.run) curves(job.run);
  events = new EventSource(`/api/v1/jobs/${job.id}/events`);
  events.addEventListener("line", (event) => {
    const log = part("log");
    log.textContent += event.data + "\n";
    log.scrollTop = log.scrollHeight;
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

async function curves(run) {
  try {
    const found = (await (await call(`/api/v1/runs/${run}/curves`)).json()).curves;
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
    say(text("job_started"));
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
