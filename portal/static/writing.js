// A small editor in place of a field that holds HTML; without this file the field itself is there.
(() => {
  "use strict";
  const commands = { heading: ["formatBlock", "h3"], text: ["formatBlock", "p"], bold: ["bold"], italic: ["italic"], bullets: ["insertUnorderedList"], numbers: ["insertOrderedList"] };
  const states = { bold: "bold", italic: "italic", bullets: "insertUnorderedList", numbers: "insertOrderedList" };

  const setUp = (box) => {
    box.setAttribute("data-ready", "");
    const field = box.querySelector("textarea");
    const text = document.createElement("div");
    const tools = box.querySelector("[data-rich-tools]");
    const label = box.querySelector("label");
    const buttons = [...tools.querySelectorAll("button")];
    text.id = `${field.id}-text`;
    text.className = "form-control prose rich-text";
    const said = { contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, dir: "auto" };
    Object.entries(said).forEach(([name, value]) => text.setAttribute(name, value));
    text.append(box.querySelector("[data-rich-text]").content.cloneNode(true));
    field.before(text);
    tools.hidden = false;
    tools.setAttribute("aria-controls", text.id);
    field.hidden = true;
    label.removeAttribute("for");
    if (field.getAttribute("aria-invalid")) text.setAttribute("aria-invalid", "true");
    if (field.getAttribute("aria-describedby")) text.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    label.addEventListener("click", () => text.focus());
    document.execCommand("defaultParagraphSeparator", false, "p");

    const take = () => {
      field.value = text.textContent.trim() || text.querySelector("img") ? text.innerHTML : "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    text.addEventListener("input", take);
    // Of what is pasted the words alone: other programs bring their whole style along.
    text.addEventListener("paste", (event) => {
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    });
    const link = () => {
      const typed = window.prompt("Address of the link (empty removes it)", "https://");
      if (typed === null) return;
      const address = typed.trim().replace(/^(?![a-z]+:)/i, "https://");
      if (/^(https?:\/\/.+|mailto:.+|tel:.+)/i.test(address)) document.execCommand("createLink", false, address);
      else document.execCommand("unlink");
    };
    tools.addEventListener("click", (event) => {
      const name = event.target.closest("button")?.dataset.do;
      if (!name) return;
      if (name === "html") {
        text.remove();
        tools.hidden = true;
        field.hidden = false;
        label.htmlFor = field.id;
        field.focus();
        return;
      }
      text.focus();
      if (name === "link") link();
      else document.execCommand(commands[name][0], false, commands[name][1]);
      take();
    });
    // One stop of the Tab key; the arrows go from button to button.
    buttons.forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
    tools.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const here = buttons.indexOf(document.activeElement);
      if (!step || here < 0) return;
      const next = buttons[(here + step + buttons.length) % buttons.length];
      buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
      next.focus();
      event.preventDefault();
    });
    // The mouse must not take the selection away.
    tools.addEventListener("mousedown", (event) => event.preventDefault());
    document.addEventListener("selectionchange", () => {
      if (!text.isConnected || !text.contains(document.getSelection()?.anchorNode)) return;
      for (const [name, command] of Object.entries(states)) {
        tools.querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(document.queryCommandState(command)));
      }
    });
    if (field.hasAttribute("autofocus")) text.focus();
  };
  const settle = () => document.querySelectorAll("[data-rich]:not([data-ready])").forEach(setUp);
  document.addEventListener("htmx:afterSettle", settle);
  settle();
})();
