// The pictures of the desk: a row each, which of them are shown, and the way from one to the next.

import { element, number, text } from "./page.js";
import { decision } from "./answer.js";

const part = (name) => document.getElementById(name);
const [list, filter] = [part("list"), part("filter")];
const size = 104;

export class PictureList {
  #items = [];
  #current = null;
  #select;
  #preview;
  #drawn = Promise.resolve();

  /** `select(item)` shows a picture; `preview(item)` gives it, maybe smaller, to be drawn in its row. */
  constructor(select, preview) {
    this.#select = select;
    this.#preview = preview;
    filter.append(...["", "answered", "uncertain", "not_kidney_ct", "failed"].map((value) =>
      element("option", { value }, text(value ? "decision_" + value : "all"))));
    filter.addEventListener("change", () => this.#sift());
    list.addEventListener("keydown", (event) => this.#go(event));
  }

  add(items) {
    this.#items.push(...items);
    for (const item of items) this.#make(item);
    list.append(...items.map((item) => item.row.parentElement));
    this.#sift();
  }

  /** Something about a picture is different now. */
  refresh(item) {
    this.#tell(item);
    this.#sift();
  }

  clear() {
    this.#items = [];
    this.#current = null;
    list.replaceChildren();
    for (const option of [...filter.options].slice(5)) option.remove();
    filter.value = "";
  }

  /** Marks the picture that the viewer shows. */
  mark(current) {
    this.#current = current;
    for (const item of this.#items) item.row.setAttribute("aria-current", String(item === current));
    this.#reach();
    const [box, own] = [list.getBoundingClientRect(), current.row.getBoundingClientRect()];
    const way = (from, to, first, last) => from < first ? from - first : Math.max(0, to - last);
    list.scrollBy(way(own.left, own.right, box.left, box.right), way(own.top, own.bottom, box.top, box.bottom));
  }

  /** The picture `by` rows further among those that are shown; null at an end. */
  neighbour(by) {
    const shown = this.#shown();
    const at = shown.indexOf(this.#current);
    return (at < 0 ? shown[0] : shown[at + by]) ?? null;
  }

  #shown() { return this.#items.filter((item) => !item.row.parentElement.hidden); }

  /** A row is made once and changed later, so that focus stays where it is. */
  #make(item) {
    item.says = element("span", { className: "says" });
    item.chip = element("span", { className: "chip" });
    item.thumbnail = element("canvas", { width: size, height: size, "aria-hidden": "true" });
    item.row = element("button", { type: "button", className: "pick", title: item.name }, item.thumbnail,
      element("span", { className: "told" }, item.says, item.chip, element("span", { className: "name" }, item.name)));
    item.row.item = item;
    item.row.addEventListener("click", () => this.#select(item));
    element("li", {}, item.row);
    this.#seen.observe(item.row);
    this.#tell(item);
  }

  #tell(item) {
    const kind = decision(item);
    item.chip.className = `chip ${kind}`;
    item.chip.textContent = text("decision_" + kind);
    item.chip.hidden = kind === "answered";
    item.says.textContent = kind === "answered" ? `${item.answer.label} ${number(item.answer.probabilities[item.answer.label], 2)}` : "";
    for (const name of Object.keys(item.answer?.probabilities ?? {})) {
      const value = "label:" + name;
      if (![...filter.options].some((one) => one.value === value)) filter.append(element("option", { value }, name));
    }
  }

  #sift() {
    const wanted = filter.value;
    for (const item of this.#items) {
      const kind = decision(item);
      const fits = !wanted || wanted === kind || kind === "answered" && wanted === "label:" + item.answer.label;
      item.row.parentElement.hidden = !fits;
    }
    const shown = this.#shown().length;
    part("count").textContent = shown === this.#items.length ? String(shown) : `${shown} / ${this.#items.length}`;
    part("none").hidden = shown > 0;
    part("sifting").hidden = this.#items.length < 2;
    part("csv").disabled = !this.#items.some((item) => item.answer);
    this.#reach();
  }

  /** Tab comes to one row of the list, whatever its length; arrows go on from there. */
  #reach() {
    const shown = this.#shown();
    const way = shown.includes(this.#current) ? this.#current : shown[0];
    for (const item of this.#items) item.row.tabIndex = item === way ? 0 : -1;
  }

  #go(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const shown = this.#shown();
    const found = by ? shown[shown.indexOf(event.target.item) + by] : { Home: shown[0], End: shown.at(-1) }[event.key];
    if (!by && !found) return;
    event.preventDefault();
    if (!found) return;
    this.#select(found);
    found.row.focus();
  }

  /** Rows are drawn when they come into sight, one after the other. */
  #seen = new IntersectionObserver((changes) => {
    for (const { isIntersecting, target } of changes) {
      if (!isIntersecting) continue;
      this.#seen.unobserve(target);
      this.#drawn = this.#drawn.then(() => this.#draw(target.item)).catch(() => {});
    }
  });

  async #draw(item) {
    if (!item.row.isConnected) return;
    const picture = await this.#preview(item);
    const scale = Math.min(size / picture.width, size / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    const pen = item.thumbnail.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, (size - width) / 2, (size - height) / 2, width, height);
  }
}
