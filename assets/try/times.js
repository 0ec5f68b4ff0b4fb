// Lengths of time as a trial wants them: finer than the desk's, for the bot answers within milliseconds.

import { language } from "../ui/words.js";

const UNITS = { zh: ["分钟", "秒", "毫秒"], en: ["min", "s", "ms"] };

/** A length of time in milliseconds: 38 ms, 1.2 s, 3 min. */
export function span(ms) {
  const [minute, second, milli] = UNITS[language()];
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} ${minute}`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} ${second}` : `${Math.round(ms)} ${milli}`;
}

/** The same, as a clock that runs: whole seconds. */
export const waited = (ms) =>
  ms >= 60_000 ? span(ms) : `${Math.max(0, Math.floor(ms / 1000))} ${UNITS[language()][1]}`;
