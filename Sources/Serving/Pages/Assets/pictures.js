// Pictures as the network sees them.

/**
 * The picture of a file, its pixels as they are stored. A rotation that a camera noted beside them (EXIF) is not applied:
 * the server does not, and neither do Keras and Pillow where the network's data was read, so that the evidence lies where
 * it belongs.
 */
export async function decode(file, options) {
  return createImageBitmap(new Blob([await withoutOrientation(file)], { type: file.type }), options);
}

/** The bytes of a file without what a browser would turn it by. */
export async function withoutOrientation(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes);
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return png(bytes);
  return bytes;
}

/** JPEG: segments before the scan, of which APP1 holds EXIF. */
function jpeg(bytes) {
  const pieces = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const next = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    if (bytes[at + 1] !== 0xe1) pieces.push(bytes.subarray(at, next));
    at = next;
  }
  return joined([...pieces, bytes.subarray(at)]);
}

/** PNG: chunks, of which eXIf is one. */
function png(bytes) {
  const view = new DataView(bytes.buffer);
  const pieces = [bytes.subarray(0, 8)];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const next = at + 12 + view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name !== "eXIf") pieces.push(bytes.subarray(at, next));
    at = next;
  }
  return joined([...pieces, bytes.subarray(at)]);
}

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
