// What the bot decides, in words; why it does stands with the words that all pages share.

import "../ui/words-why.js";
import { words } from "../ui/words.js";

words({
  zh: {
    "act.answer": "回答",
    "act.ask": "追问",
    "act.hand_off": "转人工",
    "act.silent": "不说话",
    "why.understood": "听懂的意思",
    "why.nothing": "没有听懂任何一个意思",
    "why.lost": "也考虑过",
    "why.read": "读出的内容",
  },
  en: {
    "act.answer": "answers",
    "act.ask": "asks back",
    "act.hand_off": "hands off",
    "act.silent": "says nothing",
    "why.understood": "Understood as",
    "why.nothing": "Nothing was understood",
    "why.lost": "Also considered",
    "why.read": "Read in the words",
  },
});
