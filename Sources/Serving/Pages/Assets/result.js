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
// Its place is there before it, so that nothing moves when it comes.
const [place, picture] = [document.getElementById("seen"), document.getElementById("seen-picture")];
try {
  if (item.problem) throw item.problem;
  const drawn = await (await call(`/api/v1/predictions/${item.answer.id}/explanation?opacity=0.45`)).blob();
  picture.src = URL.createObjectURL(drawn);
  picture.hidden = false;
} catch {
  place.hidden = true;
  document.getElementById("unseen").hidden = Boolean(item.problem);
}
