// What fields gain: they fill one another, show what is typed, and give themselves to be copied.
(() => {
  "use strict";
  // One of a list fills the field beside it; who types there has chosen none of the list.
  document.addEventListener("input", (event) => {
    const { fills } = event.target.dataset;
    if (fills) document.getElementById(fills).value = event.target.value;
    else
      document.querySelectorAll(`[data-fills="${CSS.escape(event.target.id)}"]`).forEach((each) => {
        each.checked = each.value === event.target.value;
      });
  });
  // A row of a mapper is judged while it is edited: what was wrong with it before no longer counts.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".map-row .is-invalid")) return;
    target.classList.remove("is-invalid");
    target.removeAttribute("aria-invalid");
  });

  // A secret is shown while it is typed.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.querySelector(".bi").className = shown ? "bi bi-eye" : "bi bi-eye-slash";
  });

  // A link to hand on: selected as soon as it is reached, copied with a button.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-selects]")) event.target.select();
  });
  document.querySelector("[data-selects][autofocus]")?.select();
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    // Browsers give the clipboard only to HTTPS and to this machine; elsewhere the older way is left.
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(field.value).then(
          () => true,
          () => false,
        )
      : document.execCommand("copy");
    button.querySelector("[data-word]").textContent = copied ? "Copied" : "Press Ctrl+C";
  });
})();
