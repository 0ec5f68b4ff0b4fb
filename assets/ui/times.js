// How times are said: in the shop's zone, as an agent reads a clock.

import { language, say } from "./words.js";

const made = new Map();

function format(zone, options) {
  const key = JSON.stringify([language(), zone, options]);
  if (!made.has(key)) {
    const place = language() === "zh" ? "zh-CN" : "en-GB";
    made.set(key, new Intl.DateTimeFormat(place, { ...options, timeZone: zone || undefined, hourCycle: "h23" }));
  }
  return made.get(key);
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const SHORT = { month: "numeric", day: "numeric" };

/** 18:05 */
export const clock = (at, zone) => format(zone, CLOCK).format(at);

/** The calendar day in a zone, as a number that grows: to tell today from tomorrow. */
export function dayNumber(at, zone) {
  const { year, month, day } = partsOf(at, zone);
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

/** Today, yesterday, tomorrow, or 11月20日. */
export function day(at, now, zone) {
  const away = dayNumber(at, zone) - dayNumber(now, zone);
  const near = { "-1": "day.yesterday", 0: "day.today", 1: "day.tomorrow" }[away];
  return near
    ? say(near)
    : format(zone, { ...SHORT, ...(language() === "en" ? { month: "short" } : { month: "long" }) }).format(at);
}

/** 18:05 today, 明天 10:00 */
export function moment(at, now, zone) {
  const away = dayNumber(at, zone) - dayNumber(now, zone);
  return away === 0 ? clock(at, zone) : `${day(at, now, zone)} ${clock(at, zone)}`;
}

/** A length of time: 38 s, 3 min, 2 h, 3 days. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return say("span.s", { n: seconds });
  if (seconds < 3600) return say("span.min", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return say("span.h", { n: Math.floor(seconds / 3600) });
  return say("span.d", { n: Math.floor(seconds / 86_400) });
}

/** A clock that runs: 0:07, 3:20, 1:04:09. */
export function running(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return span(ms);
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const PARTS = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
};

/** The wall clock of a zone: `{year, month, day, hour, minute, second}`. */
export function partsOf(at, zone) {
  const key = `parts ${zone}`;
  if (!made.has(key))
    made.set(key, new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone: zone || undefined, hourCycle: "h23" }));
  const parts = made
    .get(key)
    .formatToParts(at)
    .map(({ type, value }) => [type, Number(value)]);
  return Object.fromEntries(parts.filter(([type]) => type in PARTS));
}

/** The instant at which a zone's wall clock shows this: the inverse of `partsOf`, to the minute. */
export function instantOf({ year, month, day, hour, minute }, zone) {
  const wished = Date.UTC(year, month - 1, day, hour, minute);
  let at = wished;
  // Twice, for the hours around a change of the clock.
  for (let round = 0; round < 2; round++) {
    const is = partsOf(at, zone);
    at += wished - Date.UTC(is.year, is.month - 1, is.day, is.hour, is.minute);
  }
  return at;
}

/** For `<input type="datetime-local">`: there and back. */
export function toField(at, zone) {
  const { year, month, day, hour, minute } = partsOf(at, zone);
  const two = (n) => String(n).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

export function fromField(value, zone) {
  const found = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(value);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  return instantOf({ year, month, day, hour, minute }, zone);
}
