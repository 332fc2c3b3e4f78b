// What a swap must not take away: a secret that was typed, a file that was chosen, and the focus.
(() => {
  "use strict";
  // A secret that was typed and a file that was chosen are not sent back: they stay in the browser when the form comes
  // again with an error. A file that was refused itself is to be chosen anew: browsers send none that was changed.
  const kept = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    kept.clear();
    if (event.detail.xhr.status !== 422) return;
    event.detail.target
      .querySelectorAll("input[data-kept], input[type='file']")
      .forEach(({ id, value, type, files }) => {
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

  // Whoever pressed something that a swap takes away goes on at what replaces it: of the same name, else in the same
  // place. A button that waits for its answer no longer has the focus.
  const pressed = new WeakMap();
  const controlsIn = (part) =>
    [...part.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((control) =>
      control.checkVisibility(),
    );
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
      part.querySelector("[data-focus-else]"),
      controls.find((control) => nameOf(control) === left.name),
      ...controls.slice(Math.max(left.place, 0)),
      ...controls.reverse(),
    ].find((control) => control && !control.disabled);
    if (!next) part.tabIndex = -1;
    (next ?? part).focus();
  };
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    if (document.activeElement === document.body && pressed.get(xhr)?.isConnected) pressed.get(xhr).focus();
  });
  // It settles at once (base.html): with htmx's own delay of 20 ms the focus would be taken away from whoever has begun
  // to type by then.
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (target?.isConnected || target?.id) {
      const shown = document.getElementById(target.id) ?? target;
      (shown.querySelector("[aria-invalid='true']") ?? shown.querySelector("[data-focus]"))?.focus();
      if (left && document.activeElement === document.body) goOnIn(shown);
    }
  });
})();
