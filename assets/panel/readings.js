// What a customer's words were taken for, in words.

import { inWords, language } from "../ui/words.js";

const HAN = /\p{Script=Han}/u;
const MOST = 3;

/** `{words, share}` of the surest intents of an answer; share in percent. What has no words is left out. */
export function readings({ intents = [], titles = {}, means = {} }) {
  return intents
    .map(({ intent, confidence }) => ({ words: nameOf(titles[intent], means[intent]), share: Math.round(confidence * 100) }))
    .filter((one) => one.words)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST);
}

/** A shop may have named its scripts in Chinese alone; what an intent means is always said in English. */
function nameOf(title, means) {
  const named = inWords(title);
  return (language() === "en" && HAN.test(named ?? "") ? means : named) ?? means;
}
