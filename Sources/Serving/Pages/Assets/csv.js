// Results as a table for a spreadsheet.

/** Comma-separated, RFC 4180, one line a result; `names` gives files' names, which the server never learns. */
export function table(answers, names = null) {
  const classes = [...new Set(answers.flatMap((answer) => Object.keys(answer.probabilities)))];
  const head = [...(names ? ["file"] : []), "id", "decision", "label", "confidence",
    ...classes.map((name) => `probability ${name}`), "reason", "model", "digest", "time"];
  const rows = answers.map((answer, index) => [...(names ? [names[index]] : []), answer.id, answer.decision, answer.label,
    answer.confidence, ...classes.map((name) => answer.probabilities[name] ?? ""), answer.reason,
    answer.model.version ?? answer.model.name, answer.model.digest, answer.time]);
  return [head, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** What a spreadsheet would take for a formula gets an apostrophe. */
function cell(value) {
  const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
