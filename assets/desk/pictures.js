// Makes a picture small enough to send.

const MOST_BYTES = 1024 * 1024;
const KINDS = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const LONGEST_SIDE = 2000;
const QUALITIES = [0.9, 0.8, 0.65, 0.5];

export const isPicture = (file) => file.type.startsWith("image/") && file.type !== "image/svg+xml";

/** The picture itself where it may be sent as it is; else a JPEG of at most 1 MiB. */
export async function shrunk(file) {
  if (file.size <= MOST_BYTES && KINDS.includes(file.type)) return file;
  const bitmap = await createImageBitmap(file);
  for (let side = LONGEST_SIDE; ; side = Math.round(side * 0.7)) {
    const canvas = drawn(bitmap, side);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && (blob.size <= MOST_BYTES || side < 400)) return blob;
    }
  }
}

function drawn(bitmap, side) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  // JPEG knows no transparency: white, as the paper of a screenshot.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
