// How numbers are said in the reader's language.

import { language, say } from "../ui/words.js";

const made = new Map();
function format(options) {
  const key = JSON.stringify([language(), options]);
  if (!made.has(key)) made.set(key, new Intl.NumberFormat(language() === "zh" ? "zh-CN" : "en-GB", options));
  return made.get(key);
}

/** 1,234 */
export const count = (n) => format({}).format(n ?? 0);

/** A share, 0 to 1, with as many digits as its denominator bears. */
export function percent(share, denominator = 0) {
  if (share === null || share === undefined) return "–";
  return format({ style: "percent", maximumFractionDigits: denominator >= 200 ? 1 : 0 }).format(share);
}

/** Below this denominator a rate is shown with its interval: it could well be another. */
export const FEW = 200;

/** "35 – 55 %", or null where the rate is sure enough or there is none. */
export function interval({ denominator, low, high }) {
  if (!denominator || denominator >= FEW || low === null || low === undefined) return null;
  return `${percent(low)}–${percent(high)}`;
}

/** A length of time as one reads it: 8.4 s, 1 min 05 s, 2 h 10 min. */
export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  const seconds = ms / 1000;
  if (seconds < 60) return say("time.s", { s: format({ maximumFractionDigits: seconds < 10 ? 1 : 0 }).format(seconds) });
  const whole = Math.round(seconds);
  const two = (n) => String(n).padStart(2, "0");
  if (whole < 3600) return say("time.min", { min: Math.floor(whole / 60), s: two(whole % 60) });
  return say("time.h", { h: count(Math.floor(whole / 3600)), min: two(Math.floor(whole / 60) % 60) });
}
