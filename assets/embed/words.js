// The frame's own words.

import "../panel/words.js";
import { words } from "../ui/words.js";

words({
  zh: {
    "wait.desk": "正在等外层的工作台",
    "wait.desk.text": "它会把当前会话和令牌传进来，推荐回复就显示在这里。",
    "wait.context": "请打开一个会话",
    "wait.context.text": "推荐回复会跟着当前会话走。",
    "wait.token": "令牌无效或已过期",
    "wait.token.text": "正在等外层的工作台给一个新的。",
    "wait.origin": "这个网站没有获准嵌入",
    "wait.origin.text": "请在 shop.yaml 的 embed 里加上 {origin}。",
    "wait.alone": "这个页面要嵌在别的工作台里",
    "wait.alone.text": "单独使用，请打开 {panel}。",
    "wait.offline": "连接不上小二",
    "wait.offline.text": "恢复以后会自动继续。",
    "wait.gone": "没有这家店铺，或没有开放嵌入",
    "wait.gone.text": "请检查网址里的店铺编号：{shop}",
  },
  en: {
    "wait.desk": "Waiting for the desk around this panel",
    "wait.desk.text": "It hands over the open chat and a token; suggested replies then appear here.",
    "wait.context": "Open a chat",
    "wait.context.text": "Suggested replies follow the chat you have open.",
    "wait.token": "The token is invalid or has expired",
    "wait.token.text": "Waiting for a new one from the desk around this panel.",
    "wait.origin": "This site may not embed the panel",
    "wait.origin.text": "Add {origin} to `embed` in shop.yaml.",
    "wait.alone": "This page belongs inside another desk",
    "wait.alone.text": "To use it by itself, open {panel}.",
    "wait.offline": "Xiaoer can't be reached",
    "wait.offline.text": "It goes on by itself once the connection is back.",
    "wait.gone": "There is no such shop, or it doesn't allow embedding",
    "wait.gone.text": "Please check the shop's id in the address: {shop}",
  },
});
