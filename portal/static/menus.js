// Menus: <details data-menu> with Escape, arrow keys and a click elsewhere.
(() => {
  "use strict";
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
    opened = [...openMenus()]
      .filter((menu) => detail.target.contains(menu))
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
})();
