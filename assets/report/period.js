// Periods, as days of the shop's zone: `2026-11-22`, both ends included.

import { language, say } from "../ui/words.js";
import { partsOf } from "../ui/times.js";

export const PERIODS = ["today", "yesterday", "7days", "30days", "lastweek", "month"];

export const isPeriod = (name) => PERIODS.includes(name);

const two = (n) => String(n).padStart(2, "0");
const DAY = 86_400_000;

/** The day of an instant in a zone. */
export function dayOf(at, zone) {
  const { year, month, day } = partsOf(at, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

/** A day so many days later; the calendar knows no hours. */
export const later = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** 1 Monday to 7 Sunday. */
export const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** `{from, to}` of a named period, seen from a day. */
export function daysOf(period, today) {
  const monday = later(today, 1 - weekday(today));
  const all = {
    today: [today, today],
    yesterday: [later(today, -1), later(today, -1)],
    "7days": [later(today, -6), today],
    "30days": [later(today, -29), today],
    lastweek: [later(monday, -7), later(monday, -1)],
    month: [`${today.slice(0, 8)}01`, today],
  };
  const [from, to] = all[period] ?? all["7days"];
  return { from, to };
}

const made = new Map();
function format(options) {
  const key = JSON.stringify([language(), options]);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", { ...options, timeZone: "UTC" }));
  return made.get(key);
}

/** 11月22日, 22 Nov; with the weekday if wanted. */
export const sayDay = (day, { weekday: named = false } = {}) =>
  format({ month: language() === "zh" ? "long" : "short", day: "numeric", ...(named ? { weekday: "short" } : {}) }).format(Date.parse(`${day}T00:00:00Z`));

/** 2026年11月22日, 22 November 2026 */
export const sayDate = (day) => format({ year: "numeric", month: "long", day: "numeric" }).format(Date.parse(`${day}T00:00:00Z`));

/** 周一, Mon */
export const sayWeekday = (number) => format({ weekday: "short" }).format(Date.UTC(2024, 0, Number(number)));

/** From the one to the other, or the one day. */
export const saySpan = (from, to) => (from === to ? sayDate(from) : say("period.span", { from: sayDate(from), to: sayDate(to) }));
