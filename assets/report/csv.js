// A table as a file for Excel.

import { make } from "../ui/dom.js";

/** A cell that a spreadsheet would run as a formula is quoted, so that a customer's name stays a name. */
export function cell(value) {
  const text = String(value ?? "");
  const safe = typeof value !== "number" && /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of cells as CSV, with the mark by which Excel knows UTF-8. */
export const csv = (rows) => `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

/** Saves it. */
export function save(name, rows) {
  const url = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: url, download: `${name}.csv`, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
