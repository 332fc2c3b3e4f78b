// The dialog: the integration window over the page it was opened from.
(() => {
  "use strict";
  const dialog = () => document.getElementById("dialog");
  let opener = null;
  let underneath = ""; // the page's own address, while the bar shows the dialog's
  const closeDialog = () => {
    const close = () => dialog().close();
    // What was not saved yet has a word in it (unsaved.js).
    if (document.dispatchEvent(new CustomEvent("closing", { cancelable: true, detail: { close } }))) close();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")?.closest("dialog")) {
      event.preventDefault();
      closeDialog();
    }
  });
  // A question is answered by Escape, in the dialog before it closes, and where the window is a page of its own.
  const answerInnermost = (place) => {
    const innermost = [...place.querySelectorAll("[data-escape]")].at(-1);
    innermost?.click();
    return innermost;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]"))
      answerInnermost(document);
  });
  const watchDialog = (box) => {
    if (box.hasAttribute("data-watched")) return;
    box.setAttribute("data-watched", "");
    const answerEscape = (event) => {
      event.preventDefault();
      if (!answerInnermost(box)) closeDialog();
    };
    // A browser that is asked for Escape again and again closes a dialog without asking back: the key itself is taken.
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) answerEscape(event);
    });
    box.addEventListener("cancel", answerEscape);
    box.addEventListener("close", () => {
      if (underneath) history.replaceState(history.state, "", underneath);
      underneath = "";
      document.body.append(document.getElementById("toasts"));
      box.replaceChildren();
      document.body.dispatchEvent(new CustomEvent("dialogClosed"));
      (document.getElementById(opener) ?? document.getElementById("main"))?.focus();
    });
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === dialog()) underneath = window.location.href;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const box = dialog();
    if (!box || event.detail.target !== box || box.open || !box.childElementCount) return;
    opener = event.detail.requestConfig.elt.id;
    watchDialog(box);
    box.showModal();
    // A modal dialog covers everything outside it, messages too.
    box.append(document.getElementById("toasts"));
    box.querySelector("[data-focus]")?.focus();
  });
  // Where the window is a page of its own, the browser's Back leads a step back.
  document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history: update } }) => {
    const [here, there] = [window.location.href, update.path].map((address) => new URL(address, window.location.href));
    const step = ({ searchParams }) => searchParams.get("step");
    if (!dialog()?.open && here.pathname === there.pathname && step(here) !== step(there)) update.type = "push";
  });
})();
