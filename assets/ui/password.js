// Changing one's password.

import { make } from "./dom.js";
import { buttons, openDialog, toast } from "./dialog.js";
import { session } from "./net.js";
import { failed, say } from "./words.js";

/** Opens the dialog; answers whether the password was changed. */
export const changePassword = () =>
  openDialog({
    title: say("password.title"),
    id: "password",
    build: (close) => {
      const field = (key, id, autocomplete) => {
        const input = make("input", {
          id,
          class: "input",
          type: "password",
          autocomplete,
          required: true,
          maxlength: 256,
          autofocus: id === "password-old",
        });
        return { input, label: make("label", { class: "field" }, make("span", {}, say(key)), input) };
      };
      const old = field("password.old", "password-old", "current-password");
      const fresh = field("password.new", "password-new", "new-password");
      const again = field("password.again", "password-again", "new-password");
      const problem = make("p", { class: "notice wrong", role: "alert", hidden: true });
      const tell = (text) => {
        problem.textContent = text;
        problem.hidden = false;
      };
      const form = make(
        "form",
        {},
        problem,
        old.label,
        fresh.label,
        again.label,
        make("p", { class: "hint" }, say("password.note")),
        buttons(
          make("button", { type: "button", class: "button", onclick: () => close(false) }, say("cancel")),
          make("button", { type: "submit", class: "button strong" }, say("save")),
        ),
      );
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (fresh.input.value !== again.input.value) return tell(say("password.differ"));
        try {
          await session.password(old.input.value, fresh.input.value);
          toast(say("password.done"), { kind: "good" });
          close(true);
        } catch (failure) {
          if (failure.status === 401) tell(say("password.wrong"));
          else if (failure.status === 422) tell(say("password.weak"));
          else tell(failed(failure));
        }
      });
      return form;
    },
  });
