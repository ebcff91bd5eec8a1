// Drop, paste or choose pictures; each is sent as it is, never drawn anew.

import { call, element, pause, Problem, renew, save, text } from "./page.js";
import { fill, summary } from "./answer.js";
import { table } from "./csv.js";
import { keep, kept } from "./kept.js";
import { PictureList } from "./list.js";
import { Orders } from "./orders.js";
import { decode } from "./pictures.js";
import * as studies from "./study.js";
import * as viewer from "./viewer.js";

const part = (name) => document.getElementById(name);
const items = [];
const orders = new Orders(perform, progress);
const list = new PictureList(select, (item) => item.file ? decode(item.file, { resizeWidth: 208, resizeQuality: "medium" }) : picture(item));
let current = null;
/** The latest study: its summary and its pictures as they were sent. */
let study = null;

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
  lay(taken);
  if (!current || current.answer) select(taken[0]);
  if (orders.isIdle && !orders.isStopped) [begun, doneAtStart] = [performance.now(), done()];
  // A study stays one whatever else is on its way.
  orders.add(part("as-study").checked ? [{ study: taken }] : taken.map((item) => ({ item })));
}

/** Puts pictures on the desk. */
function lay(taken) {
  items.push(...taken);
  part("desk").classList.remove("empty");
  list.add(taken);
}

// Asking

/** Asks for one order; true when there is nothing left to ask of it. */
async function perform(order, signal) {
  const asked = order.study ?? [order.item];
  try {
    await (order.study ? askStudy(order.study, signal) : ask(order.item, signal));
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    // Nothing is wrong with the pictures: they wait until somebody can be asked again.
    if (problem.status === 0 || problem.status === 401) {
      halt(problem);
      return false;
    }
    for (const item of asked) item.problem = named(problem, item);
  }
  asked.forEach(refresh);
  // In one sentence; the whole card would be too much to be read out.
  if (asked.includes(current)) part("announcement").textContent = summary(current);
  return true;
}

async function ask(item, signal) {
  if (!(await isReadable(item))) return;
  const { predictions, failures } = await send(item.file, item.file.type || "application/octet-stream", signal);
  if (failures.length) throw new Problem(failures[0].problem.status, failures[0].problem);
  item.answer = predictions[0];
}

/** A folder can be dropped like a file, and a file may be gone or changed since it was chosen: the network would be blamed. */
async function isReadable(item) {
  try {
    await item.file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    item.problem = new Problem(0, { code: "unreadable", detail: text("problem_unreadable") });
    return false;
  }
}

/** The server knows no names: where it counts a picture, a person reads the name of its file. */
function named(problem, item) {
  problem.message = problem.message.replace(/(['«])(?:picture|imagen) \d+(['»])/, (_, open, close) => open + item.name + close);
  return problem;
}

/** Pictures of one study go together, and get one summary. */
async function askStudy(all, signal) {
  const can = await Promise.all(all.map(isReadable));
  const taken = all.filter((_, index) => can[index]);
  if (!taken.length) return;
  const form = new FormData();
  taken.forEach((item, index) => form.append("image", item.file, `picture-${index}`));
  const { predictions, failures, study: said } = await send(form, undefined, signal, "?study=true");
  for (const answer of predictions) taken[answer.position].answer = answer;
  for (const { position, problem } of failures) taken[position].problem = named(new Problem(problem.status, problem), taken[position]);
  if (!said) return;
  study = { said, taken };
  studies.show(said, taken, select);
}

async function send(body, type, signal, query = "") {
  const answer = await patiently("/api/v1/predictions" + query, { method: "POST", body, type, signal, stays: true });
  return answer.json();
}

/** A call that waits and asks again when the server is busy. */
async function patiently(path, options = {}) {
  for (;;) {
    try {
      return await call(path, options);
    } catch (problem) {
      if (problem.status !== 503) throw problem;
      await pause((problem.retryAfter ?? 1) * 1000, options.signal);
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
  if (!orders.isStopped) part("halted").hidden = true;
}

/** Stops because nobody answers, or because the session has ended; it goes on when a person says so. */
function halt(problem) {
  orders.stop();
  const way = problem.status === 401 ? [" ", element("a", { href: "/sign-in", target: "_blank" }, text("sign_in_elsewhere"))] : [];
  part("halted").replaceChildren(problem.message, ...way);
  part("halted").hidden = false;
  progress();
}

part("stop").addEventListener("click", async () => {
  if (orders.isStopped) {
    // Whoever signed in again in another tab has another form token.
    if (!part("halted").hidden) await renew();
    [begun, doneAtStart] = [performance.now(), done()];
    orders.resume();
  } else {
    orders.stop();
  }
  progress();
});

// What waits would be lost.
addEventListener("beforeunload", (event) => { if (!orders.isIdle || orders.waiting) event.preventDefault(); });

// Showing

async function select(item) {
  current = item;
  list.mark(item);
  fill(item);
  part("evidence-note").textContent = "";
  try {
    const found = await picture(item);
    if (current === item) viewer.show(found, summary(item));
  } catch (problem) {
    const why = item.file ? text("not_drawn") : problem.status === 410 ? text("unseen") : problem.message;
    if (current === item) viewer.show(null, summary(item), why);
  }
}

/** Of a picture that this page no longer has the server may have a copy. */
async function picture(item) {
  const fetched = async () => (await patiently(`/api/v1/predictions/${item.answer.id}/explanation?opacity=0`)).blob();
  item.bitmap ??= item.file ? await decode(item.file) : await createImageBitmap(await fetched());
  return item.bitmap;
}

viewer.onStep((by) => {
  const next = list.neighbour(by);
  if (!next) return;
  select(next);
  part("announcement").textContent = summary(next);
});

/** The evidence is fetched when it is first wanted. */
viewer.onEvidence(async () => {
  const item = current;
  if (!item?.answer) return;
  try {
    if (!item.evidence) {
      part("evidence-note").textContent = text("evidence_coming");
      const answer = await patiently(`/api/v1/predictions/${item.answer.id}/explanation?opacity=1`);
      item.method = answer.headers.get("X-Explanation-Method") ?? "gradcam";
      item.evidence = await createImageBitmap(await answer.blob());
    }
    if (current !== item) return;
    viewer.setEvidence(item.evidence);
    part("evidence-note").textContent = [text("method_" + item.method), text("evidence_note")].join(" ");
  } catch (problem) {
    if (current === item) part("evidence-note").textContent = problem.message;
  }
});

function refresh(item) {
  list.refresh(item);
  if (item === current) {
    fill(item);
    viewer.describe(summary(item));
  }
}

part("clear").addEventListener("click", () => {
  orders.clear();
  items.length = 0;
  list.clear();
  progress();
  [current, study] = [null, null];
  studies.hide();
  part("desk").classList.add("empty");
  part("choose").focus();
});

// Results as a table

part("csv").addEventListener("click", () => {
  const answered = items.filter((item) => item.answer);
  save(table(answered.map((item) => item.answer), answered.map((item) => item.name)), "nefro.csv", "text/csv");
});

// From one page to the next

addEventListener("pagehide", () => {
  const answered = items.filter((item) => item.answer);
  keep(items, { current: answered.indexOf(current), study: study && { said: study.said, places: study.taken.map((item) => answered.indexOf(item)) } });
});

const before = kept();
if (before) {
  lay(before.items.map((item) => ({ ...item, problem: null })));
  const { current: place, study: told } = before.more;
  if (told) {
    study = { said: told.said, taken: told.places.map((one) => items[one] ?? { name: "–" }) };
    studies.show(study.said, study.taken, select);
  }
  select(items[Math.max(0, place)]);
}
