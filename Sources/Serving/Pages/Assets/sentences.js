// The server writes its sentences in English, since programs read them. A page in another language says them by a table
// of templates: `%1` and so on stand for names, numbers, or sentences of the same table.

const found = document.getElementById("sentences");
const templates = (found ? JSON.parse(found.textContent) : []).map(([english, other]) => {
  const order = [];
  const pattern = english.split(/(%[1-9])/).map((piece) => {
    if (!/^%[1-9]$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    order.push(piece);
    return "(.*?)";
  }).join("");
  return { pattern: new RegExp(`^${pattern}$`, "s"), order, other, words: english.replace(/%[1-9]/g, "").length };
  // Those that say most first: "%1: %2" fits many.
}).sort((one, two) => two.words - one.words);

/** The sentence in the page's language; null where the table does not have it. In English it is itself. */
export function known(sentence) {
  if (!found) return sentence;
  for (const { pattern, order, other } of templates) {
    const match = sentence.match(pattern);
    if (!match) continue;
    const values = Object.fromEntries(order.map((name, index) => [name, translated(match[index + 1])]));
    return other.replace(/%[1-9]/g, (name) => values[name] ?? "");
  }
  return null;
}

/** The same, with a sentence that is not known as it is: a reader must not be told less. Lists are told part by part. */
export function translated(sentence) {
  const whole = known(sentence);
  if (whole !== null) return whole;
  for (const [between, joined] of [["; ", "; "], [", ", ", "], [" and ", " y "]]) {
    const parts = sentence.split(between);
    if (parts.length > 1 && parts.some((one) => known(one) !== null)) return parts.map(translated).join(joined);
  }
  return sentence;
}
