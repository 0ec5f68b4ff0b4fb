// The page's own words, in both languages, and how times are said.

const KEPT = "xiaoer.language";

const ZH = {
  "title": "试用",
  "tagline": "小二 · 左边是顾客，右边是客服",
  "tagline.alone": "小二 · 在线客服",
  "language.label": "界面语言",
  "person.label": "顾客身份",
  "person.new": "新顾客（没有订单）",
  "again": "重新开始",
  "tabs.label": "两边",
  "tab.customer": "顾客",
  "tab.agent": "客服",
  "chat.log": "对话内容",
  "hello.title": "像顾客一样说一句话试试",
  "hello.text": "常见问题机器人直接回答；答不了的，连同建议回复和订单摘要一起交给客服。",
  "chips.label": "可以这样问",
  "composer.label": "您想说的话",
  "composer.hint": "输入消息，回车发送",
  "send": "发送",
  "sending": "发送中…",
  "not.sent": "没有发出去",
  "retry": "重新发送",
  "typing": "正在输入…",
  "from.customer": "我",
  "from.bot": "智能客服",
  "from.agent": "人工客服",
  "presence.bot": "智能客服 · 在线",
  "presence.waiting": "正在等待人工客服…",
  "presence.agent": "人工客服为您服务",
  "presence.closed": "对话已结束，发消息可以重新开始",
  "took": "听 {window}，答 {took}",
  "took.title": "“听”是等您把话说完的时间；“答”从那时算到发出",
  "failure.offline": "网络连接不上，您写的话都还在。恢复以后会继续。",
  "failure.busy": "发得太快了，请稍等一下。",
  "failure.expired": "会话已过期，请重新开始。",
  "failure.gone": "这里已经没有这段对话了。",
  "failure.conflict": "另一位客服正在处理这段对话。",
  "failure.refused": "这条消息没有被接受，请改一下再发。",
  "failure.server": "我们这边出了点问题，请稍后再试。",
  "desk.title": "客服工作台",
  "desk.none": "顾客还没有说话",
  "desk.own": "本页的顾客",
  "state.none": "未开始",
  "state.bot": "机器人接待中",
  "state.waiting": "等待人工",
  "state.agent": "人工处理中",
  "state.closed": "已结束",
  "take": "接手",
  "release": "交还机器人",
  "close": "结束",
  "why.title": "为什么这样处理",
  "why.none": "顾客说话以后，这里会写明听懂了什么、凭哪几个字、为什么这样处理。",
  "why.thinking": "等顾客把话说完…",
  "why.understood": "听懂的意思",
  "why.nothing": "没有听懂任何一个意思",
  "why.lost": "也考虑过",
  "why.earlier": "转人工的原因",
  "act.answer": "回答",
  "act.ask": "追问",
  "act.hand_off": "转人工",
  "act.silent": "不说话",
  "rung.mode": "建议模式，只记录不发言",
  "rung.held": "人工正在处理，机器人不说话，只提建议",
  "rung.asked_for_person": "顾客要求人工",
  "rung.risk": "提到法律、伤害、媒体等风险",
  "rung.anger": "顾客情绪激动",
  "rung.wrong_answer": "顾客说答非所问",
  "rung.not_solved": "顾客说没有解决",
  "rung.repeated": "同一问题刚答过又问",
  "rung.bot_limit": "机器人短时间内说得够多了",
  "rung.answered": "顾客回答了机器人的提问",
  "rung.nothing_to_answer": "没有需要回答的内容",
  "rung.order_card": "顾客发来了订单",
  "rung.talk": "寒暄",
  "rung.never": "此类问题由人工处理",
  "rung.which_question": "两个意思很接近，先问清楚",
  "rung.missing": "还缺一样信息，先问顾客",
  "rung.too_many_questions": "追问次数已到上限",
  "rung.sure": "每个问题都有把握",
  "rung.source_down": "订单数据暂时查不到",
  "rung.no_words": "没有适合这种情况的话术",
  "rung.fact_unknown": "店铺资料未填写",
  "rung.unsure": "没有把握判断顾客的意思",
  "rung.waiting": "正在等人工，机器人不再说话",
  "kind.phrase": "含有短语",
  "kind.whole": "整句就是",
  "kind.together": "同时含有",
  "kind.example": "与例句相同",
  "kind.model": "像这些例句",
  "kind.form": "消息形式",
  "lost.unless": "有排除词“{by}”",
  "lost.inside": "只是“{by}”里的一部分",
  "lost.weaker": "不如“{by}”把握大",
  "lost.beside_a_request": "旁边有更要紧的问题",
  "talk.title": "对话",
  "suggested.title": "建议回复",
  "suggested.note": "点一下放进输入框，发送前可以改",
  "suggested.none": "听懂顾客的话以后，这里会有现成的回复。",
  "use.when": "适用",
  "avoid": "不宜",
  "match": "{n}%",
  "match.label": "匹配度 {n}%",
  "order.title": "订单摘要",
  "order.none": "这段对话还没有提到订单。",
  "queue.title": "会话",
  "queue.none": "没有其他会话在等待。",
  "queue.waiting": "等了 {n}",
  "urgency.high": "紧急",
  "reply.label": "给顾客的回复",
  "reply.hint": "回复顾客，发送后由您接手",
  "reply.send": "回复",
  "reply.as_it_was": "采用建议，未改动",
  "reply.edited": "采用建议，已改动",
  "reply.gap": "还有空没填：填好再发，或再点一次照原样发送",
  "why.read": "读出的内容",
  "read.order_number": "订单号",
  "read.tracking": "物流单号",
  "read.phone": "手机号",
  "read.last_four": "后四位",
  "read.date": "日期",
  "read.amount": "金额",
  "read.size": "尺码",
  "read.height": "身高",
  "read.weight": "体重",
  "read.choice": "选项",
  "read.product": "商品",
  "read.attribute": "属性",
  "read.carrier": "快递",
  "read.province": "地区",
  "read.city": "城市",
};

const EN = {
  "title": "try it",
  "tagline": "Xiaoer · the customer's side and the agents' side",
  "tagline.alone": "Xiaoer · live chat",
  "language.label": "Language of the page",
  "person.label": "Customer",
  "person.new": "Somebody new (no orders)",
  "again": "Start over",
  "tabs.label": "Sides",
  "tab.customer": "Customer",
  "tab.agent": "Agent",
  "chat.log": "Chat",
  "hello.title": "Say something, as a customer would",
  "hello.text": "Routine questions are answered at once. The rest goes to a person, with suggested replies and the order in question.",
  "chips.label": "Things to ask",
  "composer.label": "Your message",
  "composer.hint": "Type a message, Enter sends",
  "send": "Send",
  "sending": "Sending…",
  "not.sent": "Not sent",
  "retry": "Send again",
  "typing": "Typing…",
  "from.customer": "You",
  "from.bot": "Assistant",
  "from.agent": "Agent",
  "presence.bot": "Automated assistant · online",
  "presence.waiting": "Waiting for a person…",
  "presence.agent": "You are talking with a person",
  "presence.closed": "The chat has ended; write to begin again",
  "took": "listened {window}, took {took}",
  "took.title": "Listening is the wait until you had finished; the answer's time counts from there",
  "failure.offline": "There is no connection. What you wrote is still here, and the chat goes on once it is back.",
  "failure.busy": "That was a little fast; one moment, please.",
  "failure.expired": "This chat has expired; please start over.",
  "failure.gone": "This chat is no longer here.",
  "failure.conflict": "Somebody else is handling this chat.",
  "failure.refused": "This message was not accepted; please change it and send it again.",
  "failure.server": "Something went wrong on our side; please try again in a moment.",
  "desk.title": "Agents' desk",
  "desk.none": "The customer hasn't said anything yet",
  "desk.own": "The customer on this page",
  "state.none": "Not begun",
  "state.bot": "With the bot",
  "state.waiting": "Waiting for a person",
  "state.agent": "With a person",
  "state.closed": "Closed",
  "take": "Take",
  "release": "Back to the bot",
  "close": "Close",
  "why.title": "Why it was handled so",
  "why.none": "Once the customer writes, this shows what was understood, from which words, and why it was handled that way.",
  "why.thinking": "Waiting for the customer to finish…",
  "why.understood": "Understood as",
  "why.nothing": "Nothing was understood",
  "why.lost": "Also considered",
  "why.earlier": "Handed off because",
  "act.answer": "Answered",
  "act.ask": "Asked back",
  "act.hand_off": "Handed off",
  "act.silent": "Said nothing",
  "rung.mode": "suggest mode: recorded, not spoken",
  "rung.held": "a person holds the chat; the bot only suggests",
  "rung.asked_for_person": "the customer asked for a person",
  "rung.risk": "mentions the law, an injury, the press or another risk",
  "rung.anger": "the customer is upset",
  "rung.wrong_answer": "the customer says the answer was beside the question",
  "rung.not_solved": "the customer says it isn't solved",
  "rung.repeated": "asked again shortly after the same answer",
  "rung.bot_limit": "the bot has said enough for now",
  "rung.answered": "the customer answered the bot's question",
  "rung.nothing_to_answer": "nothing that needs an answer",
  "rung.order_card": "the customer sent an order",
  "rung.talk": "small talk",
  "rung.never": "this kind of question goes to a person",
  "rung.which_question": "two readings are close; asked which",
  "rung.missing": "something is missing; asked the customer",
  "rung.too_many_questions": "asked as often as allowed",
  "rung.sure": "sure of every question",
  "rung.source_down": "order data can't be reached just now",
  "rung.no_words": "no reply written for this situation",
  "rung.fact_unknown": "the shop hasn't filled in the fact needed",
  "rung.unsure": "not sure what the customer means",
  "rung.waiting": "waiting for a person; the bot keeps still",
  "kind.phrase": "contains",
  "kind.whole": "is exactly",
  "kind.together": "has together",
  "kind.example": "same as the example",
  "kind.model": "resembles the examples",
  "kind.form": "form of the message",
  "lost.unless": "vetoed by “{by}”",
  "lost.inside": "only a part of “{by}”",
  "lost.weaker": "weaker than “{by}”",
  "lost.beside_a_request": "beside a real question",
  "talk.title": "Chat",
  "suggested.title": "Suggested replies",
  "suggested.note": "click to put one into the box; edit it as you like",
  "suggested.none": "Once the customer is understood, ready replies appear here.",
  "use.when": "Use when",
  "avoid": "Avoid",
  "match": "{n}%",
  "match.label": "{n}% match",
  "order.title": "Order",
  "order.none": "No order has come up in this chat.",
  "queue.title": "Chats",
  "queue.none": "No other chat is waiting.",
  "queue.waiting": "waiting {n}",
  "urgency.high": "urgent",
  "reply.label": "Your reply to the customer",
  "reply.hint": "Reply to the customer; sending takes the chat over",
  "reply.send": "Reply",
  "reply.as_it_was": "From a suggestion, unchanged",
  "reply.edited": "From a suggestion, edited",
  "reply.gap": "a gap is not filled: fill it, or send again to send it as it is",
  "why.read": "Read in the words",
  "read.order_number": "order number",
  "read.tracking": "tracking number",
  "read.phone": "phone",
  "read.last_four": "last four digits",
  "read.date": "date",
  "read.amount": "amount",
  "read.size": "size",
  "read.height": "height",
  "read.weight": "weight",
  "read.choice": "choice",
  "read.product": "product",
  "read.attribute": "attribute",
  "read.carrier": "carrier",
  "read.province": "province",
  "read.city": "city",
};

const WORDS = { zh: ZH, en: EN };

const ASK_ZH = ["包邮吗", "我的快递到哪了", "我要退货", "转人工"];
const ASK_EN = ["Is shipping free?", "Where is my order?", "I want to return this", "Talk to a person"];

/** What a newcomer can ask, in the page's language first, with one of the other. */
export function chips(of) {
  const zh = ASK_ZH.map((text) => ({ text, lang: "zh-CN" }));
  const en = ASK_EN.map((text) => ({ text, lang: "en" }));
  return of === "zh" ? [...zh, en[1]] : [...en, zh[0]];
}

let current = remembered() ?? (navigator.language?.toLowerCase().startsWith("zh") ? "zh" : "en");

function remembered() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept in WORDS ? kept : null;
  } catch {
    return null;
  }
}

export const language = () => current;

export function setLanguage(next) {
  current = next in WORDS ? next : current;
  try {
    localStorage.setItem(KEPT, current);
  } catch {
    // Not remembered then.
  }
}

/** A text of the page, with its gaps filled. What has no words is shown by its name. */
export function say(key, values = {}) {
  const text = WORDS[current][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
}

/** In words of a shop's language: the page's, or the one there is. */
export const inWords = (byLanguage) => byLanguage?.[current] ?? Object.values(byLanguage ?? {})[0];

/** 14:02 */
export const clock = (at) =>
  new Date(at).toLocaleTimeString(current === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });

/** A length of time: 38 ms, 1.2 s, 3 min. */
export function span(ms) {
  const [minute, second, milli] = current === "zh" ? ["分钟", "秒", "毫秒"] : ["min", "s", "ms"];
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} ${minute}`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} ${second}` : `${Math.round(ms)} ${milli}`;
}

/** The same, as a clock that runs: whole seconds. */
export const waited = (ms) => (ms >= 60_000 ? span(ms) : `${Math.max(0, Math.floor(ms / 1000))} ${current === "zh" ? "秒" : "s"}`);
