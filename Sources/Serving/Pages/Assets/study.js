// What is said of pictures that belong together.

import { element, number, text } from "./page.js";
import { translated } from "./sentences.js";

const place = document.getElementById("study");

/** Shows a study's summary; `taken` are its pictures as they were sent, `select(item)` shows one of them. */
export function show(study, taken, select) {
  const finding = study.finding.replace(/^not /, text("not_class") + " ");
  const first = study.suspicious.slice(0, 10);
  place.replaceChildren(element("section", { className: "card study stack", "aria-label": text("study") },
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
    element("p", { className: "small soft" }, translated(study.notice))));
  place.hidden = false;
}

export function hide() {
  place.hidden = true;
  place.replaceChildren();
}
