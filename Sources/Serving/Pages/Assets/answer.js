// The card with what the model says of one picture, and what a person says of that.

import { call, element, moment, number, text } from "./page.js";
import { known, translated } from "./sentences.js";

const card = document.getElementById("answer");
const template = document.getElementById("answer-template");

/** What a chip says and how it looks. */
export function decision(item) {
  if (item.problem) return "failed";
  return item.answer ? item.answer.decision : "waiting";
}

/** A sentence for a screen reader: what the picture shows by the model. */
export function summary(item) {
  if (item.problem) return `${item.name}: ${item.problem.message}`;
  if (!item.answer) return `${item.name}: ${text("waiting")}`;
  const answered = item.answer.decision === "answered";
  const { label, probabilities } = item.answer;
  return `${item.name}: ${answered ? `${label} ${number(probabilities[label])}` : text("decision_" + item.answer.decision)}`;
}

export function fill(item) {
  if (item.problem) {
    card.replaceChildren(
      element("h2", {}, text("results")),
      element("p", { className: "problem", role: "alert" }, item.problem.message),
      element("p", { className: "small soft" }, item.problem.requestId ? text("request_id", { id: item.problem.requestId }) : ""));
    return;
  }
  if (!item.answer) {
    card.replaceChildren(element("h2", {}, text("results")), element("p", { className: "soft" }, text("waiting")));
    return;
  }
  const { answer } = item;
  const content = template.content.cloneNode(true);
  const part = (name) => content.querySelector(`[data-part="${name}"]`);

  const chip = part("chip");
  chip.classList.add(answer.decision);
  chip.textContent = text("decision_" + answer.decision);
  const label = part("label");
  const isAnswer = answer.decision === "answered";
  label.textContent = isAnswer ? answer.label : text("label_" + answer.decision);
  label.classList.toggle("withheld", !isAnswer);
  part("reason").textContent = reason(answer);
  part("probabilities").append(...bars(answer));
  const isRefused = answer.decision === "not_kidney_ct";
  part("probabilities").classList.toggle("meaningless", isRefused);
  part("calibration").textContent = isRefused ? text("meaningless") : [text(answer.calibrated ? "calibrated" : "not_calibrated"),
    answer.operating_point ? text("mark") : ""].join(" ");
  part("facts").append(...facts(answer, item.name));
  const json = JSON.stringify(answer, null, 2);
  const shown = part("json");
  shown.textContent = json;
  part("copy").addEventListener("click", async ({ target }) => {
    await copy(json, shown);
    target.textContent = text("copied");
  });
  feedback(part("feedback"), part("right"), part("sent"), item);
  card.replaceChildren(content);
}

/** Without TLS a browser gives the clipboard to no script; what is selected can be copied all the same. */
async function copy(words, shown) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    getSelection().selectAllChildren(shown);
    document.execCommand("copy");
  }
}

/** The server's own words; a reason that another language does not have is told from the answer's parts. */
function reason(answer) {
  const sentence = known(answer.reason);
  if (sentence !== null) return sentence.charAt(0).toUpperCase() + sentence.slice(1) + ".";
  const point = answer.operating_point;
  if (answer.decision !== "answered") return text("reason_" + answer.decision, { confidence: number(answer.confidence) });
  return point ? text("reason_threshold", { label: point.positive_class, value: number(point.probability) }) : text("reason_most_probable");
}

function bars(answer) {
  const point = answer.operating_point;
  return Object.entries(answer.probabilities).map(([name, probability]) => {
    const named = name === answer.label && answer.decision !== "not_kidney_ct";
    const fill = element("span", { className: "fill" });
    fill.style.width = `${probability * 100}%`;
    const bar = element("span", { className: "bar", "aria-hidden": "true" }, fill);
    if (point && point.positive_class === name) {
      const mark = element("span", { className: "threshold", title: text("threshold", { value: number(point.probability) }) });
      mark.style.left = `${point.probability * 100}%`;
      bar.append(mark);
    }
    return element("div", { className: named ? "probability named" : "probability" },
      element("span", { className: "class" }, name), element("span", {}, number(probability)), bar);
  });
}

function facts(answer, name) {
  const { model, operating_point: point } = answer;
  const rows = [
    [text("file"), name],
    [text("picture"), `${answer.picture.width} × ${answer.picture.height}, ${answer.picture.format.toUpperCase()}`],
    [text("model"), model.version ?? model.name],
    [text("digest"), model.digest.slice(0, 16) + "…"],
    [text("operating_point"), point ? text("threshold_of", { label: point.positive_class, value: number(point.probability) }) : text("no_operating_point")],
    [text("time"), moment(answer.time)],
  ];
  if (model.leakage) rows.push([text("leakage"), translated(model.leakage)]);
  return rows.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]);
}

function feedback(form, right, sent, item) {
  const others = Object.keys(item.answer.probabilities).filter((name) => name !== item.answer.label);
  form.elements.label.append(
    element("option", { value: "" }, text("unknown_class")), ...others.map((name) => element("option", { value: name }, name)),
    element("option", { value: "not a kidney CT" }, text("decision_not_kidney_ct")));
  form.addEventListener("change", () => { right.hidden = form.elements.verdict.value !== "disagree"; });
  if (item.feedback) sent.textContent = text("feedback_kept");
  for (const one of item.given ?? []) {
    form.before(element("p", { className: "small soft" },
      [`${moment(one.time)}, ${one.by}: ${text("verdict_" + one.verdict)}`, one.label, one.note].filter(Boolean).join(" · ")));
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { verdict, label, note } = form.elements;
    const body = { verdict: verdict.value };
    if (verdict.value === "disagree" && label.value) body.label = label.value;
    if (note.value.trim()) body.note = note.value.trim();
    try {
      await call(`/api/v1/predictions/${item.answer.id}/feedback`,
        { method: "POST", body: JSON.stringify(body), type: "application/json" });
      item.feedback = body;
      sent.className = "small";
      sent.textContent = text("feedback_kept");
    } catch (problem) {
      sent.className = "small error-text";
      sent.textContent = problem.message;
    }
  });
}
