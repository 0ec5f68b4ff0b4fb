// A new question, campaign or product: a form, out of which comes a file without mistakes.

import { make } from "../ui/dom.js";
import { buttons, openDialog } from "../ui/dialog.js";
import { isComposing } from "../ui/composing.js";
import { say } from "../ui/words.js";
import { folderName } from "./library.js";
import { campaign, product, question } from "./templates.js";

const NAME = /^[a-z0-9][a-z0-9_]*$/;
const PRODUCT = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Asks for what is new; answers `{path: text}`, or null. `folders`: those there are; `languages`: the shop's; `taken(path)`.
 */
export const askForNew = ({ folders, languages, taken }) =>
  openDialog({
    title: say("new.title"),
    id: "new-dialog",
    wide: true,
    build: (close) => {
      const kinds = make("fieldset", { class: "new-kinds" }, make("legend", { class: "unseen" }, say("new.kind")), ["question", "campaign", "product"].map(kindChoice));
      const fields = make("div", { class: "new-fields" });
      const problem = make("p", { class: "notice wrong", role: "alert", hidden: true });
      const form = make(
        "form",
        { novalidate: true },
        kinds,
        fields,
        problem,
        buttons(make("button", { type: "button", class: "button", onclick: () => close() }, say("cancel")), make("button", { type: "submit", class: "button strong", id: "new-go" }, say("new.go"))),
      );
      const kind = () => new FormData(form).get("kind");
      const lay = () => fields.replaceChildren(...FORMS[kind()].fields({ folders, languages }));
      kinds.addEventListener("change", lay);
      lay();
      form.addEventListener("keydown", (event) => isComposing(event) && event.key === "Enter" && event.preventDefault());
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const { files, wrong } = FORMS[kind()].read(form, languages, taken);
        if (files) return close(files);
        problem.textContent = wrong.text;
        problem.hidden = false;
        return form.elements[wrong.field]?.focus();
      });
      return form;
    },
  });

const kindChoice = (kind, at) =>
  make(
    "label",
    { class: "choice" },
    make("input", { type: "radio", name: "kind", value: kind, id: `new-${kind}`, checked: at === 0 }),
    make("span", {}, make("b", {}, say(`new.${kind}`)), make("small", {}, say(`new.${kind}.text`))),
  );

const labelled = (key, input, hint = null) => make("label", { class: "field" }, make("span", {}, say(key)), input, hint ? make("small", { class: "hint" }, say(hint)) : null);
const text = (name, more = {}) => make("input", { name, id: `new-${name}`, class: "input", autocomplete: "off", maxlength: 200, ...more });
const long = (name, rows) => make("textarea", { name, id: `new-${name}`, class: "input", rows, maxlength: 4000 });
const inLanguage = (key, language) => (language === "en" ? `${key}.en` : key);

const headings = (languages) => languages.map((language) => labelled(inLanguage("new.heading", language), text(`title-${language}`)));
const pair = (...fields) => make("div", { class: "pair" }, fields);

/** Which field is empty, or null. */
function missing(form, names) {
  const name = names.find((one) => !form.elements[one].value.trim());
  return name ? { wrong: { field: name, text: `${say("new.missing")}: ${form.elements[name].labels[0].firstChild.textContent}` } } : null;
}

const by = (form, key, languages) => Object.fromEntries(languages.map((language) => [language, form.elements[`${key}-${language}`].value.trim()]));
const names = (key, languages) => languages.map((language) => `${key}-${language}`);
const badName = (key) => ({ wrong: { field: "name", text: say(key) } });

function finished(files, taken) {
  return Object.keys(files).some(taken) ? badName("new.name.taken") : { files };
}

const FORMS = {
  question: {
    fields: ({ folders, languages }) => [
      pair(
        labelled("new.area", make("select", { name: "area", id: "new-area", class: "input" }, folders.map((folder) => make("option", { value: folder, selected: folder === "shop" }, folderName(folder))))),
        labelled("new.name", text("name", { autocapitalize: "none", spellcheck: "false" }), "new.name.hint"),
      ),
      pair(headings(languages)),
      ...languages.map((language) => pair(labelled(inLanguage("new.said", language), long(`said-${language}`, 3)), labelled(inLanguage("new.answer", language), long(`answer-${language}`, 3)))),
    ],
    read(form, languages, taken) {
      const name = form.elements.name.value.trim();
      const lacks = missing(form, ["name", ...names("title", languages), ...languages.flatMap((one) => [`said-${one}`, `answer-${one}`])]);
      if (lacks) return lacks;
      if (!NAME.test(name)) return badName("new.name.wrong");
      return finished(question({ area: form.elements.area.value, name, title: by(form, "title", languages), said: by(form, "said", languages), answer: by(form, "answer", languages) }), taken);
    },
  },
  campaign: {
    fields: ({ languages }) => [
      labelled("new.name", text("name", { autocapitalize: "none", spellcheck: "false" }), "new.name.hint"),
      pair(headings(languages)),
      pair(labelled("new.from", text("from", { type: "datetime-local" })), labelled("new.to", text("to", { type: "datetime-local" }))),
    ],
    read(form, languages, taken) {
      const name = form.elements.name.value.trim();
      const lacks = missing(form, ["name", ...names("title", languages), "from", "to"]);
      if (lacks) return lacks;
      if (!NAME.test(name)) return badName("new.name.wrong");
      const at = (key) => form.elements[key].value.replace("T", " ");
      return finished(campaign({ name, title: by(form, "title", languages), from: at("from"), to: at("to") }), taken);
    },
  },
  product: {
    fields: ({ languages }) => [
      labelled("new.name.product", text("name", { autocapitalize: "none", spellcheck: "false" }), "new.name.product.hint"),
      pair(headings(languages)),
      labelled("new.aliases", text("aliases")),
    ],
    read(form, languages, taken) {
      const name = form.elements.name.value.trim();
      const lacks = missing(form, ["name", ...names("title", languages)]);
      if (lacks) return lacks;
      if (!PRODUCT.test(name)) return badName("new.name.wrong.product");
      const aliases = form.elements.aliases.value.split(/[,，、]/u).map((alias) => alias.trim()).filter(Boolean);
      return finished(product({ name, title: by(form, "title", languages), aliases }), taken);
    },
  },
};
