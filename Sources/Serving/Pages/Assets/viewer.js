// One picture: zoom, pan, window and level, and the evidence over it.

const canvas = document.getElementById("canvas");
const context = canvas.getContext("2d");
const slider = (name) => document.getElementById(name);
const [windowSlider, levelSlider, evidenceSlider] = ["window", "level", "evidence"].map(slider);

let picture = null;      // ImageBitmap as the file has it
let windowed = null;     // the same through window and level
let evidence = null;     // ImageBitmap of the whole colour map, or null
let view = { scale: 1, x: 0, y: 0 };
let frame = 0;

/**
 * Shows another picture, in whole and as it is. After one of the same size, such as the slice before, the place, window and
 * level stay. Null shows none and says what `instead`, for a file that the browser cannot draw either.
 */
export function show(bitmap, description, instead = "") {
  const isAlike = bitmap && picture && bitmap.width === picture.width && bitmap.height === picture.height;
  picture = bitmap;
  evidence = null;
  evidenceSlider.value = 0;
  for (const one of document.querySelectorAll(".viewer-tools input, .viewer-tools button")) one.disabled = !bitmap;
  canvas.setAttribute("aria-label", description);
  slider("instead").textContent = instead;
  if (isAlike) applyWindow();
  else reset();
}

/** `step(by)` is asked for the next picture (1) or the one before (-1). */
export function onStep(step) {
  keys.PageDown = () => step(1);
  keys.PageUp = () => step(-1);
}

export function describe(description) {
  canvas.setAttribute("aria-label", description);
}

export function setEvidence(bitmap) {
  evidence = bitmap;
  draw();
}

export function onEvidence(wanted) {
  evidenceSlider.addEventListener("input", () => { if (evidenceSlider.value > 0) wanted(); });
}

export function reset() {
  view = { scale: 1, x: 0, y: 0 };
  windowSlider.value = 255;
  levelSlider.value = 128;
  evidenceSlider.value = 0;
  applyWindow();
}

/** Grey values of the file, 0 to 255: what lies outside of the window is black or white. */
function applyWindow() {
  if (!picture) return draw();
  windowed ??= document.createElement("canvas");
  windowed.width = picture.width;
  windowed.height = picture.height;
  const pen = windowed.getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0);
  const width = Number(windowSlider.value), low = Number(levelSlider.value) - width / 2;
  if (width < 255 || levelSlider.value !== "128") {
    const pixels = pen.getImageData(0, 0, picture.width, picture.height);
    const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => ((value - low) / width) * 255);
    for (let i = 0; i < pixels.data.length; i += 4) {
      for (let channel = 0; channel < 3; channel++) pixels.data[i + channel] = table[pixels.data[i + channel]];
    }
    pen.putImageData(pixels, 0, 0);
  }
  draw();
}

function draw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    for (const one of [windowSlider, levelSlider]) slider(one.id + "-value").textContent = one.value;
    slider("evidence-value").textContent = evidenceSlider.value + " %";
    if (!picture) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      slider("where").textContent = "";
    }
    canvas.classList.toggle("whole", view.scale <= 1);
    if (!windowed || !picture) return;
    const dots = devicePixelRatio || 1;
    canvas.width = Math.max(1, canvas.clientWidth * dots);
    canvas.height = Math.max(1, canvas.clientHeight * dots);
    const fit = Math.min(canvas.width / picture.width, canvas.height / picture.height) * view.scale;
    const left = (canvas.width - picture.width * fit) / 2 + view.x * dots;
    const top = (canvas.height - picture.height * fit) / 2 + view.y * dots;
    context.imageSmoothingEnabled = fit < 4;
    context.imageSmoothingQuality = "high";
    context.drawImage(windowed, left, top, picture.width * fit, picture.height * fit);
    if (evidence) {
      context.globalAlpha = evidenceSlider.value / 100;
      context.drawImage(evidence, left, top, picture.width * fit, picture.height * fit);
      context.globalAlpha = 1;
    }
    slider("where").textContent = `${picture.width} × ${picture.height} · ${Math.round(view.scale * 100)} %`;
  });
}

/** Zooms by a factor; the point (x, y), in pixels from the middle of the canvas, stays where it is. */
export function zoom(factor, x = 0, y = 0) {
  const scale = Math.min(16, Math.max(0.5, view.scale * factor));
  const change = scale / view.scale;
  view = { scale, x: x - (x - view.x) * change, y: y - (y - view.y) * change };
  draw();
}

function pan(x, y) {
  view = { ...view, x: view.x + x, y: view.y + y };
  draw();
}

function nudge(one, by) {
  one.value = Number(one.value) + by;
  applyWindow();
}

windowSlider.addEventListener("input", applyWindow);
levelSlider.addEventListener("input", applyWindow);
evidenceSlider.addEventListener("input", draw);
slider("zoom-in").addEventListener("click", () => zoom(1.25));
slider("zoom-out").addEventListener("click", () => zoom(0.8));
slider("reset").addEventListener("click", reset);
new ResizeObserver(draw).observe(canvas);

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = canvas.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
}, { passive: false });

// One pointer moves the picture, with Shift or the right button it windows; two pointers zoom.
const pointers = new Map();
canvas.addEventListener("contextmenu", (event) => event.preventDefault());
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));
}
canvas.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const [x, y] = [event.clientX - before.clientX, event.clientY - before.clientY];
  if (pointers.size === 2) {
    const other = [...pointers.values()].find((one) => one.pointerId !== event.pointerId);
    const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    zoom(apart(event) / apart(before));
  } else if (event.shiftKey || event.buttons === 2) {
    windowSlider.value = Number(windowSlider.value) + x;
    nudge(levelSlider, -y);
  } else {
    pan(x, y);
  }
  pointers.set(event.pointerId, event);
});

const keys = {
  "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: reset,
  ArrowLeft: () => pan(24, 0), ArrowRight: () => pan(-24, 0), ArrowUp: () => pan(0, 24), ArrowDown: () => pan(0, -24),
  "[": () => nudge(windowSlider, -8), "]": () => nudge(windowSlider, 8),
};
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
