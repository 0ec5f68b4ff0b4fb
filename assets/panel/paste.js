// Chats copied out of 千牛 and its like: who said what. Nothing is guessed where the words could be a customer's own.

const DAY = String.raw`\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?`;
const TIME = String.raw`(?:(?:${DAY})\s*)?\d{1,2}:\d{2}(?::\d{2})?(?![\d:])`;
/** 昵称 2026-11-11 10:00:00 · 昵称 (2026-11-11 10:00:00): · and words behind the colon. */
const NAME_FIRST = new RegExp(String.raw`^(?<name>\S(?:.{0,38}?\S)?)\s*[\s(（\[【]\s*${TIME}\s*[)）\]】]?\s*(?:$|[:：]\s*(?<rest>.*)$)`, "u");
const TIME_FIRST = new RegExp(String.raw`^[(（\[【]?${TIME}[)）\]】]?\s+(?<name>\S(?:.{0,38}?\S)?)\s*(?:$|[:：]\s*(?<rest>.*)$)`, "u");
const ROLE = /^(?<name>顾客|买家|客户|用户|客服|卖家|商家|店家|我|customer|buyer|client|agent|seller|shop|me)\s*[:：]\s*(?<rest>.*)$/iu;
/** Marks that the platform puts below a message. */
const NOISE = /^(?:已读|未读|消息已撤回|read|unread)$/iu;
/** Beside a time these name a field of an order or tell of a day: nobody is called so. */
const FIELD = /[:：]$|[:：]\s*\d|\d{4}[-/.年]\d|^[\d\s:/.-]+$|(?:时间|日期|预计|下单|付款|支付|发货|签收|送达|更新|\btime|\bdate)$/iu;
const HOUSE = /客服|机器人|店小蜜|小二|售前|售后|旗舰店|专营店|专卖店|官方店|卖家|商家|店家|^我$|\bagent\b|\bseller\b|\bsupport\b|\bservice\b|\bbot\b|^me$|^shop$/iu;

function heading(line) {
  for (const form of [TIME_FIRST, NAME_FIRST, ROLE]) {
    const found = form.exec(line)?.groups;
    if (found && !FIELD.test(found.name)) return { name: found.name, rest: found.rest ?? "" };
  }
  return null;
}

/** The lines of a copied chat as `[{name, text}]`; null: these are somebody's words as they stand. */
export function readChat(text) {
  const rows = text.split(/\r?\n/).map((row) => row.trim());
  const first = rows.find(Boolean);
  if (!first || !heading(first)) return null;
  const lines = [];
  for (const row of rows) {
    const head = heading(row);
    if (head) lines.push({ name: head.name, text: head.rest });
    else if (row && !NOISE.test(row)) lines.at(-1).text += lines.at(-1).text ? `\n${row}` : row;
  }
  const said = lines.filter((line) => line.text);
  return said.length ? said : null;
}

/** Which of these names speak for the shop. Sub-accounts are written 店名:昵称. Who speaks first is the customer if nobody else can be. */
export function houseNames(lines, known) {
  const names = [...new Set(lines.map((line) => line.name))];
  const house = new Set(names.filter((name) => known.has(name) || HOUSE.test(name) || /\S[:：]\S/u.test(name)));
  if (house.size === names.length) house.delete(names.find((name) => !known.has(name)) ?? names[0]);
  if (house.size === 0) for (const name of names.slice(1)) house.add(name);
  return { names, house };
}

/** As the API takes them, the last fifty. */
export const asMessages = (lines, house) =>
  lines.slice(-50).map((line) => ({ from: house.has(line.name) ? "agent" : "customer", text: line.text }));
