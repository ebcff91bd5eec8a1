// What every page needs: its texts, the theme, calls to the API.

const texts = JSON.parse(document.getElementById("texts").textContent);
export const language = document.documentElement.lang;

/** The text of a key, with {name} replaced by values.name. */
export function text(key, values = {}) {
  const found = texts[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A number as the page's language writes it. */
export function number(value, digits = 3) {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
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

/** What the API says when it refuses: status, code, a sentence for a person. */
export class Problem extends Error {
  constructor(status, problem = {}, retryAfter = null) {
    super(problem.detail ?? text("problem_unknown", { status }));
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.requestId = problem.request_id;
    this.retryAfter = retryAfter;
  }
}

/** One call to the API; the session is the cookie's, the form token goes along. Throws Problem. */
export async function call(path, { method = "GET", body, type, signal } = {}) {
  const headers = { "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content };
  if (type) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(path, { method, body, headers, signal, credentials: "same-origin" });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, { code: "unreachable", detail: text("problem_unreachable") });
  }
  if (answer.status === 401) location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Problem(answer.status, problem, Number(answer.headers.get("Retry-After")) || null);
  }
  return answer;
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

// The cookie is read by the server, so that the next page is drawn right at once.
document.getElementById("theme").addEventListener("click", () => {
  const link = document.getElementById("dark");
  const isDark = matchMedia(link.media).matches;
  link.media = isDark ? "not all" : "all";
  document.cookie = `theme=${isDark ? "light" : "dark"}; Path=/; SameSite=Strict; Max-Age=31536000`;
});
