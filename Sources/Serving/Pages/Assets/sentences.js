// The server writes its sentences in English, since programs read them. A page says them by a table of templates in its own
// language: `%1` and so on stand for names, numbers, or sentences of the same table, `#1` for a number.

/** What a table of the page says of sentences. */
export class Sentences {
  #templates;

  /** `id` is the element that holds the table; where there is none, sentences stay as they are. */
  constructor(id) {
    const found = document.getElementById(id);
    this.#templates = (found ? JSON.parse(found.textContent) : []).map(([english, other]) => {
      const order = [];
      const pattern = english.split(/([%#][1-9])/).map((piece) => {
        if (!/^[%#][1-9]$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
        order.push(piece);
        return piece.startsWith("#") ? "(-?[\\d.]*\\d)" : "(.*?)";
      }).join("");
      return { pattern: new RegExp(`^${pattern}$`, "s"), order, other, words: english.replace(/[%#][1-9]/g, "").length };
      // Those that say most first: "%1: %2" fits many.
    }).sort((one, two) => two.words - one.words);
  }

  /** The sentence in the page's words; null where the table does not have it. */
  known(sentence) {
    for (const { pattern, order, other } of this.#templates) {
      const match = sentence.match(pattern);
      if (!match) continue;
      const values = Object.fromEntries(order.map((name, index) => [name, this.known(match[index + 1]) ?? this.#parts(match[index + 1])]));
      return other.replace(/[%#][1-9]/g, (name) => values[name] ?? "");
    }
    return null;
  }

  /** The same, with a sentence that is not known as it is: a reader must not be told less. Lists are told part by part. */
  translated(sentence) { return this.known(sentence) ?? this.#parts(sentence); }

  #parts(sentence) {
    for (const [between, joined] of [["; ", "; "], [", ", ", "], [" and ", " y "]]) {
      const parts = sentence.split(between);
      if (parts.length > 1 && parts.some((one) => this.known(one) !== null)) return parts.map((one) => this.translated(one)).join(joined);
    }
    return sentence;
  }
}

const own = new Sentences("sentences");
const isEnglish = document.documentElement.lang === "en";

/** The sentence in the page's language; null where there is no such sentence in it. In English most are themselves. */
export const known = (sentence) => own.known(sentence) ?? (isEnglish ? sentence : null);

export const translated = (sentence) => isEnglish ? known(sentence) : own.translated(sentence);
