// What was answered in this tab, so that another page, another language or a reload does not take it away. The pictures
// themselves are not kept here: the server is asked for them while it has them.

const place = "answers";

/** Whoever signs in anew has another form token, and finds nothing of the one before. */
const session = () => document.querySelector("meta[name=csrf-token]").content;

/** Keeps answers until the tab is closed; `more` goes with them, such as the place of the one that is shown. */
export function keep(items, more) {
  const answered = items.filter((item) => item.answer);
  if (!answered.length) return forget();
  const kept = answered.map(({ name, answer, feedback }) => ({ name, answer, feedback }));
  try {
    sessionStorage.setItem(place, JSON.stringify({ session: session(), items: kept, more }));
  } catch {
    // There is no room, or the browser keeps nothing: what was answered stays in the history.
    forget();
  }
}

/** What was kept in this session: `{ items, more }`, or null. */
export function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(place));
    return found?.session === session() ? found : null;
  } catch {
    return null;
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(place);
  } catch { /* Nothing was kept. */ }
}
