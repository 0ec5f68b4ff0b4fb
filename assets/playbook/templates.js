// New files out of what a form asks for. They are without mistakes as they stand.

const block = (key, text) => `  ${key}: |\n${text.split("\n").map((line) => `    ${line.trim()}`).join("\n")}\n`;

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** A value on one line: quoted where a mark would mean something else. */
const plain = (text) => (/^[\p{L}\p{N}][\p{L}\p{N} ，。！？、·（）/—_-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|\d[\d.]*)$/iu.test(text) ? text : JSON.stringify(text));

const inBoth = (texts) => {
  const said = Object.entries(texts).filter(([, text]) => text);
  return `{${said.map(([language, text]) => `${language}: ${plain(text)}`).join(", ")}}`;
};

const END = /[\s?？!！。.~～，,]+$/u;
/** So short that it may stand for the question within a longer sentence. */
const isPhrase = (line) => (/\p{Script=Han}/u.test(line) ? [...line].length <= 8 : line.split(/\s+/).length <= 5);

/** `{path: text}` of an intent and its reply. `said`, `answer`, `title`: by language. */
export function question({ area, name, title, said, answer }) {
  const languages = Object.keys(answer);
  const understood = languages.map((language) => {
    const all = lines(said[language]);
    const phrases = [...new Set(all.filter(isPhrase).map((line) => line.replace(END, "")))];
    return `${language}:\n${phrases.length ? block("phrases", phrases.join("\n")) : ""}${block("examples", all.join("\n"))}${block("should_match", all.join("\n"))}`;
  });
  const replies = languages.map((language) => `${language}:\n${block("default", answer[language].trim())}`);
  return {
    [`intents/${area}/${name}.yaml`]: `means: ${plain(title.en || title.zh)}\nanswer: when_sure\n${understood.join("")}`,
    [`replies/${area}/${name}.yaml`]: `title: ${inBoth(title)}\n${replies.join("")}`,
  };
}

/** A campaign; from and to are days or minutes of the shop's zone. */
export const campaign = ({ name, title, from, to }) => ({
  [`campaigns/${name}.yaml`]: `title: ${inBoth(title)}\nfrom: ${from}\nto: ${to}\n# 活动期间不同的事实，去掉行首的 # / facts that differ meanwhile: remove the #\n# facts:\n#   ship_within: 72h\n`,
});

/** A product, with what customers call it. */
export const product = ({ name, title, aliases }) => ({
  [`products/${name}.yaml`]: `name: ${inBoth(title)}\n${aliases.length ? `aliases: [${aliases.map(plain).join(", ")}]\n` : ""}# price: 59.90\n# stock: 20\n# attributes:\n#   zh: {重量: 1.2kg, 颜色: 黑色}\n`,
});

/** The start of a file that says only what differs. */
export const blank = (kind, languages) =>
  kind === "intent"
    ? languages.map((language) => `${language}:\n  phrases: |\n    \n`).join("")
    : kind === "reply"
      ? languages.map((language) => `${language}:\n  default: |\n    \n`).join("")
      : "";
