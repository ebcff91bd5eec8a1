// Drop, paste or choose pictures; each is sent as it is, never drawn anew.

import { call, element, number, pause, Problem, save, text } from "./page.js";
import { decision, fill, summary } from "./answer.js";
import { table } from "./csv.js";
import { Orders } from "./orders.js";
import { decode } from "./pictures.js";
import { translated } from "./sentences.js";
import * as viewer from "./viewer.js";

const part = (name) => document.getElementById(name);
const items = [];
const orders = new Orders(perform, progress);
let current = null;

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

function take(files) {
  const taken = [...files].map((file) => ({ file, name: file.name || text("pasted"), answer: null, problem: null }));
  if (!taken.length) return;
  items.push(...taken);
  part("desk").classList.remove("empty");
  fillFilter();
  list();
  if (!current || current.answer) select(taken[0]);
  if (orders.isIdle && !orders.isStopped) [begun, doneAtStart] = [performance.now(), done()];
  // A study stays one whatever else is on its way.
  orders.add(part("as-study").checked ? [{ study: taken }] : taken.map((item) => ({ item })));
}

// Asking

/** Asks for one order; true when there is nothing left to ask of it. */
async function perform(order, signal) {
  try {
    await (order.study ? askStudy(order.study, signal) : ask(order.item, signal));
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    for (const item of order.study ?? [order.item]) item.problem = named(problem, item);
  }
  (order.study ?? [order.item]).forEach(refresh);
  // In one sentence; the whole card would be too much to be read out.
  if ((order.study ?? [order.item]).includes(current)) part("announcement").textContent = summary(current);
  return true;
}

async function ask(item, signal) {
  const { predictions, failures } = await send(item.file, item.file.type || "application/octet-stream", signal);
  if (failures.length) throw new Problem(failures[0].problem.status, failures[0].problem);
  item.answer = predictions[0];
}

/** The server knows no names: where it counts a picture, a person reads the name of its file. */
function named(problem, item) {
  problem.message = problem.message.replace(/(['«])(?:picture|imagen) \d+(['»])/, (_, open, close) => open + item.name + close);
  return problem;
}

/** Pictures of one study go together, and get one summary. */
async function askStudy(taken, signal) {
  const form = new FormData();
  taken.forEach((item, index) => form.append("image", item.file, `picture-${index}`));
  const { predictions, failures, study } = await send(form, undefined, signal, "?study=true");
  for (const answer of predictions) taken[answer.position].answer = answer;
  for (const { position, problem } of failures) taken[position].problem = named(new Problem(problem.status, problem), taken[position]);
  showStudy(study, taken);
}

/** Waits and asks again when the server is busy. */
async function send(body, type, signal, query = "") {
  for (;;) {
    try {
      const answer = await call("/api/v1/predictions" + query, { method: "POST", body, type, signal });
      return await answer.json();
    } catch (problem) {
      if (problem.status !== 503) throw problem;
      await pause((problem.retryAfter ?? 1) * 1000, signal);
    }
  }
}

// Progress

let [begun, doneAtStart] = [0, 0];
const done = () => items.filter((item) => item.answer || item.problem).length;

function progress() {
  const [answered, left] = [done() - doneAtStart, items.length - done()];
  part("progress").hidden = left === 0 || answered + left < 2 && !orders.isStopped;
  part("progress-bar").max = answered + left;
  part("progress-bar").value = answered;
  const seconds = answered && !orders.isStopped ? Math.ceil(((performance.now() - begun) / 1000 / answered) * left) : null;
  part("progress-text").textContent =
    text(seconds === null ? "progress" : "progress_left", { done: answered, all: answered + left, seconds });
  part("stop").textContent = text(orders.isStopped ? "go_on" : "stop");
}

part("stop").addEventListener("click", () => {
  if (orders.isStopped) {
    [begun, doneAtStart] = [performance.now(), done()];
    orders.resume();
  } else {
    orders.stop();
  }
  progress();
});

// Showing

async function select(item) {
  current = item;
  for (const one of document.querySelectorAll(".pick")) one.setAttribute("aria-current", String(one.item === item));
  fill(item);
  part("evidence-note").textContent = "";
  try {
    item.bitmap ??= await decode(item.file);
    if (current === item) viewer.show(item.bitmap, summary(item));
  } catch {
    if (current === item) viewer.show(null, summary(item));
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
      item.method = answer.headers.get("X-Explanation-Method") ?? "gradcam";
      item.evidence = await createImageBitmap(await answer.blob());
    }
    if (current !== item) return;
    viewer.setEvidence(item.evidence);
    part("evidence-note").textContent = [text("method_" + item.method), text("evidence_note")].join(" ");
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
    decode(item.file, { resizeWidth: 208, resizeQuality: "medium" }).then((small) => {
      const scale = Math.min(104 / small.width, 104 / small.height);
      const [width, height] = [small.width * scale, small.height * scale];
      thumbnail.getContext("2d").drawImage(small, (104 - width) / 2, (104 - height) / 2, width, height);
    }).catch(() => {});
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
  orders.clear();
  items.length = 0;
  progress();
  current = null;
  part("study").hidden = true;
  part("desk").classList.add("empty");
  part("choose").focus();
});

function showStudy(study, taken) {
  if (!study) return;
  const finding = study.finding.replace(/^not /, text("not_class") + " ");
  const first = study.suspicious.slice(0, 10);
  const block = element("section", { className: "card study stack", "aria-label": text("study") },
    element("h2", {}, text("study")),
    element("p", {}, text("study_counts", { ...study, finding })),
    element("ol", {}, ...first.map((one) => {
      const { name } = taken[one.position];
      const link = element("button", { type: "button", className: "quiet", "aria-label": `${name}: ${finding} ${number(one.probability)}` },
        element("span", { className: "name" }, name), element("span", {}, number(one.probability)));
      link.addEventListener("click", () => select(taken[one.position]));
      return element("li", {}, link);
    })),
    element("p", { className: "small soft" }, translated(study.rule)),
    element("p", { className: "small soft" }, translated(study.notice)));
  part("study").hidden = false;
  part("study").replaceChildren(block);
}

// Results as a table

part("csv").addEventListener("click", () => {
  const answered = items.filter((item) => item.answer);
  save(table(answered.map((item) => item.answer), answered.map((item) => item.name)), "nefro.csv", "text/csv");
});
