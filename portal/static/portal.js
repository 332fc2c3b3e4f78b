// What the pages gain with JavaScript; each of them works without this file.
(() => {
  "use strict";

  // Menus: <details class="menu-box"> with Escape, arrow keys and a click elsewhere.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  const entries = (menu) => [...menu.querySelectorAll(".menu a, .menu button")];
  const closeMenu = (menu, focus) => {
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      const inside = menu.contains(event.target);
      if (!inside) closeMenu(menu, false);
      else if (event.target.closest(".menu a, .menu button:not([aria-disabled])")) closeMenu(menu, true);
    });
    if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-menu]");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      closeMenu(menu, true);
      event.stopPropagation();
      event.preventDefault();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step && !["Home", "End"].includes(event.key)) return;
    menu.open = true;
    const list = entries(menu);
    const here = list.indexOf(document.activeElement);
    const next = { Home: 0, End: list.length - 1 }[event.key] ?? (here < 0 && step < 0 ? -1 : here + step);
    list.at(next % list.length)?.focus();
    event.preventDefault();
  });

  // A part that comes anew by itself leaves the menu open that somebody has opened in it, and the focus where it was.
  const stops = (menu) => [menu.querySelector("summary"), ...entries(menu)];
  let opened = [];
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    opened = [...openMenus()].filter((menu) => detail.target.contains(menu))
      .map((menu) => [menu.querySelector("summary").id, stops(menu).indexOf(document.activeElement)]);
  });
  document.addEventListener("htmx:afterSwap", () => {
    opened.splice(0).forEach(([summary, focused]) => {
      const menu = summary && document.getElementById(summary)?.closest("details[data-menu]");
      if (!menu) return;
      menu.open = true;
      stops(menu)[focused]?.focus();
    });
  });

  // Rows that are ticked: all of a page, or with Shift all between two; the bar below says how many.
  let lastPick = null;
  const picks = () => [...document.querySelectorAll(".pick input[name]")];
  const countPicks = () => {
    const number = picks().filter((box) => box.checked).length;
    document.querySelectorAll("[data-picked]").forEach((words) => { words.textContent = `${number} selected`; });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) picks().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.closest(".pick")) countPicks();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.matches(".pick input[name]")) return;
    const boxes = picks();
    const [from, to] = [boxes.indexOf(lastPick), boxes.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) boxes.slice(from, to).forEach((box) => { box.checked = event.target.checked; });
    lastPick = event.target;
  });

  // One of a list fills the field beside it; who types there has chosen none of the list.
  document.addEventListener("input", (event) => {
    const { fills } = event.target.dataset;
    if (fills) document.getElementById(fills).value = event.target.value;
    else document.querySelectorAll(`[data-fills="${CSS.escape(event.target.id)}"]`).forEach((each) => { each.checked = each.value === event.target.value; });
  });
  // A row of a mapper is judged while it is edited: what was wrong with it before is that no longer.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".map-row .is-invalid")) return;
    target.classList.remove("is-invalid");
    target.removeAttribute("aria-invalid");
  });
  // htmx knows only the buttons inside a form; Next and Done stand in the window's foot.
  document.addEventListener("submit", (event) => {
    event.target.querySelector("[data-pressed]")?.remove();
    const button = event.submitter;
    if (!button?.name || event.target.contains(button)) return;
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
    pressed.setAttribute("data-pressed", "");
    event.target.append(pressed);
  }, true);

  // Answers that nobody planned for: a proxy's error page must not land inside the page, silence must not stay silent.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (xhr.status < 400 || xhr.status === 422) return;
    if (xhr.getResponseHeader("HX-Retarget")) return tellWhetherBegun(requestConfig); // it says itself what went wrong
    event.detail.shouldSwap = false;
    if (!xhr.getResponseHeader("HX-Redirect")) tellFailure(event.detail, "failed", xhr.status);
  });
  document.addEventListener("htmx:sendError", (event) => tellFailure(event.detail, "unreachable"));
  document.addEventListener("htmx:timeout", (event) => tellFailure(event.detail, "unreachable"));
  // A poll is silent: it asks again by itself. Whether a sync began is looked up (E2b).
  const tellFailure = ({ requestConfig }, name, status) => {
    const { elt, verb } = requestConfig;
    if (elt.getAttribute("hx-trigger")?.startsWith("every")) return;
    const toast = document.getElementById(name).content.cloneNode(true);
    const place = toast.querySelector("[data-status]");
    if (place) place.textContent = status;
    const asked = verb === "post";
    toast.querySelector("[data-of-change]").hidden = !asked;
    document.getElementById("toasts").append(toast);
    document.dispatchEvent(new CustomEvent("toasted"));
    tellWhetherBegun(requestConfig);
  };
  const tellWhetherBegun = ({ elt, verb }) => {
    if (verb === "post" && elt.hasAttribute("data-starts-sync")) lookForSync(elt);
  };
  const lookForSync = async (form) => {
    const words = await fetch(form.dataset.startsSync, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : null), () => null);
    const [toast, head] = [document.createElement("template"), document.createElement("template")];
    head.innerHTML = words ?? "";
    const newest = (place) => place.querySelector("[data-newest-run]")?.dataset.newestRun;
    const began = newest(head.content) !== newest(document); // a quick one is over by now
    toast.innerHTML = document.getElementById(words === null ? "sync-unknown" : began ? "sync-began" : "sync-not-begun").innerHTML;
    document.getElementById("toasts").append(toast.content);
    document.dispatchEvent(new CustomEvent("toasted"));
    if (began) document.body.dispatchEvent(new CustomEvent("runChanged"));
  };

  // The dialog: the integration window over the page it was opened from.
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
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) answerInnermost(document);
  });
  const watchDialog = (box) => {
    if (box.hasAttribute("data-watched")) return;
    box.setAttribute("data-watched", "");
    const answerEscape = (event) => {
      event.preventDefault();
      if (!answerInnermost(box)) closeDialog();
    };
    // A browser that is asked for Escape again and again closes a dialog without asking back: the key itself is taken.
    box.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) answerEscape(event); });
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

  // A secret that was typed and a file that was chosen are not sent back: they stay in the browser when the form comes
  // again with an error. A file that was refused itself is to be chosen anew: browsers do not send one that was changed.
  const kept = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    kept.clear();
    if (event.detail.xhr.status !== 422) return;
    event.detail.target.querySelectorAll("input[data-kept], input[type='file']").forEach(({ id, value, type, files }) => {
      kept.set(id, files ? { files } : { value, type });
    });
  });
  document.addEventListener("htmx:afterSettle", () => {
    kept.forEach((values, id) => {
      const field = document.getElementById(id);
      if (field && !(values.files && field.matches("[aria-invalid='true']"))) Object.assign(field, values);
    });
    kept.clear();
  });
  // After a swap: focus where the page says, and show what only scripts can do. It settles at once (base.html): with
  // htmx's own delay of 20 ms the focus would be taken away from whoever has begun to type by then.
  const settle = (root) => {
    root.querySelectorAll("[data-reveal][hidden], [data-copy][hidden], [data-pick-all][hidden], [data-fills][hidden]").forEach((button) => { button.hidden = false; });
    root.querySelectorAll("input[data-zone]").forEach((field) => { field.value = Intl.DateTimeFormat().resolvedOptions().timeZone; });
    root.querySelectorAll("time[data-moment]").forEach((element) => {
      const format = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
      if (element.dataset.moment === "weekday") format.weekday = "long";
      element.textContent = new Intl.DateTimeFormat("en-GB", format).format(new Date(element.dateTime)).replace(" at ", ", ");
      element.removeAttribute("data-moment");
    });
  };
  // Who pressed what a swap takes away goes on at what stands for it: of the same name, else in the same place. A button
  // that waits for its answer has the focus no more.
  const pressed = new WeakMap();
  const controlsIn = (part) => [...part.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((control) => control.checkVisibility());
  const nameOf = (control) => control.tagName + (control.getAttribute("aria-label") ?? control.innerText);
  let left = null;
  document.addEventListener("htmx:beforeRequest", ({ detail: { xhr } }) => pressed.set(xhr, document.activeElement));
  document.addEventListener("htmx:beforeSwap", ({ detail: { target, xhr } }) => {
    const focused = pressed.get(xhr)?.disabled ? pressed.get(xhr) : document.activeElement;
    left = target.contains(focused) && { name: nameOf(focused), place: controlsIn(target).indexOf(focused) };
  });
  const goOnIn = (part) => {
    const controls = controlsIn(part);
    const next = [
      part.querySelector("[data-focus-else]"), controls.find((control) => nameOf(control) === left.name),
      ...controls.slice(Math.max(left.place, 0)), ...controls.reverse(),
    ].find((control) => control && !control.disabled);
    if (!next) part.tabIndex = -1;
    (next ?? part).focus();
  };
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    if (document.activeElement === document.body && pressed.get(xhr)?.isConnected) pressed.get(xhr).focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    settle(document);
    const target = event.detail.target;
    if (target?.isConnected || target?.id) {
      const shown = document.getElementById(target.id) ?? target;
      (shown.querySelector("[aria-invalid='true']") ?? shown.querySelector("[data-focus]"))?.focus();
      if (left && document.activeElement === document.body) goOnIn(shown);
    }
  });
  // An address says what is looked for, and nothing of what is not.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const sent = detail.elt.matches("form[role='search']") ? detail.parameters : {};
    Object.keys(sent).forEach((name) => { if (sent[name] === "") delete sent[name]; });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.querySelector(".bi").className = shown ? "bi bi-eye" : "bi bi-eye-slash";
  });
  // A colour is chosen instead of typed.
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.fills) document.getElementById(event.target.dataset.fills).value = event.target.value;
  });
  // A link to hand on: selected as soon as it is reached, copied with a button.
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-selects]")) event.target.select(); });
  document.querySelector("[data-selects][autofocus]")?.select();
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    // Browsers give the clipboard only to HTTPS and to this machine; elsewhere the older way is left.
    const copied = navigator.clipboard ? await navigator.clipboard.writeText(field.value).then(() => true, () => false) : document.execCommand("copy");
    button.querySelector("[data-word]").textContent = copied ? "Copied" : "Press Ctrl+C";
  });
  // A headshot that its server no longer has leaves no broken picture.
  const hideBroken = (image) => { image.hidden = true; };
  document.addEventListener("error", (event) => { if (event.target.matches?.("img.portrait")) hideBroken(event.target); }, true);
  document.querySelectorAll("img.portrait").forEach((image) => { if (image.complete && !image.naturalWidth) hideBroken(image); });
  settle(document);

  // A narrow screen has the navigation in one row: where one is stands in sight.
  const row = document.querySelector(".side .links");
  const here = row?.querySelector("[aria-current]");
  if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
})();
