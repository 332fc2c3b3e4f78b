// A page with a bar at its foot scrolls above the bar: keys find what scrolls, and who comes back finds their place.
(() => {
  "use strict";
  const place = () => document.querySelector(".above-foot");
  const keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "];
  document.addEventListener("keydown", ({ target, key }) => {
    const part = place();
    if (!part || !keys.includes(key) || !target.matches("body, main")) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    part.addEventListener("blur", () => part.removeAttribute("tabindex"), { once: true });
  });
  document.addEventListener(
    "scrollend",
    ({ target }) => {
      if (target === place()) history.replaceState({ ...history.state, above: target.scrollTop }, "");
    },
    true,
  );
  if (history.state?.above) place()?.scrollTo(0, history.state.above);
})();
