// Drop, paste or choose pictures; each is sent as it is, never drawn anew.

import { call, element, language, number, pause, Problem, save, text } from "./page.js";
import { decision, fill, summary } from "./answer.js";
import { table } from "./csv.js";
import * as viewer from "./viewer.js";

const part = (name) => document.getElementById(name);
const items = [];
let current = null;
let stopped = new AbortController();
let working = false;

// Taking pictures in

part("choose").addEventListener("click", () => part("files").click());
part("files").addEventListener("change", (event) => { take(event.target.files); event.target.value = ""; });
addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  addEventListener(name, (event) => {
    event.preventDefault();
    part("drop").classList.toggle("over", over);
    if (name === "drop") take(event.dataTransfer.files);
  });
}

async function take(files) {
  const taken = [...files].map((file) => ({ file, name: file.name || text("pasted"), answer: null, problem: null }));
  if (!taken.length) return;
  items.push(...taken);
  part("desk").classList.remove("empty");
  fillFilter();
  list();
  if (!current || current.answer) select(taken[0]);
  if (working) return;
  working = true;
  await (part("as-study").checked ? askStudy(taken) : askAll());
  // What came meanwhile as well.
  while (items.some(isWaiting) && !stopped.signal.aborted) await askAll();
  working = false;
}

// Asking

const isWaiting = (item) => !item.answer && !item.problem && !item.asked;

/** Sends one picture; waits and asks again when the server is busy. */
async function ask(item) {
  try {
    const { predictions, failures } = await send(item.file, item.file.type || "application/octet-stream");
    if (failures.length) throw new Problem(failures[0].problem.status, failures[0].problem);
    item.answer = predictions[0];
  } catch (problem) {
    if (problem.name === "AbortError") return;
    item.problem = problem;
  }
}

async function send(body, type, query = "") {
  for (;;) {
    try {
      const answer = await call("/api/v1/predictions" + query, { method: "POST", body, type, signal: stopped.signal });
      return await answer.json();
    } catch (problem) {
      if (problem.status !== 503) throw problem;
      await pause((problem.retryAfter ?? 1) * 1000, stopped.signal);
    }
  }
}

/** Two at a time: one is decoded and sent while the network works at the other. */
async function askAll() {
  stopped = new AbortController();
  const begun = performance.now();
  let done = 0;
  const waiting = () => items.find(isWaiting);
  const worker = async () => {
    for (let item = waiting(); item && !stopped.signal.aborted; item = waiting()) {
      item.asked = true;
      await ask(item);
      item.asked = false;
      done += 1;
      progress(done, items.filter((one) => !one.answer && !one.problem).length, begun);
      refresh(item);
    }
  };
  progress(0, items.filter((one) => !one.answer && !one.problem).length, begun);
  await Promise.all([worker(), worker()]);
  part("progress").hidden = true;
}

/** Pictures of one study go together, and get one summary. */
async function askStudy(taken) {
  stopped = new AbortController();
  progress(0, taken.length, performance.now());
  const form = new FormData();
  taken.forEach((item, index) => form.append("image", item.file, `picture-${index}`));
  try {
    const { predictions, failures, study } = await send(form, undefined, "?study=true");
    for (const answer of predictions) taken[answer.position].answer = answer;
    for (const { position, problem } of failures) taken[position].problem = new Problem(problem.status, problem);
    showStudy(study, taken);
  } catch (problem) {
    if (problem.name !== "AbortError") for (const item of taken) item.problem = problem;
  }
  part("progress").hidden = true;
  taken.forEach(refresh);
}

function progress(done, left, begun) {
  part("progress").hidden = done + left < 2;
  part("progress-bar").max = done + left;
  part("progress-bar").value = done;
  const seconds = done ? Math.ceil(((performance.now() - begun) / 1000 / done) * left) : null;
  part("progress-text").textContent = text(seconds === null ? "progress" : "progress_left", { done, all: done + left, seconds });
}

part("stop").addEventListener("click", () => stopped.abort());

// Showing

async function select(item) {
  current = item;
  for (const one of document.querySelectorAll(".pick")) one.setAttribute("aria-current", String(one.item === item));
  fill(item);
  part("evidence-note").textContent = "";
  try {
    item.bitmap ??= await createImageBitmap(item.file);
    if (current === item) viewer.show(item.bitmap, summary(item));
  } catch {
    if (current === item) viewer.show(await createImageBitmap(new ImageData(1, 1)), summary(item));
  }
}

/** The evidence is fetched when it is first wanted. */
viewer.onEvidence(async () => {
  const item = current;
  if (!item?.answer) return;
  try {
    if (!item.evidence) {
      part("evidence-note").textContent = text("evidence_coming");
      const answer = await call(`/api/v1/predictions/${item.answer.id}/explanation?opacity=1`);
      item.evidence = await createImageBitmap(await answer.blob());
    }
    if (current === item) viewer.setEvidence(item.evidence);
    part("evidence-note").textContent = text("evidence_note");
  } catch (problem) {
    part("evidence-note").textContent = problem.message;
  }
});

function refresh(item) {
  list();
  if (item === current) {
    fill(item);
    viewer.describe(summary(item));
  }
}

function list() {
  const wanted = part("filter").value;
  const shown = items.filter((item) => !wanted || wanted === decision(item) || "label:" + item.answer?.label === wanted);
  part("count").textContent = shown.length === items.length ? String(items.length) : `${shown.length} / ${items.length}`;
  part("list").replaceChildren(...shown.map((item) => element("li", {}, row(item))));
}

/** The row of a picture is made once and changed later, so that focus stays where it is. */
function row(item) {
  if (!item.row) {
    item.says = element("span", { className: "says" });
    item.chip = element("span", { className: "chip" });
    const thumbnail = element("canvas", { width: 104, height: 104, "aria-hidden": "true" });
    item.row = element("button", { type: "button", className: "pick" }, thumbnail,
      element("span", {}, element("span", { className: "row" }, item.says, item.chip), element("span", { className: "name" }, item.name)));
    item.row.item = item;
    item.row.addEventListener("click", () => select(item));
    createImageBitmap(item.file, { resizeWidth: 104, resizeQuality: "medium" })
      .then((small) => thumbnail.getContext("2d").drawImage(small, 0, 0, 104, 104)).catch(() => {});
  }
  const kind = decision(item);
  item.chip.className = `chip ${kind}`;
  item.chip.textContent = text("decision_" + kind);
  item.says.textContent = kind === "answered" ? `${item.answer.label} ${number(item.answer.probabilities[item.answer.label], 2)}` : "";
  item.row.setAttribute("aria-current", String(item === current));
  return item.row;
}

function fillFilter() {
  if (part("filter").options.length) return;
  part("filter").append(...["", "answered", "uncertain", "not_kidney_ct", "failed"].map((value) =>
    element("option", { value }, text(value ? "decision_" + value : "all"))));
}

part("filter").addEventListener("change", list);
part("clear").addEventListener("click", () => {
  stopped.abort();
  items.length = 0;
  current = null;
  part("study").hidden = true;
  part("desk").classList.add("empty");
  part("choose").focus();
});

function showStudy(study, taken) {
  if (!study) return;
  // The server's own words are English.
  const finding = study.finding.replace(/^not /, text("not_class") + " ");
  const first = study.suspicious.slice(0, 10);
  const block = element("section", { className: "card study stack", "aria-label": text("study") },
    element("h2", {}, text("study")),
    element("p", {}, text("study_counts", study)),
    element("ol", {}, ...first.map((one) => {
      const link = element("button", { type: "button", className: "quiet" }, `${taken[one.position].name} · ${finding} ${number(one.probability)}`);
      link.addEventListener("click", () => select(taken[one.position]));
      return element("li", {}, link);
    })),
    element("p", { className: "small soft" }, language === "en" ? study.rule : text("study_rule", { finding })),
    element("p", { className: "small soft" }, language === "en" ? study.notice : text("study_notice")));
  part("study").hidden = false;
  part("study").replaceChildren(block);
}

// Results as a table

part("csv").addEventListener("click", () => {
  const answered = items.filter((item) => item.answer);
  save(table(answered.map((item) => item.answer), answered.map((item) => item.name)), "nefro.csv", "text/csv");
});
