// An editor in place of a field that holds HTML. Without this file, and until the editor is there, the field stands.
import { extensionsFrom, htmlOf, quiet, withoutStyle } from "./kept.js";

const editors = new Set();
const commands = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  heading: (chain) => chain.toggleHeading({ level: 3 }),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const states = {
  bold: "bold",
  italic: "italic",
  heading: "heading",
  bullets: "bulletList",
  numbers: "orderedList",
  quote: "blockquote",
  link: "link",
};

// One stop of the Tab key; the arrows go from button to button.
const walk = (tools) => {
  const buttons = [...tools.querySelectorAll("button")];
  const stop = (at) =>
    buttons.forEach((button) => {
      button.tabIndex = button === at ? 0 : -1;
    });
  stop(buttons[0]);
  tools.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined || here < 0) return;
    const next = buttons.at(to % buttons.length);
    stop(next);
    next.focus();
    event.preventDefault();
  });
  tools.addEventListener("mousedown", (event) => event.preventDefault()); // the mouse must not take the selection away
};

// A typed address as a link wants it; null for anything else.
const asAddress = (typed) => {
  const whole = /^[^\s/:@]+@[^\s/:@]+$/.test(typed) ? `mailto:${typed}` : typed.replace(/^(?![a-z]+:)/i, "https://");
  return /^(https?:\/\/[^\s/]+\.?[^\s]*|mailto:.+|tel:.+)$/i.test(whole) ? whole : null;
};

const linking = (box, editor) => {
  const row = box.querySelector("[data-rich-link]");
  const input = row.querySelector("input");
  const wrong = row.querySelector("[data-wrong]");
  const say = (isWrong) => {
    wrong.hidden = !isWrong;
    input.toggleAttribute("aria-invalid", isWrong);
    if (isWrong) input.setAttribute("aria-invalid", "true");
  };
  const close = () => {
    row.hidden = true;
    say(false);
    editor.commands.focus();
  };
  const set = () => {
    const href = asAddress(input.value.trim());
    if (!href) {
      say(true);
      input.focus();
      return;
    }
    const { empty } = editor.state.selection;
    const chain = editor.chain().focus().extendMarkRange("link");
    if (empty && !editor.isActive("link"))
      chain.insertContent({ type: "text", text: input.value.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    close();
  };
  const remove = () => {
    editor.chain().focus().extendMarkRange("link").unsetLink().run();
    close();
  };
  row.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === input) set();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  row.querySelector("[data-do='set']").addEventListener("click", set);
  row.querySelector("[data-do='remove']").addEventListener("click", remove);
  return () => {
    row.hidden = false;
    input.value = editor.getAttributes("link").href ?? "";
    row.querySelector("[data-do='remove']").hidden = !editor.isActive("link");
    input.focus();
  };
};

// Words that are no HTML yet, each paragraph of them as one.
const asHtml = (text) => {
  if (/<[a-z][^>]*>/i.test(text)) return text;
  const words = document.createElement("p");
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => {
      words.textContent = paragraph;
      return words.outerHTML.replaceAll("\n", "<br>");
    })
    .join("");
};

const setUp = async (box) => {
  box.setAttribute("data-ready", "");
  const parts = await import(box.dataset.rich);
  if (!box.isConnected) return;
  const field = box.querySelector("textarea");
  const label = box.querySelector("label");
  const tools = box.querySelector("[data-rich-tools]");
  const place = document.createElement("div");
  const said = {
    id: `${field.id}-text`,
    class: "form-control prose rich-text",
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": label.id,
    dir: "auto",
  };
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (field.hasAttribute(name)) said[name] = field.getAttribute(name);
  }
  let asItCame = null;
  const editor = new parts.Editor({
    element: place,
    extensions: extensionsFrom(parts),
    content: quiet(box.querySelector("[data-rich-text]").content.textContent),
    injectCSS: false, // our policy allows no style in the page
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: { attributes: said, transformPastedHTML: withoutStyle },
    onUpdate: () => {
      // What is as it came is no change, however it is spelled.
      field.value = asItCame && editor.state.doc.eq(asItCame) ? field.defaultValue : htmlOf(parts, editor);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    onTransaction: ({ editor: now }) => {
      for (const [name, state] of Object.entries(states)) {
        tools.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(now.isActive(state)));
      }
    },
  });
  asItCame = editor.state.doc;
  editors.add(editor);
  field.before(place);
  tools.hidden = false;
  tools.setAttribute("aria-controls", said.id);
  walk(tools);

  const openLink = linking(box, editor);
  const source = tools.querySelector("[data-do='html']");
  const show = (asSource) => {
    place.hidden = asSource;
    field.hidden = !asSource;
    source.setAttribute("aria-pressed", String(asSource));
    tools.querySelectorAll("button").forEach((button) => {
      button.classList.toggle("rests", asSource && button !== source);
    });
    if (asSource) label.htmlFor = field.id;
    else label.removeAttribute("for");
  };
  const isSource = () => !field.hidden;
  tools.addEventListener("click", (event) => {
    const name = event.target.closest("button")?.dataset.do;
    if (name === "html") {
      if (isSource() && field.value !== field.defaultValue)
        editor.commands.setContent(quiet(asHtml(field.value)), { emitUpdate: true });
      show(!isSource());
      if (isSource()) field.focus();
      else editor.commands.focus();
    } else if (name === "link" && !isSource()) openLink();
    else if (commands[name] && !isSource()) commands[name](editor.chain().focus()).run();
  });
  place.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    openLink();
  });
  // The browser tells where the cursor went a moment later than the next key may come.
  place.addEventListener(
    "keydown",
    (event) => {
      if (!event.isComposing) document.dispatchEvent(new Event("selectionchange"));
    },
    true,
  );
  label.addEventListener("click", () => {
    if (!isSource()) editor.commands.focus();
  });
  // A message at the head of the form leads to the field.
  box.closest("form").addEventListener("click", (event) => {
    if (isSource() || !event.target.closest(`a[href="#${field.id}"]`)) return;
    event.preventDefault();
    editor.commands.focus();
  });
  const wantsFocus = document.activeElement === field;
  show(field.value !== field.defaultValue); // whoever has begun to type goes on there
  if (wantsFocus && !isSource()) {
    editor.commands.focus(null, { scrollIntoView: false });
    tools.scrollIntoView({ block: "center" });
  }
};
const settle = () => {
  for (const editor of editors) {
    if (editor.view.dom.isConnected) continue;
    editor.destroy();
    editors.delete(editor);
  }
  document.querySelectorAll("[data-rich]:not([data-ready])").forEach(setUp);
};
document.addEventListener("htmx:afterSettle", settle);
settle();
