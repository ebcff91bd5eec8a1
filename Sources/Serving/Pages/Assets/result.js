// One result of the past, as it was given.

import { call, text } from "./page.js";
import { fill } from "./answer.js";

const item = { name: text("not_kept"), answer: null, problem: null };
try {
  const path = "/api/v1/predictions/" + document.getElementById("result").dataset.id;
  item.answer = await (await call(path)).json();
  item.given = (await (await call(path + "/feedback")).json()).feedback;
} catch (problem) {
  item.problem = problem;
}
fill(item);
if (item.answer) {
  try {
    const drawn = await (await call(`/api/v1/predictions/${item.answer.id}/explanation?opacity=0.45`)).blob();
    document.getElementById("seen-picture").src = URL.createObjectURL(drawn);
    document.getElementById("seen").hidden = false;
  } catch {
    document.getElementById("unseen").hidden = false;
  }
}
