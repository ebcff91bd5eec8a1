// What every page needs: its texts, the theme, calls to the API.

import { forget } from "./kept.js";
import { known } from "./sentences.js";

const texts = JSON.parse(document.getElementById("texts").textContent);
export const language = document.documentElement.lang;

/** The text of a key, with {name} replaced by values.name; `otherwise` for a key that there is no text of. */
export function text(key, values = {}, otherwise = key) {
  const found = texts[key] ?? otherwise;
  return found.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/**
 * A number, with a decimal point in every language: as in the JSON beside it, in records and in reports. What is not quite 1
 * or 0 is not written as if it were.
 */
export function number(value, digits = 3) {
  const rounded = value.toFixed(digits);
  if (value !== 0 && Number(rounded) === 0) return value > 0 && value < 1e-6 ? "<0.000001" : value.toPrecision(1);
  if (value >= 1 || Number(rounded) !== 1) return rounded;
  for (let more = digits + 1; more <= 6; more += 1) if (Number(value.toFixed(more)) !== 1) return value.toFixed(more);
  return ">0.999999";
}

/** A time of the API (ISO 8601) as a person reads it. */
export function moment(iso) {
  return new Date(iso).toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });
}

/** An element with properties and children; strings become text, never markup. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** What is wrong, in the page's language: the server's sentence where that is known, else what its code means. */
function words(status, { code, detail }) {
  const sentence = detail && (known(detail) ?? (code && texts["problem_" + code]));
  return sentence ?? detail ?? text("problem_unknown", { status });
}

/** What the API says when it refuses: status, code, a sentence for a person. */
export class Problem extends Error {
  constructor(status, problem = {}, retryAfter = null) {
    super(words(status, problem));
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.requestId = problem.request_id;
    this.retryAfter = retryAfter;
  }
}

const formToken = document.querySelector("meta[name=csrf-token]");

/**
 * One call to the API; the session is the cookie's, the form token goes along. Throws Problem. Where the session has ended the
 * page gives way to the sign-in, unless it `stays`.
 */
export async function call(path, { method = "GET", body, type, signal, stays = false } = {}) {
  const headers = { "X-CSRF-Token": formToken.content };
  if (type) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(path, { method, body, headers, signal, credentials: "same-origin" });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, { code: "unreachable", detail: text("problem_unreachable") });
  }
  if (answer.status === 401 && !stays) location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
  if (!answer.ok) {
    const problem = await answer.json().catch((failure) => {
      if (failure.name === "AbortError") throw failure;
      return {};
    });
    throw new Problem(answer.status, problem, Number(answer.headers.get("Retry-After")) || null);
  }
  return answer;
}

/** Takes over the form token of the session that the browser has by now; leaves all as it is where nobody answers. */
export async function renew() {
  const page = await fetch("/", { credentials: "same-origin" }).then((answer) => answer.text()).catch(() => "");
  const found = new DOMParser().parseFromString(page, "text/html").querySelector("meta[name=csrf-token]");
  if (found) formToken.content = found.content;
}

/** Waits; stops early if the signal says so. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    }, { once: true });
  });
}

/** A file of `content` is handed to the browser under `name`. */
export function save(content, name, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// Who is signed out leaves nothing behind.
if (!document.querySelector("form[action='/sign-out']")) forget();

// The cookie is read by the server, so that the next page is drawn right at once.
document.getElementById("theme").addEventListener("click", () => {
  const link = document.getElementById("dark");
  const isDark = matchMedia(link.media).matches;
  link.media = isDark ? "not all" : "all";
  document.cookie = `theme=${isDark ? "light" : "dark"}; Path=/; SameSite=Strict; Max-Age=31536000`;
});
